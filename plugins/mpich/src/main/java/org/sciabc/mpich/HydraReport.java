// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.mpich;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sciabc.mpich.TakenLines.Verdict;
import org.sciabc.spi.ExitStatus;

/**
 * What Hydra itself says of a job's end: taken out of standard error, kept until the job has ended, and then said there as one
 * paragraph.
 *
 * <p>Hydra ends with the bare number of the signal that ended a process, as if the program had returned it; which of the two
 * it was, it says in words alone. Where its proxies fail over each other's end it says no more than the number, and ends
 * with 255: then numbers of signals that programs die of are taken for them.
 */
final class HydraReport {
    /** What a reader of standard error takes for the borders of a launcher's paragraph, as Open MPI draws them. */
    private static final String BORDER = "-".repeat(74) + "\n";

    private static final int LONGEST = 8 << 10;

    /** What mpiexec ends with when it, and not the job, has failed. */
    private static final int FAILED = 255;

    /** ILL, ABRT, BUS, FPE, KILL, SEGV. */
    private static final Set<Integer> DEADLY = Set.of(4, 6, 7, 8, 9, 11);

    private static final Pattern SIGNAL =
            Pattern.compile("APPLICATION TERMINATED WITH THE EXIT STRING: .*\\(signal (\\d{1,2})\\)");
    private static final Pattern CODE = Pattern.compile("=   EXIT CODE: (\\d{1,3})");
    private static final String RULE = "=".repeat(83);
    private static final String WITHIN = "=   ";
    private static final Pattern OWN = Pattern.compile(WITHIN
            + "(?:BAD TERMINATION OF ONE|PID \\d+ RUNNING AT|EXIT CODE: |CLEANING UP REMAINING|YOU CAN IGNORE).*"
            + "|YOUR APPLICATION TERMINATED WITH THE EXIT STRING: .*"
            + "|This typically refers to a problem with your application\\..*"
            + "|Please see the FAQ page for debugging suggestions.*"
            + "|\\[(?:mpiexec|proxy:\\d+:\\d+)@[^\\]]*\\] .*"
            + "|HYD\\w+ \\([a-z_/]+\\.c:\\d+\\): .*");

    private final StringBuilder said = new StringBuilder();
    private boolean isWithinRules;

    /** Standard error without what Hydra says there. */
    TakenLines without(OutputStream err) {
        return new TakenLines(err, "=YTP[H", this::judge);
    }

    /** The status as a shell counts. */
    synchronized ExitStatus statusOf(ExitStatus status) {
        Matcher named = SIGNAL.matcher(said);
        if (named.find()) {
            int signal = Integer.parseInt(named.group(1));
            return status.code() == signal || status.code() == FAILED ? ExitStatus.signalled(signal) : status;
        }
        Matcher number = CODE.matcher(said);
        if (status.code() != FAILED || !number.find()) {
            return status;
        }
        int code = Integer.parseInt(number.group(1));
        return DEADLY.contains(code) ? ExitStatus.signalled(code) : new ExitStatus(code & 0xFF);
    }

    /** Says it. */
    synchronized void writeTo(OutputStream err) throws IOException {
        if (!said.isEmpty()) {
            err.write((BORDER + said + BORDER).getBytes(StandardCharsets.ISO_8859_1));
            err.flush();
        }
    }

    /** Programs draw such rules, too: it is Hydra's where a line of its paragraph comes before it or after it. */
    private synchronized Verdict judge(String line) {
        if (line.equals(RULE)) {
            Verdict verdict = isWithinRules ? Verdict.TAKEN : Verdict.TAKEN_WITH_NEXT;
            isWithinRules = false;
            return verdict;
        }
        if (!OWN.matcher(line).matches()) {
            return Verdict.PASSED;
        }
        isWithinRules = line.startsWith(WITHIN);
        if (said.length() + line.length() < LONGEST) {
            said.append(line).append('\n');
        }
        return Verdict.TAKEN;
    }
}
