// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.time.Duration;

/**
 * How closely nodes are watched. Silence is counted from the last sign of life.
 *
 * @param rhythm how often a node that is alive is probed; each probe is one connection to its SSH server, and below one
 *     second OpenSSH 9.8 and later begins to refuse the prober (PerSourcePenalties in sshd_config(5))
 * @param suspectAfter the silence after which a node is suspect
 * @param goneAfter the silence after which it is gone
 * @param retry how often a suspect node is probed
 * @param absentRhythm how often a node that went is probed, to see it come back
 */
public record WatchdogSettings(
        Duration rhythm, Duration suspectAfter, Duration goneAfter, Duration retry, Duration absentRhythm) {
    /**
     * Suspect in less than 2 s, gone in less than 5 s, back in less than 2 s; a stall of 3 s is survived, because silence
     * begins at most one rhythm before it.
     */
    public static final WatchdogSettings DEFAULT = new WatchdogSettings(
            Duration.ofMillis(1000),
            Duration.ofMillis(1600),
            Duration.ofMillis(4600),
            Duration.ofMillis(500),
            Duration.ofMillis(1000));

    public WatchdogSettings {
        boolean ascending = isShorter(Duration.ZERO, rhythm)
                && isShorter(rhythm, suspectAfter)
                && isShorter(suspectAfter, goneAfter)
                && isShorter(Duration.ZERO, retry)
                && isShorter(Duration.ZERO, absentRhythm);
        if (!ascending) {
            throw new IllegalArgumentException(
                    "the watchdog needs rhythm < suspectAfter < goneAfter, and all durations above zero");
        }
    }

    private static boolean isShorter(Duration left, Duration right) {
        return left.compareTo(right) < 0;
    }
}
