// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.util.Arrays;
import java.util.Optional;

/**
 * The form that nearly every range of versions has: bounds that are joined by {@code &}, of three numbers each, such as
 * {@code >=0.1.0 & <0.2.0}. Every other form is pf4j's to read; its reader loads sixty classes at each start.
 */
final class PlainRange {
    private PlainRange() {}

    /** Whether the range holds the version; empty when one of them is of another form. */
    static Optional<Boolean> holds(String range, String version) {
        int[] present = numbers(version);
        boolean held = true;
        for (String part : range.split("&", -1)) {
            String bound = part.strip();
            int digits = 0;
            while (digits < bound.length() && "<>=".indexOf(bound.charAt(digits)) >= 0) {
                digits++;
            }
            int[] limit = numbers(bound.substring(digits).strip());
            String operator = bound.substring(0, digits);
            if (present.length == 0 || limit.length == 0 || !isOperator(operator)) {
                return Optional.empty();
            }
            held &= isWithin(operator, Arrays.compare(present, limit));
        }
        return Optional.of(held);
    }

    private static boolean isOperator(String text) {
        return switch (text) {
            case ">=", ">", "<=", "<", "=" -> true;
            default -> false;
        };
    }

    private static boolean isWithin(String operator, int order) {
        return switch (operator) {
            case ">=" -> order >= 0;
            case ">" -> order > 0;
            case "<=" -> order <= 0;
            case "<" -> order < 0;
            default -> order == 0;
        };
    }

    /** The three numbers of a version; none when it has another form. */
    private static int[] numbers(String version) {
        String[] parts = version.split("\\.", -1);
        int[] numbers = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].isEmpty() || parts[i].length() > 6 || !isDigits(parts[i])) {
                return new int[0];
            }
            numbers[i] = Integer.parseInt(parts[i]);
        }
        return numbers.length == 3 ? numbers : new int[0];
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
