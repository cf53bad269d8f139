// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * One line of a hostfile that a person wrote or that we wrote earlier: {@code [user@]address [slots=N]}, or as Hydra has it, {@code
 * address:N [user=NAME]}. Open MPI has more words for the same (PRRTE's {@code hostfile_lex.l}).
 *
 * @param number where it stands in the file, from 1
 * @param user the account, where the line names one
 * @param address a name or an address
 * @param slots the slots, where the line says
 */
public record HostfileLine(int number, Optional<String> user, String address, OptionalInt slots) {
    /** The greatest number of slots that a node may have. */
    public static final int MOST_SLOTS = 65_536;

    private static final String ACCOUNT = "[A-Za-z0-9_][A-Za-z0-9_.-]*";
    private static final Pattern FORM =
            Pattern.compile("(?:(" + ACCOUNT + ")@)?([A-Za-z0-9][A-Za-z0-9.:_%-]*)((?:\\s+[a-z_-]+=\\S+)*)");
    private static final String COUNT = "0*[1-9]\\d{0,5}";
    private static final Pattern HYDRA = Pattern.compile("([^:]+):(" + COUNT + ")");

    /** What is said behind an address. */
    private enum Key {
        SLOTS("slots|cpu|count", COUNT),
        MOST("(?:max[_-](?:slots|cpu|count))|(?:(?:slots|cpu|count)[_-]max)", COUNT),
        USER("user(?:[_-]?name)?", ACCOUNT);

        private final Pattern words;
        private final Pattern values;

        Key(String words, String values) {
            this.words = Pattern.compile(words);
            this.values = Pattern.compile(values);
        }

        /** Its value among these; absent where none is its own. */
        Optional<String> in(Map<Key, String> said) {
            return Optional.ofNullable(said.get(this));
        }
    }

    /**
     * Reads a hostfile as Open MPI does. Blank lines and what follows {@code #} are left out.
     *
     * @param name what to call the file in an error
     * @throws SciabcException naming the line that makes no sense, or that nothing is listed
     */
    public static List<HostfileLine> parse(String name, String text) throws SciabcException {
        List<HostfileLine> lines = new ArrayList<>();
        int number = 0;
        // Editors of Windows begin a file with a mark that nobody sees.
        String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
        for (String raw : plain.lines().toList()) {
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
        return read(number, line)
                .filter(read -> read.slots().orElse(1) <= MOST_SLOTS)
                .filter(read -> read.user().flatMap(Untrusted::user).equals(read.user()))
                .orElseThrow(() -> new SciabcException(
                        "cannot read the hostfile " + name,
                        "line " + number + " is '" + Untrusted.line(line, 80) + "'",
                        "a line is ADDRESS or USER@ADDRESS, where USER is no number, then 'slots=N' with N from 1 to "
                                + MOST_SLOTS + "; 'max_slots=N' and 'user=USER' may follow, and nothing else"));
    }

    /** Absent where it makes no sense. */
    private static Optional<HostfileLine> read(int number, String line) {
        Matcher matcher = FORM.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Map<Key, String> said = new EnumMap<>(Key.class);
        for (String word : matcher.group(3).strip().split("\\s+", -1)) {
            Optional<Key> key = word.isEmpty() ? Optional.empty() : key(word);
            if (!word.isEmpty() && (key.isEmpty() || said.put(key.get(), value(word)) != null)) {
                return Optional.empty();
            }
        }
        Matcher hydra = HYDRA.matcher(matcher.group(2));
        boolean isHydra = !said.containsKey(Key.SLOTS) && hydra.matches();
        Optional<String> slots =
                isHydra ? Optional.of(hydra.group(2)) : Key.SLOTS.in(said).or(() -> Key.MOST.in(said));
        return Optional.of(new HostfileLine(
                number,
                Optional.ofNullable(matcher.group(1)).or(() -> Key.USER.in(said)),
                isHydra ? hydra.group(1) : matcher.group(2),
                slots.map(count -> OptionalInt.of(Integer.parseInt(count))).orElse(OptionalInt.empty())));
    }

    private static Optional<Key> key(String word) {
        String name = word.substring(0, word.indexOf('='));
        return Stream.of(Key.values())
                .filter(key -> key.words.matcher(name).matches()
                        && key.values.matcher(value(word)).matches())
                .findFirst();
    }

    private static String value(String word) {
        return word.substring(word.indexOf('=') + 1);
    }
}
