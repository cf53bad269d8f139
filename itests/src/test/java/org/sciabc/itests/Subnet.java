// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Network.Ipam;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** A range of IPv4 addresses: the first one, and how many leading bits all of them share. */
record Subnet(long first, int bits) {

    private static final Path ROUTES = Path.of("/proc/net/route");

    /** A /24 that neither a route of this machine nor another network of the engine overlaps, picked at random. */
    static Subnet free(DockerClient engine) {
        List<Subnet> taken = Stream.concat(routes(), networks(engine)).toList();
        return ThreadLocalRandom.current()
                .ints(10_000, 0, 1 << 16)
                .mapToObj(middle -> new Subnet((10L << 24) + ((long) middle << 8), 24))
                .filter(candidate -> taken.stream().noneMatch(candidate::overlaps))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("this machine has routes to all of 10.0.0.0/8"));
    }

    static Subnet parse(String cidr) {
        String[] parts = cidr.split("/", 2);
        long first = 0;
        for (String part : parts[0].split("\\.", -1)) {
            first = (first << 8) + Integer.parseInt(part);
        }
        return new Subnet(first, Integer.parseInt(parts[1]));
    }

    boolean overlaps(Subnet other) {
        int shared = 32 - Math.min(bits, other.bits);
        return first >> shared == other.first >> shared;
    }

    /** The address at a place in the range, counted from 0. */
    String address(int place) {
        long address = first + place;
        return "%d.%d.%d.%d".formatted(address >> 24, address >> 16 & 255, address >> 8 & 255, address & 255);
    }

    @Override
    public String toString() {
        return address(0) + "/" + bits;
    }

    /** All but the default route, which overlaps everything. */
    private static Stream<Subnet> routes() {
        try {
            return Files.readAllLines(ROUTES).stream()
                    .skip(1)
                    .map(line -> line.strip().split("\\s+", -1))
                    .map(columns -> new Subnet(littleEndian(columns[1]), Long.bitCount(littleEndian(columns[7]))))
                    .filter(subnet -> subnet.bits > 0);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static long littleEndian(String hex) {
        return Integer.toUnsignedLong(Integer.reverseBytes(Integer.parseUnsignedInt(hex, 16)));
    }

    private static Stream<Subnet> networks(DockerClient engine) {
        return engine.listNetworksCmd().exec().stream()
                .flatMap(network -> Stream.ofNullable(network.getIpam()))
                .flatMap(ipam -> Stream.ofNullable(ipam.getConfig()))
                .flatMap(List::stream)
                .map(Ipam.Config::getSubnet)
                .filter(subnet -> subnet != null && subnet.indexOf(':') < 0)
                .map(Subnet::parse);
    }
}
