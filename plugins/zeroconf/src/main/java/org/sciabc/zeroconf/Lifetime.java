// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

/**
 * For how long a record holds, and when to ask for it anew: at 80, 85, 90 and 95 percent of its time (RFC 6762, section 5.2).
 *
 * @param begin when it was received, in milliseconds of the watch's clock
 * @param length for how long it holds, in milliseconds
 * @param asked how often it was asked for anew
 */
record Lifetime(long begin, long length, int asked) {
    private static final int FIRST_PERCENT = 80;
    private static final int STEP_PERCENT = 5;
    private static final int QUESTIONS = 4;

    static Lifetime of(long now, long ttlSeconds) {
        return new Lifetime(now, ttlSeconds * 1_000, 0);
    }

    long end() {
        return begin + length;
    }

    boolean isOver(long now) {
        return now >= end();
    }

    /** When the next question or, after the last of them, the end is due. */
    long due() {
        return asked < QUESTIONS ? begin + length / 100 * (FIRST_PERCENT + (long) STEP_PERCENT * asked) : end();
    }

    boolean isQuestionDue(long now) {
        return asked < QUESTIONS && now >= due();
    }

    Lifetime askedAgain() {
        return new Lifetime(begin, length, asked + 1);
    }

    /** The seconds that are left. */
    long remaining(long now) {
        return Math.max(0, (end() - now) / 1_000);
    }
}
