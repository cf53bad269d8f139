// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.time.Duration;
import java.util.Optional;

/**
 * A command for one node.
 *
 * @param script POSIX shell text: must be read by {@code /bin/sh}, whatever the account's login shell is. May be long (up
 *     to 1 MiB) and hold any character but NUL
 * @param timeout how long it may run; absent means without limit
 */
public record RemoteCommand(String script, Optional<Duration> timeout) {
    /** A command without a limit. */
    public static RemoteCommand of(String script) {
        return new RemoteCommand(script, Optional.empty());
    }

    /** The same with a limit. */
    public RemoteCommand within(Duration limit) {
        return new RemoteCommand(script, Optional.of(limit));
    }
}
