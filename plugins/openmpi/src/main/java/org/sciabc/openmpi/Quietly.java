// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Closes and removes what nobody needs any more. */
final class Quietly {
    private Quietly() {}

    static void close(Closeable what) {
        try {
            what.close();
        } catch (IOException closed) {
            // There is nobody who could be told.
        }
    }

    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException stays) {
            // There is nobody who could be told.
        }
    }
}
