// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.sciabc.plugin.PluginProblem.Kind;
import org.sciabc.spi.Untrusted;

/**
 * A jar that is a plugin as far as can be told from its entries, its manifest and its index of extensions; none of its code
 * was loaded.
 *
 * @param manifest what it says of itself
 * @param extensions the class names in its index, sorted
 * @param warnings everything that is wrong with it and can be lived with
 */
record JarContents(PluginManifest manifest, List<String> extensions, List<PluginProblem> warnings) {
    static final String INDEX = "META-INF/extensions.idx";

    private static final int LARGEST_MANIFEST = 4 << 20;
    private static final int LARGEST_INDEX = 64 << 10;

    PluginInfo info() {
        return manifest.info();
    }

    static JarContents read(Path jar) throws UnusablePluginException {
        // java.util.zip reports some kinds of damage with unchecked exceptions.
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return read(jar, zip);
        } catch (NoSuchFileException e) {
            throw unreadable(jar, "is not there", "look at the name", e);
        } catch (IOException | RuntimeException e) {
            // Which exception says that differs from Java to Java.
            if (!Files.isReadable(jar)) {
                throw unreadable(jar, "may not be read", "give yourself the right to read it: chmod a+r", e);
            }
            throw unreadable(
                    jar,
                    "is not a jar, or is damaged",
                    "build or download it again; 'sciabc plugins add FILE.jar' checks it before it copies it",
                    e);
        }
    }

    private static JarContents read(Path jar, ZipFile zip) throws IOException, UnusablePluginException {
        JarStructure structure = JarStructure.of(jar, zip, Files.size(jar));
        byte[] manifestBytes = content(jar, zip, JarFile.MANIFEST_NAME, LARGEST_MANIFEST);
        Attributes attributes = new Manifest(new ByteArrayInputStream(manifestBytes)).getMainAttributes();
        PluginManifest manifest = PluginManifest.parse(jar, attributes);
        List<PluginProblem> warnings = new ArrayList<>(manifest.warnings());
        if (!structure.duplicated().isEmpty()) {
            warnings.add(warning(
                    manifest,
                    Kind.BUNDLED_CONTRACT,
                    "brings its own copy of " + String.join(", ", structure.duplicated()) + ", which is never used",
                    "its build has to leave these out: their dependencies have the scope 'provided'"));
        }
        if (!structure.nested().isEmpty()) {
            warnings.add(warning(
                    manifest,
                    Kind.NOT_SELF_CONTAINED,
                    "has jars within the jar, which are not looked into: " + String.join(", ", structure.nested()),
                    "its build has to unpack them into the jar, as the shade plugin of Maven does"));
        }
        if (!structure.signatures().isEmpty() && !SignatureFiles.fit(zip, structure.signatures(), manifestBytes)) {
            warnings.add(warning(
                    manifest,
                    Kind.SIGNATURE,
                    "carries signature files that belong to another jar, or was changed after it was signed: "
                            + String.join(", ", structure.signatures()),
                    "its build has to leave out META-INF/*.SF, *.DSA, *.RSA and *.EC of the jars that it contains"));
        }
        return new JarContents(manifest, index(jar, zip, manifest.info().id()), List.copyOf(warnings));
    }

    private static PluginProblem warning(PluginManifest manifest, Kind kind, String cause, String fix) {
        return PluginProblem.warning(kind, manifest.info().jar(), cause, fix)
                .in(manifest.info().id());
    }

    private static List<String> index(Path jar, ZipFile zip, String id) throws IOException, UnusablePluginException {
        if (zip.getEntry(INDEX) == null) {
            throw noIndex(jar, id, "has no " + INDEX + ": its extensions cannot be found");
        }
        Set<String> names = new TreeSet<>();
        String text = new String(content(jar, zip, INDEX, LARGEST_INDEX), StandardCharsets.UTF_8);
        text.lines()
                .map(JarContents::withoutComment)
                .filter(name -> !name.isEmpty())
                .forEach(names::add);
        if (names.isEmpty()) {
            throw noIndex(jar, id, "lists no extension in " + INDEX);
        }
        for (String name : names) {
            if (!isClassName(name)) {
                throw new UnusablePluginException(PluginProblem.unusable(
                                Kind.STALE_INDEX,
                                jar,
                                "lists in " + INDEX + " what can be no class: '" + Untrusted.line(name, 80) + "'",
                                "build it again from clean sources: mvn clean verify")
                        .in(id));
            }
        }
        return List.copyOf(names);
    }

    /** Names are shown: among what else Java would let a name hold are characters that a terminal obeys. */
    private static boolean isClassName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '.' && (!Character.isJavaIdentifierPart(c) || Character.isIdentifierIgnorable(c))) {
                return false;
            }
        }
        return true;
    }

    private static String withoutComment(String line) {
        int comment = line.indexOf('#');
        return (comment < 0 ? line : line.substring(0, comment)).strip();
    }

    private static byte[] content(Path jar, ZipFile zip, String name, int limit)
            throws IOException, UnusablePluginException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            return new byte[0];
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw new UnusablePluginException(PluginProblem.unusable(
                        Kind.BOMB,
                        jar,
                        "has a " + name + " of more than " + (limit >> 10) + " KiB",
                        "no honest build makes that: do not use this file"));
            }
            return bytes;
        }
    }

    private static UnusablePluginException noIndex(Path jar, String id, String cause) {
        return new UnusablePluginException(PluginProblem.unusable(
                        Kind.NO_INDEX,
                        jar,
                        cause,
                        "annotate the components with @Extension and put pf4j on the annotation processor path of the build")
                .in(id));
    }

    private static UnusablePluginException unreadable(Path jar, String cause, String fix, Exception thrown) {
        return new UnusablePluginException(PluginProblem.unusable(Kind.UNREADABLE, jar, cause, fix), thrown);
    }
}
