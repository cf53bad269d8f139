// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The header of an RPM package, which is not compressed: see "RPM V4 Package format" in the manual of rpm. It stands behind a
 * lead of fixed length and a header of signatures in the same form.
 */
final class RpmHeader {
    private static final int LEAD = 96;
    private static final int LEAD_MAGIC = 0xEDABEEDB;
    private static final int HEADER_MAGIC = 0x8EADE801;
    private static final int MOST_ENTRIES = 1 << 16;
    private static final int MOST_BYTES = 64 << 20;

    private static final int NAME = 1000;
    private static final int ARCHITECTURE = 1022;
    private static final int PROVIDES = 1047;
    private static final int REQUIRES = 1049;
    private static final int FOLDER_INDEXES = 1116;
    private static final int FILE_NAMES = 1117;
    private static final int FOLDERS = 1118;

    private static final int INT32 = 4;
    private static final int STRING = 6;
    private static final int STRINGS = 8;

    private record Entry(int type, int offset, int count) {}

    private final Map<Integer, Entry> entries = new HashMap<>();
    private final byte[] data;

    private RpmHeader(DataInputStream in) throws IOException {
        require(in.readInt() == HEADER_MAGIC);
        in.readInt();
        int count = in.readInt();
        int size = in.readInt();
        require(count >= 0 && count < MOST_ENTRIES && size >= 0 && size < MOST_BYTES);
        for (int i = 0; i < count; i++) {
            int tag = in.readInt();
            entries.put(tag, new Entry(in.readInt(), in.readInt(), in.readInt()));
        }
        data = in.readNBytes(size);
        require(data.length == size);
    }

    /**
     * Reads what a package tells of itself.
     *
     * @throws IOException when it is no RPM package, is damaged or cannot be read
     */
    static PackageDescription read(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            require(in.readInt() == LEAD_MAGIC);
            in.skipNBytes(LEAD - Integer.BYTES);
            RpmHeader signatures = new RpmHeader(in);
            in.skipNBytes(-signatures.data.length & 7);
            return new RpmHeader(in).description();
        }
    }

    private PackageDescription description() throws IOException {
        List<String> name = strings(NAME);
        List<String> architecture = strings(ARCHITECTURE);
        require(name.size() == 1 && architecture.size() == 1);
        return PackageDescription.of(
                name.get(0),
                architecture.get(0),
                Stream.concat(strings(PROVIDES).stream(), files().stream()),
                strings(REQUIRES).stream());
    }

    /** Others may ask for a file, such as an interpreter. */
    private List<String> files() throws IOException {
        List<String> names = strings(FILE_NAMES);
        List<String> folders = strings(FOLDERS);
        List<Integer> indexes = numbers(FOLDER_INDEXES);
        require(indexes.size() == names.size()
                && indexes.stream().allMatch(index -> index >= 0 && index < folders.size()));
        return IntStream.range(0, names.size())
                .mapToObj(i -> folders.get(indexes.get(i)) + names.get(i))
                .toList();
    }

    private List<String> strings(int tag) throws IOException {
        Entry entry = entries.get(tag);
        if (entry == null || (entry.type != STRING && entry.type != STRINGS)) {
            return List.of();
        }
        List<String> strings = new ArrayList<>();
        int at = entry.offset;
        for (int i = 0; i < entry.count; i++) {
            require(at >= 0 && at < data.length);
            int end = at;
            while (end < data.length && data[end] != 0) {
                end++;
            }
            strings.add(new String(data, at, end - at, StandardCharsets.UTF_8));
            at = end + 1;
        }
        return strings;
    }

    private List<Integer> numbers(int tag) throws IOException {
        Entry entry = entries.get(tag);
        if (entry == null || entry.type != INT32) {
            return List.of();
        }
        require(entry.offset >= 0
                && entry.count >= 0
                && entry.offset + (long) entry.count * Integer.BYTES <= data.length);
        java.nio.ByteBuffer numbers = java.nio.ByteBuffer.wrap(data);
        return IntStream.range(0, entry.count)
                .mapToObj(i -> numbers.getInt(entry.offset + i * Integer.BYTES))
                .toList();
    }

    private static void require(boolean condition) throws IOException {
        if (!condition) {
            throw new IOException("not an RPM package");
        }
    }
}
