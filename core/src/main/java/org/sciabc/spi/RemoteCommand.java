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
 * @param endsWithManager whether the node should end it, and what it started, once this program is gone or the connection is
 *     broken. Nobody is left then to ask for it: a provisioner that cannot arrange for it beforehand may ignore this. What
 *     detached itself, by a session of its own or by ignoring hangups, must be left alone
 */
public record RemoteCommand(String script, Optional<Duration> timeout, boolean endsWithManager) {
    /** A command of which nothing is said about the end of this program. */
    public RemoteCommand(String script, Optional<Duration> timeout) {
        this(script, timeout, false);
    }

    /** A command without a limit. */
    public static RemoteCommand of(String script) {
        return new RemoteCommand(script, Optional.empty());
    }

    /** The same with a limit. */
    public RemoteCommand within(Duration limit) {
        return new RemoteCommand(script, Optional.of(limit), endsWithManager);
    }

    /** The same, which does not outlive this program. */
    public RemoteCommand endingWithManager() {
        return new RemoteCommand(script, timeout, true);
    }
}
