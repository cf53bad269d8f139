// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Versions in the order of rpm and pacman, which compare runs of digits as numbers, runs of letters as words, and take "~" for
 * less than nothing. Alpine's names for what comes before a version are taken for that.
 */
final class PackageVersion {
    static final Comparator<String> ORDER = PackageVersion::compare;

    private static final Pattern RUN = Pattern.compile("[0-9]+|[A-Za-z]+|[~^]");
    private static final Pattern EARLIER = Pattern.compile("_(?=alpha|beta|pre|rc)");

    private PackageVersion() {}

    /** An epoch that is not there is zero, and the release counts where all before it is equal. */
    private static int compare(String one, String other) {
        String[] first = parts(one);
        String[] second = parts(other);
        int order = 0;
        for (int i = 0; i < first.length && order == 0; i++) {
            order = compare(runs(first[i]), runs(second[i]));
        }
        return order;
    }

    private static String[] parts(String whole) {
        int colon = whole.indexOf(':');
        int dash = whole.lastIndexOf('-');
        return new String[] {
            colon < 0 ? "0" : whole.substring(0, colon),
            whole.substring(colon + 1, dash < 0 ? whole.length() : dash),
            dash < 0 ? "" : whole.substring(dash + 1)
        };
    }

    private static int compare(List<String> first, List<String> second) {
        for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
            int order = order(i < first.size() ? first.get(i) : "", i < second.size() ? second.get(i) : "");
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static List<String> runs(String part) {
        List<String> runs = new ArrayList<>();
        Matcher run = RUN.matcher(EARLIER.matcher(part).replaceAll("~"));
        while (run.find()) {
            runs.add(run.group());
        }
        return runs;
    }

    private static int order(String one, String other) {
        if (rank(one) != rank(other)) {
            return Integer.compare(rank(one), rank(other));
        }
        if (rank(one) < rank("0")) {
            return one.compareTo(other);
        }
        String first = one.replaceFirst("^0+", "");
        String second = other.replaceFirst("^0+", "");
        return first.length() == second.length()
                ? first.compareTo(second)
                : Integer.compare(first.length(), second.length());
    }

    private static int rank(String run) {
        if (run.isEmpty()) {
            return 1;
        }
        char first = run.charAt(0);
        return first == '~' ? 0 : first == '^' ? 2 : Character.isDigit(first) ? 4 : 3;
    }
}
