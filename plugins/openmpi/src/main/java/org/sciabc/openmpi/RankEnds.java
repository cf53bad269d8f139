// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.time.Duration;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.sciabc.openmpi.RankScript.Greeting;
import org.sciabc.openmpi.RankScript.Greeting.Kind;
import org.sciabc.spi.ExitStatus;

/**
 * Which processes of a job have begun, which of their streams are there to their end, how they ended, and what each is to
 * tell PRRTE. That ends a job when a process fails, and 3.0.8 often ends itself when several do: it hears of one, and of
 * none when all have ended anyway.
 */
final class RankEnds {
    /** How long a failure is kept from PRRTE, while the others may be ending, too. */
    static final Duration PATIENCE = Duration.ofMillis(200);

    /** What a shell adds to the number of a signal. */
    private static final int OF_SIGNALS = 128;

    private static final int MOST_SIGNALS = 64;

    /** Those that say something of a program, as Linux and most others number them. */
    private static final Map<Integer, String> SIGNALS = Map.of(
            4, "illegal instruction",
            6, "aborted",
            7, "bus error",
            8, "arithmetic error",
            9, "killed",
            11, "segmentation fault",
            15, "terminated");

    private final int ranks;
    private final Set<Greeting> begun = new HashSet<>();
    private final Set<Greeting> open = new HashSet<>();
    private final BitSet out = new BitSet();
    private final BitSet err = new BitSet();
    private final Map<Integer, Integer> untold = new LinkedHashMap<>();
    private int firstFailure;
    private int firstFailed;
    private long failedAt;
    private boolean isTold;

    RankEnds(int ranks) {
        this.ranks = ranks;
    }

    int ranks() {
        return ranks;
    }

    /** Returns whether this stream is new. */
    synchronized boolean begin(Greeting stream) {
        if (!begun.add(stream)) {
            return false;
        }
        if (stream.kind() != Kind.IN) {
            open.add(stream);
        }
        notifyAll();
        return true;
    }

    /** Whether all processes wait for the word to start; the first has its input, too. */
    synchronized boolean haveBegun() {
        return begun.size() == 2 * ranks + 1;
    }

    /** Whether all processes have begun and none of them has gone since. */
    synchronized boolean areWaiting() {
        return haveBegun() && open.size() == 2 * ranks;
    }

    synchronized void end(Greeting stream, int status, long now) {
        (stream.kind() == Kind.OUT ? out : err).set(stream.rank());
        if (out.get(stream.rank()) && err.get(stream.rank())) {
            untold.put(stream.rank(), Math.min(255, status));
            if (status != 0 && firstFailure == 0) {
                firstFailure = Math.min(255, status);
                firstFailed = stream.rank();
                failedAt = now;
            }
        }
        close(stream);
    }

    synchronized void close(Greeting stream) {
        open.remove(stream);
        notifyAll();
    }

    /** What each of those that have ended is to end with, told once. */
    synchronized Map<Integer, Integer> answers(long now) {
        Map<Integer, Integer> answers = new LinkedHashMap<>();
        boolean isTime = isWhole() || isTold || now - failedAt > PATIENCE.toNanos();
        untold.forEach((rank, status) -> {
            if (status == 0 || isTime) {
                answers.put(rank, status == 0 || isWhole() || isTold ? 0 : status);
                isTold |= status != 0;
            }
        });
        untold.keySet().removeAll(answers.keySet());
        return answers;
    }

    /** Whether somebody waits for an answer that takes its time. */
    synchronized boolean isAnswerDue() {
        return !untold.isEmpty();
    }

    /** Whether everything that the job wrote is here. */
    synchronized boolean isWhole() {
        return out.cardinality() == ranks && err.cardinality() == ranks;
    }

    /** A process whose output is not whole. */
    synchronized OptionalInt missing() {
        for (int rank = 0; rank < ranks; rank++) {
            if (!out.get(rank) || !err.get(rank)) {
                return OptionalInt.of(rank);
            }
        }
        return OptionalInt.empty();
    }

    /** How the first process ended that did not end well. */
    synchronized Optional<ExitStatus> failure() {
        return firstFailure == 0 ? Optional.empty() : Optional.of(new ExitStatus(firstFailure));
    }

    /** Which signal ended that one, in words; absent when none did, as far as a status tells. */
    synchronized Optional<String> signal() {
        int number = firstFailure - OF_SIGNALS;
        return number > 0 && number <= MOST_SIGNALS
                ? Optional.of("rank " + firstFailed + " was ended by signal " + number
                        + Optional.ofNullable(SIGNALS.get(number))
                                .map(name -> " (" + name + ")")
                                .orElse(""))
                : Optional.empty();
    }

    /** Waits until everything is here, or nothing more can come, but no longer than this. */
    synchronized void await(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        for (long left = atMost.toMillis(); left > 0 && !open.isEmpty(); left = millisTo(end)) {
            wait(left);
        }
    }

    private static long millisTo(long end) {
        return (end - System.nanoTime()) / 1_000_000;
    }
}
