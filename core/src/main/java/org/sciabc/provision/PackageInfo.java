// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * The file {@code .PKGINFO} near the beginning of packages of Alpine and Arch, which are tar archives. Where it is compressed
 * with something that Java cannot read, as Arch's packages are, it says nothing.
 */
final class PackageInfo {
    private static final String NAME = ".PKGINFO";
    private static final int BLOCK = 512;
    private static final int NAME_LENGTH = 100;
    private static final int SIZE_AT = 124;
    private static final int SIZE_LENGTH = 12;
    private static final int MAGIC_AT = 257;
    private static final String MAGIC = "ustar";
    private static final int MOST_ENTRIES = 16;
    private static final int MOST_BYTES = 16 << 20;

    private PackageInfo() {}

    /**
     * Reads what a package tells of itself; empty where it cannot be read here.
     *
     * @throws IOException when it is damaged or cannot be read
     */
    static Optional<PackageDescription> read(Path file) throws IOException {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file))) {
            raw.mark(2);
            boolean zipped = raw.read() == 0x1f && raw.read() == 0x8b;
            raw.reset();
            return content(zipped ? new GZIPInputStream(raw) : raw).map(PackageInfo::description);
        }
    }

    /** Before it stand signatures and, on Arch, lists; behind it the files. */
    private static Optional<List<String>> content(InputStream in) throws IOException {
        for (int entry = 0; entry < MOST_ENTRIES; entry++) {
            byte[] header = in.readNBytes(BLOCK);
            if (header.length < BLOCK || !text(header, MAGIC_AT, MAGIC.length()).equals(MAGIC)) {
                return Optional.empty();
            }
            String size = text(header, SIZE_AT, SIZE_LENGTH).strip();
            if (!size.matches("[0-7]{1,11}") || Long.parseLong(size, 8) > MOST_BYTES) {
                return Optional.empty();
            }
            int bytes = Integer.parseInt(size, 8);
            if (text(header, 0, NAME_LENGTH).equals(NAME)) {
                return Optional.of(new String(in.readNBytes(bytes), StandardCharsets.UTF_8)
                        .lines()
                        .toList());
            }
            in.skipNBytes(bytes + (-bytes & (BLOCK - 1)));
        }
        return Optional.empty();
    }

    private static String text(byte[] header, int at, int length) {
        String text = new String(header, at, length, StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    private static PackageDescription description(List<String> lines) {
        return PackageDescription.of(
                values(lines, "pkgname").stream().findFirst().orElse(""),
                values(lines, "arch").stream().findFirst().orElse(""),
                values(lines, "provides").stream(),
                values(lines, "depend").stream());
    }

    private static List<String> values(List<String> lines, String key) {
        String beginning = key + " = ";
        return lines.stream()
                .filter(line -> line.startsWith(beginning))
                .map(line -> line.substring(beginning.length()).strip())
                .toList();
    }
}
