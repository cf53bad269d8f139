// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.sciabc.spi.Hardware;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.Subnet;
import org.sciabc.spi.Untrusted;

/** The form of the roster on disk. */
final class RosterJson {
    private static final int FORMAT = 1;
    private static final int LARGEST = 16 * 1024 * 1024;
    private static final int DEEPEST = 16;

    /** Why the text is not a roster. */
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String reason;

        MalformedException(String reason) {
            super(reason);
            this.reason = reason;
        }

        @Override
        public String getMessage() {
            return reason;
        }
    }

    private RosterJson() {}

    static String write(List<RosterEntry> entries) {
        JsonStringWriter json = JsonWriter.indent("  ").string();
        json.object().value("format", FORMAT).array("nodes");
        for (RosterEntry entry : entries) {
            json.object()
                    .value("state", word(entry.state()))
                    .value("since", entry.since().toString());
            entry.lastAnswer().ifPresent(instant -> json.value("lastAnswer", instant.toString()));
            json.object("node");
            writeNode(json, entry.node());
            json.end().array("claims");
            entry.claims().forEach(claim -> writeClaim(json, claim));
            json.end().end();
        }
        return json.end().end().done() + "\n";
    }

    private static void writeClaim(JsonStringWriter json, Claim claim) {
        json.object()
                .value("backend", claim.key().backend())
                .value("source", claim.key().source())
                .value("standing", word(claim.standing()))
                .value("since", claim.since().toString())
                .value("firstSeen", claim.firstSeen().toString())
                .value("lastSeen", claim.lastSeen().toString());
        claim.networkInterface().ifPresent(name -> json.value("interface", name));
        json.object("node");
        writeNode(json, claim.node());
        json.end().end();
    }

    private static void writeNode(JsonStringWriter json, Node node) {
        json.value("name", node.name());
        node.id().ifPresent(id -> json.value("id", id.value()));
        json.array("addresses");
        node.addresses().forEach(address -> json.value(address.getHostAddress()));
        json.end().value("port", node.port());
        node.user().ifPresent(user -> json.value("user", user));
        node.hostKey().ifPresent(hostKey -> json.value("hostKey", hostKey));
        node.cluster().ifPresent(cluster -> json.value("cluster", cluster));
        node.hardware().cores().ifPresent(cores -> json.value("cores", cores));
        node.hardware().memoryBytes().ifPresent(bytes -> json.value("memoryBytes", bytes));
        node.hardware().arch().ifPresent(arch -> json.value("arch", arch));
        node.hardware().os().ifPresent(os -> json.value("os", os));
    }

    static List<RosterEntry> read(String text) throws MalformedException {
        guard(text);
        try {
            JsonObject root = JsonParser.object().from(text);
            if (root.getInt("format") != FORMAT) {
                throw new MalformedException("it is not of format " + FORMAT);
            }
            List<RosterEntry> entries = new ArrayList<>();
            for (JsonObject entry : objects(root, "nodes")) {
                entries.add(entry(entry));
            }
            return entries;
        } catch (JsonParserException error) {
            throw new MalformedException("line " + error.getLinePosition() + ", column " + error.getCharPosition());
        } catch (IllegalArgumentException | DateTimeException impossible) {
            throw new MalformedException(
                    Untrusted.line(Optional.ofNullable(impossible.getMessage()).orElse("a value cannot be"), 120));
        }
    }

    /** The parser has no limits of its own: nesting without end would exhaust the stack. */
    private static void guard(String text) throws MalformedException {
        if (text.length() > LARGEST) {
            throw new MalformedException("it is larger than " + LARGEST + " characters");
        }
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (quoted && character == '\\') {
                i++;
            } else if (character == '"') {
                quoted = !quoted;
            } else if (!quoted && (character == '[' || character == '{') && ++depth > DEEPEST) {
                throw new MalformedException("it is nested more than " + DEEPEST + " deep");
            } else if (!quoted && (character == ']' || character == '}')) {
                depth--;
            }
        }
    }

    private static RosterEntry entry(JsonObject json) throws MalformedException {
        List<Claim> claims = new ArrayList<>();
        for (JsonObject claim : objects(json, "claims")) {
            claims.add(claim(claim));
        }
        if (claims.isEmpty()) {
            throw new MalformedException("a node without claims");
        }
        return new RosterEntry(
                node(object(json, "node")),
                value(NodeState.class, json, "state"),
                instant(json, "since"),
                json.has("lastAnswer") ? Optional.of(instant(json, "lastAnswer")) : Optional.empty(),
                claims);
    }

    private static Claim claim(JsonObject json) throws MalformedException {
        return new Claim(
                new Claim.Key(text(json, "backend"), text(json, "source")),
                node(object(json, "node")),
                Optional.ofNullable(json.getString("interface")),
                instant(json, "firstSeen"),
                instant(json, "lastSeen"),
                value(Claim.Standing.class, json, "standing"),
                instant(json, "since"));
    }

    private static Node node(JsonObject json) throws MalformedException {
        List<InetAddress> addresses = new ArrayList<>();
        for (Object address : array(json, "addresses")) {
            address(String.valueOf(address)).ifPresent(addresses::add);
        }
        return new Node(
                Optional.ofNullable(json.getString("id")).map(NodeId::new),
                text(json, "name"),
                addresses,
                json.getInt("port"),
                Optional.ofNullable(json.getString("user")),
                new Hardware(
                        json.has("cores") ? OptionalInt.of(json.getInt("cores")) : OptionalInt.empty(),
                        json.has("memoryBytes") ? OptionalLong.of(json.getLong("memoryBytes")) : OptionalLong.empty(),
                        Optional.ofNullable(json.getString("arch")),
                        Optional.ofNullable(json.getString("os"))),
                Optional.ofNullable(json.getString("hostKey")),
                Optional.ofNullable(json.getString("cluster")));
    }

    /** Empty for an address on an interface that this machine has no longer: nothing can be reached by it. */
    private static Optional<InetAddress> address(String text) throws MalformedException {
        if (Subnet.parse(text.split("%", 2)[0]).isEmpty()) {
            throw new MalformedException("not an address: " + Untrusted.line(text, 60));
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException goneInterface) {
            return Optional.empty();
        }
    }

    private static Instant instant(JsonObject json, String key) throws MalformedException {
        return Instant.parse(text(json, key));
    }

    private static <E extends Enum<E>> E value(Class<E> type, JsonObject json, String key) throws MalformedException {
        return Enum.valueOf(type, text(json, key).toUpperCase(Locale.ROOT));
    }

    private static String text(JsonObject json, String key) throws MalformedException {
        return required(Optional.ofNullable(json.getString(key)), key);
    }

    private static JsonObject object(JsonObject json, String key) throws MalformedException {
        return required(Optional.ofNullable(json.getObject(key)), key);
    }

    private static JsonArray array(JsonObject json, String key) throws MalformedException {
        return required(Optional.ofNullable(json.getArray(key)), key);
    }

    private static List<JsonObject> objects(JsonObject json, String key) throws MalformedException {
        List<JsonObject> objects = new ArrayList<>();
        for (Object element : array(json, key)) {
            if (!(element instanceof JsonObject object)) {
                throw new MalformedException("'" + key + "' holds something that is not an object");
            }
            objects.add(object);
        }
        return objects;
    }

    private static <T> T required(Optional<T> value, String key) throws MalformedException {
        return value.orElseThrow(() -> new MalformedException("'" + key + "' is missing"));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
