// SPDX-License-Identifier: GPL-3.0-or-later
package org.example.inventory;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.sciabc.spi.Hardware;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.Untrusted;

/** One entry of the document, with the keys of {@code sciabc discover --json}; keys that are not known are passed over. */
final class InventoryEntry {
    private static final int MOST_ADDRESSES = 16;
    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3}\\.){3}\\d{1,3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private final JsonObject entry;

    private InventoryEntry(JsonObject entry) {
        this.entry = entry;
    }

    /**
     * Reads one entry.
     *
     * @throws IllegalArgumentException when it is no node; the message says why, and is harmless
     */
    static Node parse(JsonObject entry) {
        if (entry == null) {
            throw new IllegalArgumentException("it is not an object");
        }
        return new InventoryEntry(entry).node();
    }

    private Node node() {
        String name = text("name").orElseThrow(() -> new IllegalArgumentException("it has no name"));
        return new Node(
                text("id").map(NodeId::new),
                name,
                addresses(),
                (int) number("port", 1, 65_535).orElse(Node.SSH_PORT),
                text("user"),
                hardware(),
                text("hostKey").flatMap(Untrusted::word),
                text("cluster").flatMap(Untrusted::word));
    }

    private List<InetAddress> addresses() {
        JsonArray given = entry.getArray("addresses");
        if (given == null || given.isEmpty() || given.size() > MOST_ADDRESSES) {
            throw new IllegalArgumentException("\"addresses\" is not a list of 1 to " + MOST_ADDRESSES + " addresses");
        }
        List<InetAddress> addresses = new ArrayList<>();
        for (Object one : given) {
            addresses.add(address(one));
        }
        return addresses;
    }

    /** Addresses and no names: looking a name up would ask a server of the document's choice, for as long as it likes. */
    private static InetAddress address(Object given) {
        if (given instanceof String text
                && (IPV4.matcher(text).matches() || IPV6.matcher(text).matches())) {
            try {
                return InetAddress.getByName(text);
            } catch (UnknownHostException refused) {
                // Looks like an address and is none, such as 10.0.3.999.
            }
        }
        throw new IllegalArgumentException("not an IP address: " + Untrusted.line(String.valueOf(given), 60));
    }

    private Hardware hardware() {
        OptionalLong cores = number("cores", 1, 65_536);
        return new Hardware(
                cores.isPresent() ? OptionalInt.of((int) cores.getAsLong()) : OptionalInt.empty(),
                number("memoryBytes", 1, Long.MAX_VALUE),
                text("arch").flatMap(Untrusted::word),
                text("os").flatMap(Untrusted::word));
    }

    private Optional<String> text(String key) {
        Object value = entry.get(key);
        if (value != null && !(value instanceof String)) {
            throw new IllegalArgumentException("\"" + key + "\" is not a text");
        }
        return Optional.ofNullable((String) value);
    }

    private OptionalLong number(String key, long least, long most) {
        Object value = entry.get(key);
        if (value == null) {
            return OptionalLong.empty();
        }
        if ((value instanceof Integer || value instanceof Long)
                && ((Number) value).longValue() >= least
                && ((Number) value).longValue() <= most) {
            return OptionalLong.of(((Number) value).longValue());
        }
        throw new IllegalArgumentException("\"" + key + "\" is not a whole number from " + least + " to " + most);
    }
}
