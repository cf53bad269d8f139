// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.util.Map;
import org.sciabc.spi.ExitStatus;

/** The signals that have a name in SSH (RFC 4254, 6.10), with their numbers; those are the same wherever nodes run. */
final class ExitSignal {
    private static final Map<String, Integer> NUMBERS = Map.ofEntries(
            Map.entry("HUP", 1),
            Map.entry("INT", 2),
            Map.entry("QUIT", 3),
            Map.entry("ILL", 4),
            Map.entry("ABRT", 6),
            Map.entry("FPE", 8),
            Map.entry("KILL", 9),
            Map.entry("SEGV", 11),
            Map.entry("PIPE", 13),
            Map.entry("ALRM", 14),
            Map.entry("TERM", 15));

    private static final ExitStatus OF_ANOTHER_SIGNAL = new ExitStatus(255);

    private ExitSignal() {}

    /** The status of a process that this signal ended. */
    static ExitStatus status(String name) {
        Integer number = NUMBERS.get(name);
        return number == null ? OF_ANOTHER_SIGNAL : ExitStatus.signalled(number);
    }
}
