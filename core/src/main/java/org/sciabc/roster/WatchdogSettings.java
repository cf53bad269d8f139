// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.time.Duration;
import java.util.List;
import org.sciabc.spi.Durations;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;
import org.sciabc.spi.Settings;

/**
 * How closely nodes are watched. Silence is counted from the last sign of life.
 *
 * @param rhythm how often a node that is alive is probed; each probe of a watch is one connection to its SSH server, and of a job
 *     every fifth ({@link SparingProbe}). OpenSSH 9.8 and
 *     later is probed half as often, and what is silent is noticed a rhythm later there: with more than one such visit a
 *     second it begins to refuse the prober (PerSourcePenalties in sshd_config(5))
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
        if (!isPossible(rhythm, suspectAfter, goneAfter, retry, absentRhythm)) {
            throw new IllegalArgumentException(
                    "the watchdog needs rhythm < suspectAfter < goneAfter, and all durations above zero");
        }
    }

    /** What a person may set. */
    public static List<Setting> declared() {
        return List.of(
                Setting.duration("rhythm", DEFAULT.rhythm, "how often a node that is alive is probed"),
                Setting.duration("suspect-after", DEFAULT.suspectAfter, "the silence after which a node is suspect"),
                Setting.duration("gone-after", DEFAULT.goneAfter, "the silence after which it is gone"),
                Setting.duration("retry", DEFAULT.retry, "how often a suspect node is probed"),
                Setting.duration("absent-rhythm", DEFAULT.absentRhythm, "how often a node that went is probed"));
    }

    /**
     * The settings that were given.
     *
     * @param settings values of what is {@linkplain #declared declared}
     * @throws SciabcException when no watchdog can work with them
     */
    public static WatchdogSettings of(Settings settings) throws SciabcException {
        Duration rhythm = settings.duration("rhythm");
        Duration suspectAfter = settings.duration("suspect-after");
        Duration goneAfter = settings.duration("gone-after");
        Duration retry = settings.duration("retry");
        Duration absentRhythm = settings.duration("absent-rhythm");
        if (!isPossible(rhythm, suspectAfter, goneAfter, retry, absentRhythm)) {
            throw new SciabcException(
                    "the watchdog cannot work with rhythm " + Durations.format(rhythm) + ", suspect-after "
                            + Durations.format(suspectAfter) + " and gone-after " + Durations.format(goneAfter),
                    "the silence of a node can only be noticed between its probes",
                    "rhythm has to be less than suspect-after, that less than gone-after, and all above zero");
        }
        return new WatchdogSettings(rhythm, suspectAfter, goneAfter, retry, absentRhythm);
    }

    private static boolean isPossible(
            Duration rhythm, Duration suspectAfter, Duration goneAfter, Duration retry, Duration absentRhythm) {
        return isShorter(Duration.ZERO, rhythm)
                && isShorter(rhythm, suspectAfter)
                && isShorter(suspectAfter, goneAfter)
                && isShorter(Duration.ZERO, retry)
                && isShorter(Duration.ZERO, absentRhythm);
    }

    private static boolean isShorter(Duration left, Duration right) {
        return left.compareTo(right) < 0;
    }
}
