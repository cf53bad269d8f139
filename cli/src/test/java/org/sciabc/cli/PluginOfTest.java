// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.sciabc.spi.SpiVersion;

/** A plugin that is made of a test's own classes. */
final class PluginOfTest {
    private PluginOfTest() {}

    /**
     * Writes it.
     *
     * @param offer what it declares, such as {@code discovery:found}
     * @param component the class of its component
     * @param more what else is in it
     */
    static void write(Path folder, String id, String offer, Class<?> component, Class<?>... more) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Plugin-Id", id);
        attributes.putValue("Plugin-Version", "1.0.0");
        attributes.putValue("Plugin-Requires", ">=" + SpiVersion.CURRENT);
        attributes.putValue("Sciabc-Components", offer);
        Files.createDirectories(folder);
        try (OutputStream file = Files.newOutputStream(folder.resolve(id + ".jar"));
                ZipOutputStream jar = new ZipOutputStream(file)) {
            jar.putNextEntry(new ZipEntry(JarFile.MANIFEST_NAME));
            manifest.write(jar);
            jar.putNextEntry(new ZipEntry("META-INF/extensions.idx"));
            jar.write(component.getName().getBytes(StandardCharsets.UTF_8));
            write(jar, component);
            for (Class<?> type : more) {
                write(jar, type);
            }
        }
    }

    private static void write(ZipOutputStream jar, Class<?> type) throws IOException {
        String name = type.getName().replace('.', '/') + ".class";
        jar.putNextEntry(new ZipEntry(name));
        try (InputStream bytes = type.getClassLoader().getResourceAsStream(name)) {
            Objects.requireNonNull(bytes).transferTo(jar);
        }
    }
}
