// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import java.io.Serial;

/** Something that only the process at the person's terminal can do was to be done in another one. */
public final class NotHereException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    NotHereException() {
        super("this takes the process at the terminal");
    }
}
