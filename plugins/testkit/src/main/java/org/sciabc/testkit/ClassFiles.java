// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The class files of classes that this JVM has. */
final class ClassFiles {
    private ClassFiles() {}

    /** The entries for a class and for the classes that are nested in it, by the names that they have in a jar. */
    static Map<String, byte[]> of(Class<?> type) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        collect(type, entries);
        return entries;
    }

    private static void collect(Class<?> type, Map<String, byte[]> entries) {
        String name = type.getName().replace('.', '/') + ".class";
        try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException("no class file for " + type.getName());
            }
            entries.put(name, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (Class<?> nested : type.getDeclaredClasses()) {
            collect(nested, entries);
        }
    }
}
