// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.CRC32;

/** The class files of one jar, all of them read at once, because that also shows whether the jar holds what it says. */
final class ClassSource {
    private static final String SUFFIX = ".class";

    private final Map<String, ClassFile> classes = new HashMap<>();
    private Optional<String> damaged = Optional.empty();

    private ClassSource() {}

    /** Unpacks everything. Of several versions of a class it takes the one that this Java would. */
    static ClassSource of(JarFile jar) throws IOException {
        ClassSource source = new ClassSource();
        byte[] buffer = new byte[64 << 10];
        for (var entries = jar.entries(); entries.hasMoreElements(); ) {
            JarEntry entry = entries.nextElement();
            try (InputStream in = jar.getInputStream(entry)) {
                source.read(entry, in, buffer);
            }
        }
        if (jar.isMultiRelease()) {
            source.takeVersions(jar);
        }
        return source;
    }

    /** The name of the first entry whose content is not what the jar's directory says. */
    Optional<String> damaged() {
        return damaged;
    }

    boolean has(String name) {
        return classes.containsKey(name);
    }

    /** The class of that name, such as {@code java/lang/Object}; empty when the jar has none. */
    Optional<ClassFile> find(String name) {
        return Optional.ofNullable(classes.get(name));
    }

    private void read(JarEntry entry, InputStream in, byte[] buffer) throws IOException {
        CRC32 checksum = new CRC32();
        long size = 0;
        if (entry.getName().endsWith(SUFFIX)) {
            byte[] bytes = in.readNBytes((int) entry.getSize() + 1);
            checksum.update(bytes);
            size = bytes.length;
            ClassFile.of(bytes).ifPresent(type -> classes.put(nameOf(entry), type));
        } else {
            for (int read = in.read(buffer); read >= 0 && size <= entry.getSize(); read = in.read(buffer)) {
                checksum.update(buffer, 0, read);
                size += read;
            }
        }
        if (damaged.isEmpty() && (size != entry.getSize() || checksum.getValue() != entry.getCrc())) {
            damaged = Optional.of(entry.getName());
        }
    }

    private void takeVersions(JarFile jar) {
        jar.versionedStream()
                .filter(entry -> entry.getName().endsWith(SUFFIX))
                .filter(entry -> !entry.getRealName().equals(entry.getName()))
                .forEach(entry ->
                        find(withoutSuffix(entry.getRealName())).ifPresent(type -> classes.put(nameOf(entry), type)));
    }

    private static String nameOf(JarEntry entry) {
        return withoutSuffix(entry.getName());
    }

    private static String withoutSuffix(String name) {
        return name.substring(0, name.length() - SUFFIX.length());
    }
}
