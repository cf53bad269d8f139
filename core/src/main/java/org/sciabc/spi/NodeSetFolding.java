// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes names in folded form. Each name is folded over one of its numbers: over the last one that it does not share with
 * its like, so that {@code 10.0.0.1:22} and {@code 10.0.0.2:22} meet in {@code 10.0.0.[1-2]:22}.
 */
final class NodeSetFolding {
    /** Longer runs of digits are serial numbers rather than counters, and are left as they are. */
    private static final Pattern NUMBER = Pattern.compile("(?<![0-9])[0-9]{1,9}(?![0-9])");

    /** More numbers than these in one name (a UUID has many) are not looked at. */
    private static final int MOST_NUMBERS = 8;

    /** What the names of one fold share. */
    private record Like(String before, String after) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Like that && before.equals(that.before) && after.equals(that.after);
        }

        @Override
        public int hashCode() {
            return Objects.hash(before, after);
        }
    }

    private record Member(String name, String digits) {
        int number() {
            return Integer.parseInt(digits);
        }

        int width() {
            return digits.startsWith("0") ? digits.length() : 1;
        }

        /** Whether a range that began with that width would go on with these digits. */
        boolean follows(Member last, int width) {
            return number() == last.number() + 1 && digits.equals(NodeSetParser.padded(number(), width));
        }
    }

    private NodeSetFolding() {}

    static String fold(List<String> names) {
        Map<String, String> foldedByFirst = new TreeMap<>(NodeSet.NATURAL_ORDER);
        List<String> rest = names;
        for (int fromLast = 0; fromLast < MOST_NUMBERS && rest.size() > 1; fromLast++) {
            rest = foldOver(fromLast, rest, foldedByFirst);
        }
        rest.forEach(name -> foldedByFirst.put(name, name));
        return String.join(",", foldedByFirst.values());
    }

    /** Folds over the number at that place, counted from the end, and returns the names that found no like. */
    private static List<String> foldOver(int fromLast, List<String> names, Map<String, String> foldedByFirst) {
        Map<Like, List<Member>> groups = new LinkedHashMap<>();
        List<String> rest = new ArrayList<>();
        for (String name : names) {
            List<MatchResult> numbers = name.indexOf('[') >= 0
                    ? List.of()
                    : NUMBER.matcher(name).results().toList();
            if (numbers.size() <= fromLast) {
                rest.add(name);
                continue;
            }
            MatchResult number = numbers.get(numbers.size() - 1 - fromLast);
            Like like = new Like(name.substring(0, number.start()), name.substring(number.end()));
            groups.computeIfAbsent(like, unseen -> new ArrayList<>()).add(new Member(name, number.group()));
        }
        groups.forEach((like, members) -> {
            if (members.size() == 1) {
                rest.add(members.get(0).name());
            } else {
                foldedByFirst.put(members.get(0).name(), like.before() + "[" + ranges(members) + "]" + like.after());
            }
        });
        rest.sort(NodeSet.NATURAL_ORDER);
        return rest;
    }

    private static String ranges(List<Member> members) {
        List<Member> sorted = members.stream()
                .sorted(Comparator.comparingInt(Member::number)
                        .thenComparingInt(member -> member.digits().length()))
                .toList();
        List<String> ranges = new ArrayList<>();
        Member first = sorted.get(0);
        Member last = first;
        for (Member next : sorted.subList(1, sorted.size())) {
            if (!next.follows(last, first.width())) {
                ranges.add(range(first, last));
                first = next;
            }
            last = next;
        }
        ranges.add(range(first, last));
        return String.join(",", ranges);
    }

    private static String range(Member first, Member last) {
        return first.name().equals(last.name()) ? first.digits() : first.digits() + "-" + last.digits();
    }
}
