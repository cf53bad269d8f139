// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What this program is. */
public final class Product {
    private Product() {}

    /** The version, as the build wrote it into a resource. */
    public static String version() {
        try (InputStream resource = Product.class.getResourceAsStream("version.txt")) {
            if (resource == null) {
                throw new IllegalStateException("built without a version");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
