// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.Comparator;

/** Compares runs of digits by their value and everything else character by character. */
final class NaturalOrder implements Comparator<String> {

    @Override
    public int compare(String left, String right) {
        int i = 0;
        int j = 0;
        while (i < left.length() && j < right.length()) {
            int leftEnd = endOfDigits(left, i);
            int rightEnd = endOfDigits(right, j);
            int order;
            if (leftEnd > i && rightEnd > j) {
                order = compareDigits(left.substring(i, leftEnd), right.substring(j, rightEnd));
                i = leftEnd;
                j = rightEnd;
            } else {
                order = Character.compare(
                        Character.toLowerCase(left.charAt(i)), Character.toLowerCase(right.charAt(j)));
                i++;
                j++;
            }
            if (order != 0) {
                return order;
            }
        }
        int rest = Integer.compare(left.length() - i, right.length() - j);
        // "node1", "node01" and "Node1" differ: the order has to agree with equals, or a sorted set would lose one.
        return rest != 0 ? rest : left.compareTo(right);
    }

    private static int compareDigits(String left, String right) {
        String leftValue = withoutLeadingZeros(left);
        String rightValue = withoutLeadingZeros(right);
        int magnitude = Integer.compare(leftValue.length(), rightValue.length());
        return magnitude != 0 ? magnitude : leftValue.compareTo(rightValue);
    }

    private static String withoutLeadingZeros(String digits) {
        int start = 0;
        while (start < digits.length() - 1 && digits.charAt(start) == '0') {
            start++;
        }
        return digits.substring(start);
    }

    private static int endOfDigits(String text, int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }
}
