// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import org.sciabc.spi.SciabcException;

/** A failure that decides about the exit status. */
public final class CliFailure extends SciabcException {
    private static final long serialVersionUID = 1L;

    private final int status;

    public CliFailure(int status, String what, String why, String hint) {
        super(what, why, hint);
        this.status = status;
    }

    /** The same failure with another exit status. */
    public static CliFailure of(int status, SciabcException failure) {
        CliFailure same = new CliFailure(
                status, failure.what(), failure.why(), failure.hint().orElse(""));
        same.initCause(failure);
        return same;
    }

    /** A command line that cannot be obeyed. */
    public static CliFailure usage(String what, String why, String hint) {
        return new CliFailure(ExitCode.USAGE, what, why, hint);
    }

    /** The exit status of the program. */
    public int status() {
        return status;
    }
}
