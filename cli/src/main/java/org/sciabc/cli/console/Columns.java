// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import java.util.List;

/** Rows of words, each column as wide as its widest word. */
final class Columns {
    private static final int GAP = 2;

    private Columns() {}

    /** One line a row; all rows have as many words as the first. */
    static List<String> aligned(List<List<String>> rows) {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String word = row.get(column);
            line.append(word).append(" ".repeat(widths[column] - word.length() + GAP));
        }
        return line.toString().stripTrailing();
    }
}
