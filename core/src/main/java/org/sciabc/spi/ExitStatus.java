// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

/**
 * How a process ended, as a shell counts: 0 to 255, and 128 plus the signal's number for a process that a signal ended.
 *
 * @param code the status
 */
public record ExitStatus(int code) {
    /** The status of a process that did what it should. */
    public static final ExitStatus OK = new ExitStatus(0);

    public ExitStatus {
        if (code < 0 || code > 255) {
            throw new IllegalArgumentException("not an exit status: " + code);
        }
    }

    /** The status of a process that this signal ended. */
    public static ExitStatus signalled(int signalNumber) {
        return new ExitStatus(128 + signalNumber);
    }

    /** Whether the process did what it should. */
    public boolean isOk() {
        return code == 0;
    }
}
