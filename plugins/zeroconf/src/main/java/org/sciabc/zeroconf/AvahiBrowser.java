// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.freedesktop.dbus.types.UInt32;

/**
 * Has Avahi look for instances, and tells what it finds. Runs on a thread of its own until it is interrupted, because it waits
 * for Avahi's answers; everything that it tells, it tells from there.
 */
final class AvahiBrowser {
    /** Avahi gives a client a thousand objects, and an instance that cannot be resolved keeps one for five seconds. */
    private static final int RESOLVERS_AT_ONCE = 200;

    /** What the ways are called by which Avahi tells of an instance. */
    static final String WAY = "Avahi over ";

    private static final String NODES = "_sciabc._tcp";

    private static final int INSTANCE_LIMIT = 2 * ServiceTable.INSTANCE_LIMIT;

    /** Each takes one of those objects. */
    private static final int TYPE_LIMIT = 200;

    private final AvahiBus bus;
    private final Looking looking;
    private final Ear ear;
    private final Set<String> types = new HashSet<>();
    private String typeBrowser = "";
    private final Set<Item> items = new HashSet<>();
    private final Map<String, Item> resolving = new HashMap<>();
    private final Queue<Item> waiting = new ArrayDeque<>();

    /** What is looked for. */
    enum Looking {
        /** Instances of the type of service of every node. */
        NODES,
        /** Instances of all types of service (RFC 6763, section 9). */
        EVERYTHING
    }

    /** An instance as Avahi names it: on one interface, by one version of the protocol. */
    record Item(int interfaceIndex, int protocol, String name, String type) {
        private static final int IPV4 = 0;

        DnsName fullName() {
            return DnsName.of((type + ".local").split("\\.")).child(name);
        }

        /** The name of the interface, while it exists. */
        Optional<String> networkInterface() {
            try {
                return Optional.ofNullable(NetworkInterface.getByIndex(interfaceIndex))
                        .map(NetworkInterface::getName);
            } catch (SocketException gone) {
                return Optional.empty();
            }
        }

        /** By what it was heard, for {@link Sightings}. */
        String way() {
            return AvahiBrowser.way(protocol == IPV4 ? IpVersion.IPV4 : IpVersion.IPV6);
        }
    }

    /** By what Avahi hears with that version of the protocol, for {@link Sightings}. */
    static String way(IpVersion version) {
        return WAY + version;
    }

    /** Who is told. */
    interface Ear {
        void found(Item item, ServiceInstance instance);

        void gone(Item item);
    }

    AvahiBrowser(AvahiBus bus, Looking looking, Ear ear) {
        this.bus = bus;
        this.looking = looking;
        this.ear = ear;
    }

    /**
     * Looks until it is interrupted.
     *
     * @throws IOException when Avahi or the bus is gone
     */
    void run() throws IOException, InterruptedException {
        browse();
        while (bus.isConnected()) {
            AvahiBus.Signal signal = bus.signals().poll(1, TimeUnit.SECONDS);
            if (signal != null) {
                take(signal);
            }
            resolve();
        }
        throw new IOException("the bus is gone");
    }

    private void browse() throws IOException {
        if (looking == Looking.NODES) {
            browse(NODES);
            return;
        }
        typeBrowser = bus.call(
                        AvahiBus.ROOT,
                        AvahiBus.SERVER,
                        "ServiceTypeBrowserNew",
                        "iisu",
                        AvahiBus.UNSPECIFIED,
                        AvahiBus.UNSPECIFIED,
                        "",
                        new UInt32(0))
                .get(0)
                .toString();
    }

    private void browse(String type) throws IOException {
        if (types.size() < TYPE_LIMIT && types.add(type)) {
            bus.call(
                    AvahiBus.ROOT,
                    AvahiBus.SERVER,
                    "ServiceBrowserNew",
                    "iissu",
                    AvahiBus.UNSPECIFIED,
                    AvahiBus.UNSPECIFIED,
                    type,
                    "",
                    new UInt32(0));
        }
    }

    private void take(AvahiBus.Signal signal) throws IOException {
        switch (signal.member()) {
            case "ItemNew" -> takeNew(signal);
            case "ItemRemove" -> takeRemoved(signal);
            case "Found" -> {
                Item item = resolving.get(signal.path());
                if (item != null) {
                    release(signal.path());
                    if (items.contains(item)) {
                        instance(item, signal.values()).ifPresent(instance -> ear.found(item, instance));
                    }
                }
            }
            case "Failure" -> {
                if (resolving.containsKey(signal.path())) {
                    release(signal.path());
                } else {
                    throw new IOException("Avahi gave up looking");
                }
            }
            case AvahiBus.Signal.OTHER_DAEMON -> throw new IOException("Avahi was ended or restarted");
            default -> {
                // That it has read its cache, or that it has asked once: nothing follows from that.
            }
        }
    }

    private void takeNew(AvahiBus.Signal signal) throws IOException {
        if (signal.path().equals(typeBrowser)) {
            browse((String) signal.values().get(2));
            return;
        }
        Item item = item(signal.values());
        if (items.size() < INSTANCE_LIMIT && items.add(item)) {
            waiting.add(item);
        }
    }

    /** A type that nobody offers any longer takes its instances along by itself. */
    private void takeRemoved(AvahiBus.Signal signal) {
        if (!signal.path().equals(typeBrowser)) {
            forget(item(signal.values()));
        }
    }

    private void forget(Item item) {
        if (items.remove(item)) {
            waiting.remove(item);
            ear.gone(item);
        }
    }

    private void resolve() throws IOException {
        while (!waiting.isEmpty() && resolving.size() < RESOLVERS_AT_ONCE) {
            Item item = waiting.remove();
            Object path = bus.call(
                            AvahiBus.ROOT,
                            AvahiBus.SERVER,
                            "ServiceResolverNew",
                            "iisssiu",
                            item.interfaceIndex(),
                            item.protocol(),
                            item.name(),
                            item.type(),
                            "local",
                            item.protocol(),
                            new UInt32(0))
                    .get(0);
            resolving.put(path.toString(), item);
        }
    }

    private void release(String path) throws IOException {
        resolving.remove(path);
        try {
            bus.call(path, AvahiBus.RESOLVER, "Free");
        } catch (AvahiRefusedException alreadyFreed) {
            // Then there is nothing left to do.
        }
    }

    private static Item item(List<Object> values) {
        return new Item(
                (Integer) values.get(0), (Integer) values.get(1), (String) values.get(2), (String) values.get(3));
    }

    /** Reads interface, protocol, name, type, domain, host, protocol of the address, address, port, text, flags. */
    private static Optional<ServiceInstance> instance(Item item, List<Object> values) {
        try {
            String host = (String) values.get(5);
            String[] labels = host.split("\\.");
            InetAddress address = InetAddress.getByName((String) values.get(7));
            int port = ((Number) values.get(8)).intValue();
            return Optional.of(new ServiceInstance(
                    item.fullName(),
                    DnsName.of(labels),
                    port,
                    ServiceText.ofStrings(strings(values.get(9))),
                    List.of(address)));
        } catch (UnknownHostException unreadable) {
            return Optional.empty();
        }
    }

    private static List<ByteBuffer> strings(Object arrays) {
        return ((List<?>) arrays)
                .stream().map(string -> ByteBuffer.wrap(bytes(string))).toList();
    }

    private static byte[] bytes(Object array) {
        if (array instanceof byte[] bytes) {
            return bytes;
        }
        List<?> list = (List<?>) array;
        byte[] bytes = new byte[list.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = ((Number) list.get(i)).byteValue();
        }
        return bytes;
    }
}
