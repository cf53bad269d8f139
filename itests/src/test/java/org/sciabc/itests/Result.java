// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import java.time.Duration;

/**
 * How a command ended.
 *
 * @param exitStatus as a shell would see it: 128 + N after signal N
 * @param stdout on a terminal: both streams, with the terminal's line ends
 * @param duration as seen from outside the container: some tens of milliseconds more than the command itself took
 */
record Result(Command command, int exitStatus, String stdout, String stderr, Duration duration) {

    /** This result, or a failed test that shows all of it. */
    Result succeeded() {
        return endedWith(0);
    }

    /** This result, or a failed test that shows all of it. */
    Result endedWith(int status) {
        if (exitStatus != status) {
            throw new AssertionError("expected status " + status + "\n" + this);
        }
        return this;
    }

    @Override
    public String toString() {
        return command
                + "\nstatus " + exitStatus + " after " + duration.toMillis() + " ms"
                + "\n--- stdout\n" + stdout
                + "\n--- stderr\n" + stderr;
    }
}
