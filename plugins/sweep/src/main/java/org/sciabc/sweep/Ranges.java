// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.sweep;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.sciabc.spi.Consent;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Subnet;

/**
 * The networks of one sweep: never larger than was agreed to, and only through the interfaces that were asked for.
 *
 * @param networks each with the name of the interface that leads there
 * @param own this machine's addresses, which are not swept
 */
record Ranges(Map<Subnet, String> networks, Set<InetAddress> own) {
    private static final int ADDRESS_BITS = 32;

    /** What nobody but the owner of the cables uses: RFC 1918, RFC 6598, RFC 3927, loopback, and what books use. */
    private static final List<Subnet> PRIVATE = Stream.of(
                    "10.0.0.0/8",
                    "172.16.0.0/12",
                    "192.168.0.0/16",
                    "100.64.0.0/10",
                    "169.254.0.0/16",
                    "127.0.0.0/8",
                    "192.0.2.0/24",
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "198.18.0.0/15")
            .map(text -> Subnet.parse(text).orElseThrow())
            .toList();

    /** Which of this machine's addresses the system would send from. */
    @FunctionalInterface
    interface Routes {
        /** Asks the system; sends nothing. */
        Routes OF_SYSTEM = Ranges::sourceFor;

        /** The own address that packets to there would bear; empty when there is no way. */
        Optional<InetAddress> sourceFor(InetAddress destination);
    }

    Ranges {
        networks = Map.copyOf(networks);
        own = Set.copyOf(own);
    }

    /** The networks of these interfaces that may be swept once a person has agreed. */
    static Ranges own(SweepSettings settings, List<LocalInterface> interfaces) throws SciabcException {
        Map<Subnet, String> networks = new LinkedHashMap<>();
        List<String> refusals = new ArrayList<>();
        for (LocalInterface each : interfaces) {
            for (LocalInterface.Address address : each.addresses()) {
                Subnet network = address.subnet();
                Optional<String> refusal = refusal(network, settings);
                if (refusal.isEmpty()) {
                    networks.put(network, each.name());
                } else if (address.address() instanceof Inet4Address) {
                    refusals.add(each.name() + " is in " + network + ", " + refusal.get());
                }
            }
        }
        if (networks.isEmpty()) {
            throw new SciabcException(
                    "there is no network to sweep",
                    refusals.isEmpty() ? "this machine has no IPv4 address here" : String.join("; ", refusals),
                    "name what may be swept, as in --set sweep.networks=10.0.3.0/24");
        }
        return new Ranges(networks, ownAddresses(interfaces));
    }

    /** The networks that were named. */
    static Ranges named(SweepSettings settings, List<LocalInterface> interfaces, Routes routes) throws SciabcException {
        long addresses = settings.networks().stream().mapToLong(Ranges::size).sum();
        if (addresses > settings.mostAddresses()) {
            throw new SciabcException(
                    "a sweep of " + text(settings.networks()) + " is too large",
                    "it would connect to more than " + settings.mostAddresses() + " addresses",
                    "name a smaller network, or allow it with --set sweep.most-addresses=N");
        }
        Map<Subnet, String> networks = new LinkedHashMap<>();
        for (Subnet network : settings.networks()) {
            networks.put(network, interfaceTo(network, interfaces, routes));
        }
        return new Ranges(networks, ownAddresses(interfaces));
    }

    /** What to ask a person before these are swept. */
    Consent consent(SweepSettings settings) {
        long addresses = networks.keySet().stream().mapToLong(Ranges::size).sum();
        String where = networks.entrySet().stream()
                .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                .sorted()
                .collect(Collectors.joining(", "));
        return new Consent(
                "sweep would connect to port " + settings.port() + " of up to " + addresses + " addresses in " + where
                        + ", whoever they belong to: go on?",
                "networks",
                text());
    }

    /** The networks, as the setting takes them. */
    String text() {
        return text(networks.keySet().stream().toList());
    }

    /** The addresses of a network, in order, without those of the network itself, of everybody there, and our own. */
    Stream<InetAddress> addresses(Subnet network) {
        long size = size(network);
        long first = size > 2 ? 1 : 0;
        long end = size > 2 ? size - 1 : size;
        return LongStream.range(first, end)
                .mapToObj(offset -> after(network.base(), offset))
                .filter(address -> !own.contains(address));
    }

    private static Optional<String> refusal(Subnet network, SweepSettings settings) {
        if (!(network.base() instanceof Inet4Address)) {
            return Optional.of("which has more addresses than anybody can ask");
        }
        if (PRIVATE.stream().noneMatch(range -> range.contains(network.base()))) {
            return Optional.of("a public network: other people's machines are there");
        }
        if (size(network) > settings.mostAddresses()) {
            return Optional.of("which has more than " + settings.mostAddresses() + " addresses");
        }
        return Optional.empty();
    }

    private static String interfaceTo(Subnet network, List<LocalInterface> interfaces, Routes routes)
            throws SciabcException {
        Optional<InetAddress> source = routes.sourceFor(after(network.base(), size(network) > 2 ? 1 : 0));
        Optional<LocalInterface> leading = interfaces.stream()
                .filter(each -> each.addresses().stream()
                        .anyMatch(own -> source.filter(own.address()::equals).isPresent()))
                .findFirst();
        return leading.map(LocalInterface::name)
                .orElseThrow(() -> new SciabcException(
                        "cannot sweep " + network,
                        source.map(address -> "it is reached from " + address.getHostAddress() + ", which is not on "
                                        + interfaces.stream()
                                                .map(LocalInterface::name)
                                                .collect(Collectors.joining(" or ")))
                                .orElse("no network of this machine leads there"),
                        "choose the interface that leads there with --interface, or name another network"));
    }

    private static Optional<InetAddress> sourceFor(InetAddress destination) {
        try (DatagramSocket socket = new DatagramSocket()) {
            // Connecting a datagram socket asks the system for a route and sends nothing.
            socket.connect(new InetSocketAddress(destination, 9));
            InetAddress source = socket.getLocalAddress();
            return source.isAnyLocalAddress() ? Optional.empty() : Optional.of(source);
        } catch (IOException | java.io.UncheckedIOException noRoute) {
            return Optional.empty();
        }
    }

    /** Those of interfaces that are not to be swept, too: with a cable and Wi-Fi in one network, each finds the other. */
    private static Set<InetAddress> ownAddresses(List<LocalInterface> interfaces) {
        Set<InetAddress> own = interfaces.stream()
                .flatMap(each -> each.addresses().stream())
                .map(LocalInterface.Address::address)
                .collect(Collectors.toCollection(HashSet::new));
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .forEach(own::add);
        } catch (SocketException unknown) {
            // Then those of the given ones have to do.
            return own;
        }
        return own;
    }

    /** How many addresses; as good as endless where counting makes no sense. */
    private static long size(Subnet network) {
        int bits = network.base().getAddress().length * 8 - network.prefixLength();
        return bits > ADDRESS_BITS ? 1L << (ADDRESS_BITS + 1) : 1L << bits;
    }

    private static String text(List<Subnet> networks) {
        return networks.stream().map(Subnet::toString).sorted().collect(Collectors.joining(","));
    }

    private static InetAddress after(InetAddress base, long offset) {
        byte[] bytes = base.getAddress();
        long carry = offset;
        for (int i = bytes.length - 1; i >= 0 && carry > 0; i--) {
            carry += bytes[i] & 0xFF;
            bytes[i] = (byte) carry;
            carry >>= 8;
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
