// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * One line of a hostfile that a person wrote or that we wrote earlier: {@code [user@]address [slots=N]}, or as Hydra has it, {@code
 * address:N [user=NAME]}.
 *
 * @param number where it stands in the file, from 1
 * @param user the account, where the line names one
 * @param address a name or an address
 * @param slots the slots, where the line says
 */
public record HostfileLine(int number, Optional<String> user, String address, OptionalInt slots) {
    /** The greatest number of slots that a node may have. */
    public static final int MOST_SLOTS = 65_536;

    private static final Pattern FORM = Pattern.compile(
            "(?:([A-Za-z0-9_][A-Za-z0-9_.-]*)@)?([A-Za-z0-9][A-Za-z0-9.:_%-]*)((?:\\s+[a-z_-]+=\\S+)*)");
    private static final String COUNT = "0*[1-9]\\d{0,5}";
    private static final Pattern HYDRA = Pattern.compile("([^:]+):(" + COUNT + ")");
    private static final Pattern USER = Pattern.compile("(?<!\\S)user=([A-Za-z0-9_][A-Za-z0-9_.-]*)(?!\\S)");
    private static final Pattern SLOTS = Pattern.compile("(?<!\\S)slots=(\\S*)");

    /**
     * Reads a hostfile as Open MPI does. Blank lines and what follows {@code #} are left out.
     *
     * @param name what to call the file in an error
     * @throws SciabcException naming the line that makes no sense, or that nothing is listed
     */
    public static List<HostfileLine> parse(String name, String text) throws SciabcException {
        List<HostfileLine> lines = new ArrayList<>();
        int number = 0;
        for (String raw : text.lines().toList()) {
            number++;
            String line =
                    raw.replaceFirst("#.*", "").replaceAll("\\s*=\\s*", "=").strip();
            if (!line.isEmpty()) {
                lines.add(parseLine(name, number, line));
            }
        }
        if (lines.isEmpty()) {
            throw new SciabcException(
                    "no nodes in the hostfile " + name, "", "'sciabc hostfile -o " + name + "' writes one");
        }
        return List.copyOf(lines);
    }

    private static HostfileLine parseLine(String name, int number, String line) throws SciabcException {
        Matcher matcher = FORM.matcher(line);
        Matcher slots = SLOTS.matcher(line);
        boolean hasSlots = slots.find();
        if (matcher.matches() && (!hasSlots || slots.group(1).matches(COUNT))) {
            HostfileLine read = line(number, line, matcher, hasSlots ? slots.group(1) : "");
            if (read.slots().orElse(1) <= MOST_SLOTS
                    && read.user().flatMap(Untrusted::user).equals(read.user())) {
                return read;
            }
        }
        throw new SciabcException(
                "cannot read the hostfile " + name,
                "line " + number + " is '" + Untrusted.line(line, 80) + "'",
                "a line is ADDRESS or USER@ADDRESS, where USER is no number, then 'slots=N' with N from 1 to "
                        + MOST_SLOTS);
    }

    private static HostfileLine line(int number, String line, Matcher matcher, String slots) {
        Matcher hydra = HYDRA.matcher(matcher.group(2));
        if (slots.isEmpty() && hydra.matches()) {
            Matcher user = USER.matcher(line);
            return new HostfileLine(
                    number,
                    Optional.ofNullable(matcher.group(1))
                            .or(() -> user.find() ? Optional.of(user.group(1)) : Optional.empty()),
                    hydra.group(1),
                    OptionalInt.of(Integer.parseInt(hydra.group(2))));
        }
        return new HostfileLine(
                number,
                Optional.ofNullable(matcher.group(1)),
                matcher.group(2),
                slots.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(slots)));
    }
}
