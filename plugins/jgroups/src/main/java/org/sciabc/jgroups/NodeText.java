// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.sciabc.spi.Hardware;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.Subnet;
import org.sciabc.spi.Untrusted;

/** What a member says of itself: lines of {@code key=value}, whose keys are those of docs/wire.md. Nothing in it is trusted. */
final class NodeText {
    /** A member that only looks says nothing of itself; one that leaves says this. */
    static final byte[] GOODBYE = "v=1\nbye\n".getBytes(StandardCharsets.UTF_8);

    private static final String VERSION = "1";
    private static final int LONGEST = 2_000;
    private static final int MOST_ADDRESSES = 16;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final Pattern HOST_KEY = Pattern.compile("SHA256:[A-Za-z0-9+/]{43}=?");

    private NodeText() {}

    /** What a machine says of itself on one network, line by line. */
    static List<String> write(Node node, LocalInterface on) {
        List<String> text = new ArrayList<>();
        text.add("v=" + VERSION);
        text.add("name=" + node.name());
        text.add("address="
                + on.addresses().stream()
                        .map(address -> address.address().getHostAddress().replaceFirst("%.*", ""))
                        .limit(MOST_ADDRESSES)
                        .collect(Collectors.joining(",")));
        node.id().ifPresent(id -> text.add("id=" + id));
        node.cluster().flatMap(Untrusted::word).ifPresent(cluster -> text.add("cluster=" + cluster));
        node.user().ifPresent(user -> text.add("user=" + user));
        text.add("port=" + node.port());
        node.hardware().cores().ifPresent(cores -> text.add("cores=" + cores));
        node.hardware().memoryBytes().ifPresent(memory -> text.add("mem=" + memory));
        node.hardware().arch().flatMap(Untrusted::word).ifPresent(arch -> text.add("arch=" + arch));
        node.hardware().os().flatMap(Untrusted::word).ifPresent(os -> text.add("os=" + os));
        node.hostKey().filter(HOST_KEY.asMatchPredicate()).ifPresent(key -> text.add("hk=" + key));
        return text;
    }

    /** The lines as they are sent. */
    static byte[] bytes(List<String> lines) {
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Whether this is a goodbye. */
    static boolean isGoodbye(byte[] text) {
        return java.util.Arrays.equals(text, GOODBYE);
    }

    /**
     * Reads what a member said.
     *
     * @param seenOn the interface that it was heard on, which gives link-local addresses their scope
     * @return empty when it is not what a node says, in this version of the protocol
     */
    static Optional<Node> read(byte[] text, LocalInterface seenOn) {
        if (text.length > LONGEST) {
            return Optional.empty();
        }
        Values values = new Values(text);
        Optional<String> name = values.take("name", Untrusted::nodeName);
        List<InetAddress> addresses =
                addresses(values.take("address", Optional::of).orElse(""), seenOn);
        boolean known = values.take("v", Optional::of)
                .filter(version -> !version.equals(VERSION))
                .isEmpty();
        boolean nobodys = values.isUnusable("cluster", Untrusted::word);
        if (!known || nobodys || name.isEmpty() || addresses.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Node(
                values.take("id", NodeId::parse),
                name.get(),
                addresses,
                values.take("port", value -> number(value, 65_535))
                        .orElse((long) Node.SSH_PORT)
                        .intValue(),
                values.take("user", Untrusted::user),
                hardware(values),
                values.take("hk", value -> Optional.of(value).filter(HOST_KEY.asMatchPredicate())),
                values.take("cluster", Untrusted::word)));
    }

    private static Hardware hardware(Values values) {
        Optional<Long> cores = values.take("cores", value -> number(value, 65_536));
        Optional<Long> memory = values.take("mem", value -> number(value, Long.MAX_VALUE));
        return new Hardware(
                cores.isPresent() ? OptionalInt.of(cores.get().intValue()) : OptionalInt.empty(),
                memory.isPresent() ? OptionalLong.of(memory.get()) : OptionalLong.empty(),
                values.take("arch", Untrusted::word),
                values.take("os", Untrusted::word));
    }

    private static List<InetAddress> addresses(String text, LocalInterface seenOn) {
        List<InetAddress> addresses = new ArrayList<>();
        for (String literal : text.split(",", MOST_ADDRESSES + 1)) {
            Subnet.parse(literal)
                    .filter(lone -> literal.indexOf('/') < 0)
                    .map(Subnet::base)
                    .filter(address -> !address.isMulticastAddress() && !address.isAnyLocalAddress())
                    .map(address -> scoped(address, seenOn))
                    .ifPresent(addresses::add);
        }
        return addresses;
    }

    private static InetAddress scoped(InetAddress address, LocalInterface seenOn) {
        boolean needsScope = address instanceof Inet6Address && address.isLinkLocalAddress();
        if (!needsScope) {
            return address;
        }
        try {
            return InetAddress.getByName(address.getHostAddress() + "%" + seenOn.name());
        } catch (UnknownHostException interfaceIsGone) {
            return address;
        }
    }

    private static Optional<Long> number(String value, long greatest) {
        return Optional.of(value)
                .filter(digits -> NUMBER.matcher(digits).matches())
                .map(Long::valueOf)
                .filter(number -> number >= 1 && number <= greatest);
    }

    /** The values of one text, each in its checked form: what is not as it has to be is absent. */
    private static final class Values {
        private final Map<String, String> values = new LinkedHashMap<>();

        Values(byte[] text) {
            for (String line : new String(text, StandardCharsets.UTF_8).split("\n", -1)) {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    values.putIfAbsent(line.substring(0, equals).toLowerCase(Locale.ROOT), line.substring(equals + 1));
                }
            }
        }

        <T> Optional<T> take(String key, Function<String, Optional<T>> check) {
            return Optional.ofNullable(values.get(key))
                    .filter(value -> !value.isEmpty())
                    .flatMap(check);
        }

        /** Whether something is said, and is not as it has to be. */
        <T> boolean isUnusable(String key, Function<String, Optional<T>> check) {
            return !values.getOrDefault(key, "").isEmpty() && take(key, check).isEmpty();
        }
    }
}
