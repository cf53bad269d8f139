// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.sciabc.spi.SpiVersion;

/**
 * Builds a plugin's jar on the fly, as a build would or with any mistake that a build can make: for tests of what happens
 * when such a jar is dropped into a folder of plugins.
 *
 * <p>Without further ado it is a right one: {@code PluginJar.of("found").source(...).writeTo(folder)} compiles the sources
 * against the class path of the test, lists the extensions with pf4j's own processor, and writes a complete manifest. Each
 * method returns the same builder; the last word about an entry holds. Used by one thread.
 */
public final class PluginJar {
    private static final String INDEX = "META-INF/extensions.idx";

    private final String id;
    private final Map<String, String> manifest = new LinkedHashMap<>();
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, byte[]> extra = new LinkedHashMap<>();
    private final List<Consumer<Map<String, byte[]>>> edits = new ArrayList<>();
    private boolean processed = true;

    private PluginJar(String id) {
        this.id = id;
        manifest.put("Plugin-Id", id);
        manifest.put("Plugin-Version", "1.0.0");
        manifest.put("Plugin-Requires", ">=" + SpiVersion.CURRENT);
    }

    /** A plugin with that id, version 1.0.0, for the present SPI or a newer one, and nothing in it yet. */
    public static PluginJar of(String id) {
        return new PluginJar(id);
    }

    /** Sets an attribute of the manifest. */
    public PluginJar manifest(String name, String value) {
        manifest.put(name, value);
        return this;
    }

    /** Takes an attribute out of the manifest; without {@code Plugin-Id}, for instance, it is no plugin. */
    public PluginJar withoutManifest(String name) {
        manifest.remove(name);
        return this;
    }

    /** Declares the components, such as {@code discovery:found}, so that the host finds them without loading the plugin. */
    public PluginJar declares(String... offers) {
        return manifest("Sciabc-Components", String.join(", ", offers));
    }

    /**
     * Adds a Java source to compile.
     *
     * @param className the full name of the class, such as {@code example.Found}
     * @param text the whole source, package included
     */
    public PluginJar source(String className, String text) {
        sources.put(className, text);
        return this;
    }

    /**
     * Compiles against this version of a class in place of the one on the class path, and leaves it out of the jar: so a
     * plugin is made that was built against another SPI.
     */
    public PluginJar against(String className, String text) {
        return source(className, text).without(className.replace('.', '/'));
    }

    /** Adds copies of classes of the test's own class path, with the classes that are nested in them. */
    public PluginJar classes(Class<?>... types) {
        for (Class<?> type : types) {
            extra.putAll(ClassFiles.of(type));
        }
        return this;
    }

    /** Compiles without pf4j's annotation processor, so that no index is written. */
    public PluginJar withoutProcessor() {
        processed = false;
        return this;
    }

    /** Writes the index of extensions by hand. */
    public PluginJar index(String... classNames) {
        return entry(INDEX, String.join("\n", classNames) + "\n");
    }

    /** Adds an entry, whatever its name. */
    public PluginJar entry(String name, String text) {
        return entry(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds an entry, whatever its name. */
    public PluginJar entry(String name, byte[] content) {
        extra.put(name, content.clone());
        return this;
    }

    /** Takes out the entries whose names begin like that, such as {@code example/Gone.class}. */
    public PluginJar without(String prefix) {
        edits.add(entries -> entries.keySet().removeIf(name -> name.startsWith(prefix)));
        return this;
    }

    /** Copies all entries of another jar into this one, as shading does, signature files and all; not its manifest. */
    public PluginJar merged(Path jar) {
        edits.add(entries -> {
            try (JarFile other = new JarFile(jar.toFile(), false)) {
                for (var entry : other.stream().toList()) {
                    if (!entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        try (InputStream in = other.getInputStream(entry)) {
                            entries.putIfAbsent(entry.getName(), in.readAllBytes());
                        }
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return this;
    }

    /** Marks all classes as compiled for that version of Java, so that an older one refuses them. */
    public PluginJar compiledFor(int feature) {
        edits.add(entries -> {
            entries.forEach((name, content) -> {
                if (name.endsWith(".class")) {
                    // Class files begin with a magic number of four bytes, then minor and major version (JVMS 4.1).
                    content[6] = 0;
                    content[7] = (byte) (feature + 44);
                }
            });
        });
        return this;
    }

    /** Writes {@code ID.jar} into the folder, which exists, and returns its path. */
    public Path writeTo(Path folder) {
        return writeTo(folder, id + ".jar");
    }

    /**
     * Writes the jar and returns its path. A file of that name is replaced.
     *
     * @throws IllegalArgumentException when a source does not compile; the message is the compiler's
     */
    public Path writeTo(Path folder, String fileName) {
        Path jar = folder.resolve(fileName);
        Map<String, byte[]> entries = new TreeMap<>();
        if (!sources.isEmpty()) {
            entries.putAll(SourceCompiler.compile(sources, processed));
        }
        entries.putAll(extra);
        edits.forEach(edit -> edit.accept(entries));
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream out = new ZipOutputStream(file)) {
            write(out, JarFile.MANIFEST_NAME, manifestBytes());
            for (var entry : entries.entrySet()) {
                write(out, entry.getKey(), entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return jar;
    }

    private byte[] manifestBytes() throws IOException {
        Manifest written = new Manifest();
        Attributes attributes = written.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.forEach(attributes::putValue);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        written.write(bytes);
        return bytes.toByteArray();
    }

    private static void write(ZipOutputStream out, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(0);
        out.putNextEntry(entry);
        out.write(content);
        out.closeEntry();
    }
}
