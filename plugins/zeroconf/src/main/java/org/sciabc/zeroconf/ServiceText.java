// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What a service instance says of itself: keys with values (RFC 6763, section 6). Keys are lower-case here, of those that come
 * twice the first counts, and one without a value is left out.
 *
 * @param values the values that are text, by key; not yet checked for anything else
 * @param unreadable the keys of values that are not UTF-8
 * @param strings everything that was said, in order, for people: what is not UTF-8 is shown as bytes
 * @param damage why nothing of it was read, where its form is broken
 */
record ServiceText(Map<String, String> values, List<String> unreadable, List<String> strings, Optional<String> damage) {
    /** Nothing said. */
    static final ServiceText NONE = new ServiceText(Map.of(), List.of(), List.of(), Optional.empty());

    /** What RFC 6763, section 6.2 calls the greatest size that is still reasonable. */
    static final int SIZE_LIMIT = 1_300;

    private static final int KEY_LIMIT = 32;

    ServiceText {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        unreadable = List.copyOf(unreadable);
        strings = List.copyOf(strings);
    }

    /** Reads the data of a TXT record. */
    static ServiceText read(ByteBuffer data) {
        if (data.remaining() > SIZE_LIMIT) {
            return damaged("it has " + data.remaining() + " bytes, more than " + SIZE_LIMIT);
        }
        List<ByteBuffer> strings = new ArrayList<>();
        while (data.hasRemaining()) {
            int length = data.get() & 0xFF;
            if (length > data.remaining()) {
                return damaged("a length in it leads past its end");
            }
            strings.add(data.slice(data.position(), length));
            data.position(data.position() + length);
        }
        return ofStrings(strings);
    }

    /** Reads strings of the form {@code key=value}. */
    static ServiceText ofStrings(List<ByteBuffer> strings) {
        if (strings.stream().mapToInt(string -> string.remaining() + 1).sum() > SIZE_LIMIT) {
            return damaged("it has more than " + SIZE_LIMIT + " bytes");
        }
        Map<String, String> values = new LinkedHashMap<>();
        var unreadable = new TreeSet<String>();
        List<String> shown = new ArrayList<>();
        for (ByteBuffer string : strings) {
            if (string.hasRemaining()) {
                shown.add(shown(string));
            }
            Optional<String> key = key(string);
            if (key.isPresent() && !values.containsKey(key.get()) && !unreadable.contains(key.get())) {
                DnsMessage.utf8(string)
                        .ifPresentOrElse(value -> values.put(key.get(), value), () -> unreadable.add(key.get()));
            }
        }
        return new ServiceText(values, List.copyOf(unreadable), shown, Optional.empty());
    }

    private static String shown(ByteBuffer string) {
        return DnsMessage.utf8(string.duplicate()).orElseGet(() -> {
            StringBuilder bytes = new StringBuilder();
            for (ByteBuffer rest = string.duplicate(); rest.hasRemaining(); ) {
                int next = rest.get() & 0xFF;
                bytes.append(next >= ' ' && next <= '~' ? String.valueOf((char) next) : "\\x%02x".formatted(next));
            }
            return bytes.toString();
        });
    }

    private static ServiceText damaged(String why) {
        return new ServiceText(Map.of(), List.of(), List.of(), Optional.of(why));
    }

    /** Reads up to and with the equals sign. */
    private static Optional<String> key(ByteBuffer string) {
        StringBuilder key = new StringBuilder();
        while (string.hasRemaining() && key.length() <= KEY_LIMIT) {
            char c = (char) (string.get() & 0xFF);
            if (c == '=') {
                return key.isEmpty()
                        ? Optional.empty()
                        : Optional.of(key.toString().toLowerCase(Locale.ROOT));
            }
            if (c < ' ' || c > '~') {
                return Optional.empty();
            }
            key.append(c);
        }
        return Optional.empty();
    }
}
