// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.sciabc.spi.Hardware;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.Untrusted;

/** How a node and its announcement become each other: the names on the wire are those of docs/wire.md. */
final class NodeText {
    /** The type of service of every node, since 2016. */
    static final DnsName SERVICE_TYPE = DnsName.of("_sciabc", "_tcp", "local");

    /** The port of the service record, since 2016: a flag, nothing listens there. */
    static final int SERVICE_PORT = 34_343;

    /** What stands before the machine's name in the name of an instance, since 2016. */
    static final String INSTANCE_PREFIX = "SupercomputerInABriefcase on ";

    private static final String VERSION = "1";
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final Pattern HOST_KEY = Pattern.compile("SHA256:[A-Za-z0-9+/]{43}=?");
    private static final Pattern RENAMED = Pattern.compile(" (#[0-9]+|\\([0-9]+\\))$");

    private NodeText() {}

    /**
     * A node as it was read, and what was wrong with it.
     *
     * @param node absent when nothing of it is usable
     * @param complaint what was ignored and why, for people
     */
    record Reading(Optional<Node> node, Optional<String> complaint) {}

    /** The name of the instance of a machine of that name: what a label of DNS can hold of it. */
    static String instance(String host) {
        return SERVICE_TYPE.child(INSTANCE_PREFIX + host).first();
    }

    /** What a machine says of itself, as {@code key=value}, in the order of docs/wire.md. */
    static List<String> write(Node node) {
        List<String> text = new ArrayList<>();
        text.add("v=" + VERSION);
        node.id().ifPresent(id -> text.add("id=" + id));
        node.cluster().flatMap(Untrusted::word).ifPresent(cluster -> text.add("cluster=" + cluster));
        node.user().ifPresent(user -> text.add("user=" + user));
        text.add("port=" + node.port());
        node.hardware().cores().ifPresent(cores -> text.add("cores=" + cores));
        node.hardware().memoryBytes().ifPresent(memory -> text.add("mem=" + memory));
        node.hardware().arch().flatMap(Untrusted::word).ifPresent(arch -> text.add("arch=" + arch));
        node.hardware().os().flatMap(Untrusted::word).ifPresent(os -> text.add("os=" + os));
        node.hostKey().filter(key -> HOST_KEY.matcher(key).matches()).ifPresent(key -> text.add("hk=" + key));
        return text;
    }

    /** Reads an announcement; nothing in it is trusted. Addresses stay as they are. */
    static Reading read(ServiceInstance instance) {
        Optional<String> name = name(instance);
        ServiceText text = instance.text();
        if (name.isEmpty() || instance.addresses().isEmpty()) {
            return new Reading(Optional.empty(), Optional.of("it names no machine"));
        }
        if (text.damage().isPresent()) {
            return new Reading(Optional.empty(), text.damage().map(why -> "its TXT record is broken: " + why));
        }
        Node bare = Node.of(name.get(), instance.addresses());
        Values values = new Values(text);
        Optional<String> version = values.take("v", Optional::of);
        if (version.isPresent() && !version.get().equals(VERSION)) {
            return new Reading(
                    Optional.of(bare),
                    Optional.of("it speaks another version of the protocol: only its name and address are used"));
        }
        Optional<String> cluster = values.take("cluster", Untrusted::word);
        if (values.refused.contains("cluster")) {
            return new Reading(Optional.empty(), Optional.of("the name of its cluster is unusable"));
        }
        Node node = new Node(
                values.take("id", NodeId::parse),
                bare.name(),
                bare.addresses(),
                values.take("port", value -> number(value, 65_535))
                        .map(Math::toIntExact)
                        .orElse(Node.SSH_PORT),
                values.take("user", Untrusted::user),
                new Hardware(
                        values.take("cores", value -> number(value, 65_536))
                                .map(cores -> OptionalInt.of(cores.intValue()))
                                .orElse(OptionalInt.empty()),
                        values.take("mem", value -> number(value, Long.MAX_VALUE))
                                .map(OptionalLong::of)
                                .orElse(OptionalLong.empty()),
                        values.take("arch", Untrusted::word),
                        values.take("os", Untrusted::word)),
                values.take("hk", NodeText::hostKey),
                cluster);
        return new Reading(Optional.of(node), complaint(instance, values));
    }

    private static Optional<String> complaint(ServiceInstance instance, Values values) {
        if (!values.refused.isEmpty()) {
            return Optional.of("unusable values of " + String.join(", ", values.refused) + " are ignored");
        }
        String label = instance.name().first();
        if (label.startsWith(INSTANCE_PREFIX)) {
            String claimed =
                    RENAMED.matcher(label.substring(INSTANCE_PREFIX.length())).replaceFirst("");
            String host = instance.host().first();
            // A responder that had to give way appends a number to the one, the other, or both.
            if (!host.startsWith(claimed) && !claimed.startsWith(host)) {
                return Optional.of("it bears the name of '" + Untrusted.line(claimed, 63) + "' but points at '"
                        + Untrusted.line(host, 63) + "', which is what it is called here");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> name(ServiceInstance instance) {
        Optional<String> host = Untrusted.nodeName(instance.host().first());
        if (host.isPresent()) {
            return host;
        }
        String label = instance.name().first();
        return Untrusted.nodeName(
                label.startsWith(INSTANCE_PREFIX) ? label.substring(INSTANCE_PREFIX.length()) : label);
    }

    private static Optional<Long> number(String value, long greatest) {
        return Optional.of(value)
                .filter(digits -> NUMBER.matcher(digits).matches())
                .map(Long::valueOf)
                .filter(number -> number >= 1 && number <= greatest);
    }

    private static Optional<String> hostKey(String value) {
        return Optional.of(value).filter(key -> HOST_KEY.matcher(key).matches());
    }

    /** The values of one announcement; remembers which were refused. */
    private static final class Values {
        private final ServiceText text;
        private final List<String> refused = new ArrayList<>();

        Values(ServiceText text) {
            this.text = text;
        }

        /** A value in its checked form. An empty one is what a machine says that does not know: absent, not wrong. */
        <T> Optional<T> take(String key, Function<String, Optional<T>> check) {
            String value = text.values().getOrDefault(key, "");
            Optional<T> checked = value.isEmpty() ? Optional.empty() : check.apply(value);
            if (checked.isEmpty() && (!value.isEmpty() || text.unreadable().contains(key))) {
                refused.add(key);
            }
            return checked;
        }
    }
}
