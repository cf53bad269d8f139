// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.sciabc.plugin.PluginProblem.Kind;
import org.sciabc.spi.Untrusted;

/**
 * Names, counts and sizes of a jar's entries, judged before anything is read from them.
 *
 * @param signatures the signature files in {@code META-INF}
 * @param duplicated packages of the contract that the jar brings its own copy of
 * @param nested jars within the jar
 */
record JarStructure(List<String> signatures, Set<String> duplicated, List<String> nested) {
    private static final int MOST_ENTRIES = 100_000;
    private static final long LARGEST_ENTRY = 256L << 20;
    private static final long LARGEST_CONTENT = 1L << 30;
    /** Deflate reaches 1032; class files and texts stay far below this. Small jars of much the same bytes are no danger. */
    private static final long HIGHEST_RATIO = 200;

    private static final long HARMLESS_CONTENT = 16L << 20;

    static JarStructure of(Path jar, ZipFile zip, long jarSize) throws UnusablePluginException {
        if (zip.size() > MOST_ENTRIES) {
            throw bomb(jar, "holds " + zip.size() + " entries, and " + MOST_ENTRIES + " are accepted");
        }
        List<String> signatures = new ArrayList<>();
        Set<String> duplicated = new TreeSet<>();
        List<String> nested = new ArrayList<>();
        long content = 0;
        long packed = 0;
        for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
            ZipEntry entry = entries.nextElement();
            String name = entry.getName();
            checkName(jar, name);
            if (entry.getSize() > LARGEST_ENTRY) {
                throw bomb(jar, "holds an entry of " + (entry.getSize() >> 20) + " MiB: " + name);
            }
            content += Math.max(0, entry.getSize());
            packed += Math.max(0, entry.getCompressedSize());
            if (isSignature(name)) {
                signatures.add(name);
            }
            if (name.endsWith(".jar")) {
                nested.add(name);
            }
            ContractPackages.duplicatedBy(name).ifPresent(duplicated::add);
        }
        checkSizes(jar, jarSize, content, packed);
        return new JarStructure(List.copyOf(signatures), duplicated, List.copyOf(nested));
    }

    private static void checkSizes(Path jar, long jarSize, long content, long packed) throws UnusablePluginException {
        if (content > LARGEST_CONTENT) {
            throw bomb(jar, "unpacks to " + (content >> 20) + " MiB");
        }
        if (content > HARMLESS_CONTENT && content > HIGHEST_RATIO * jarSize) {
            throw bomb(jar, "unpacks to " + content / Math.max(1, jarSize) + " times its size");
        }
        if (packed > jarSize) {
            throw bomb(jar, "has entries that overlap");
        }
    }

    private static void checkName(Path jar, String name) throws UnusablePluginException {
        boolean leadsOut = name.startsWith("/")
                || name.indexOf('\\') >= 0
                || name.indexOf('\0') >= 0
                || (name.contains("..") && List.of(name.split("/", -1)).contains(".."))
                || (name.length() > 1 && name.charAt(1) == ':');
        if (leadsOut) {
            throw new UnusablePluginException(PluginProblem.unusable(
                    Kind.UNSAFE_ENTRY,
                    jar,
                    "holds an entry whose name leads out of the jar: " + Untrusted.line(name, 80),
                    "no honest build makes such an entry: do not use this file, and tell who gave it to you"));
        }
    }

    private static boolean isSignature(String name) {
        if (!name.startsWith("META-INF/") || name.indexOf('/', 9) >= 0) {
            return false;
        }
        return name.endsWith(".SF") || name.endsWith(".DSA") || name.endsWith(".RSA") || name.endsWith(".EC");
    }

    private static UnusablePluginException bomb(Path jar, String cause) {
        return new UnusablePluginException(PluginProblem.unusable(
                Kind.BOMB, jar, cause, "a plugin's jar is a few megabytes of classes: do not use this file"));
    }
}
