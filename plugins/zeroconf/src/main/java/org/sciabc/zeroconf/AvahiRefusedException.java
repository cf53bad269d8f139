// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.io.IOException;

/** Avahi understood, and said no. */
final class AvahiRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String error;

    AvahiRefusedException(String error, String why) {
        super(why);
        this.error = error;
    }

    /** Whether somebody else has the name already. */
    boolean isCollision() {
        return error.endsWith(".CollisionError");
    }
}
