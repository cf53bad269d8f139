// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import java.util.BitSet;

/** Which numbers of one sender were here, among the last that it sent; packets overtake each other. Not for several threads. */
final class ReplayWindow {
    private static final int SIZE = 4_096;

    private final BitSet seen = new BitSet(SIZE);
    private long highest;

    /** Whether this number was not here before; from now on it was. Numbers too old to be remembered are refused. */
    boolean accepts(long number) {
        if (number <= 0 || number <= highest - SIZE) {
            return false;
        }
        for (long cleared = Math.max(highest + 1, number - SIZE + 1); cleared - number <= 0; cleared++) {
            seen.clear(slot(cleared));
        }
        highest = Math.max(highest, number);
        boolean fresh = !seen.get(slot(number));
        seen.set(slot(number));
        return fresh;
    }

    private static int slot(long number) {
        return (int) (number % SIZE);
    }
}
