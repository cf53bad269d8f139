// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.Closeable;
import java.io.IOException;

/** Closes what nobody needs any more. */
final class Quietly {
    private Quietly() {}

    static void close(Closeable what) {
        try {
            what.close();
        } catch (IOException closed) {
            // There is nobody who could be told.
        }
    }
}
