// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.network;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The default routes, as proc_net(5) shows them, with the hardware addresses of those that were talked to of late. */
final class Routes {
    private static final int UP_AND_GATEWAY = 0x3;
    private static final String COMPLETE = "0x2";

    private final Map<String, List<Gateway>> byInterface = new HashMap<>();
    private final Map<String, String> macs = new HashMap<>();

    Routes(List<String> ipv4, List<String> ipv6, List<String> neighbours) {
        neighbours.forEach(this::neighbour);
        ipv4.forEach(this::route);
        ipv6.forEach(this::ipv6Route);
    }

    /** The default gateways behind an interface. */
    List<Gateway> gateways(String networkInterface) {
        return byInterface.getOrDefault(networkInterface, List.of());
    }

    /** Reads address, type, flags, hardware address, mask, device. */
    private void neighbour(String line) {
        String[] words = line.strip().split("\\s+", -1);
        if (words.length >= 6 && words[2].equals(COMPLETE)) {
            macs.put(words[5] + " " + words[0], words[3].toLowerCase(Locale.ROOT));
        }
    }

    /** Reads interface, destination, gateway, flags, three counters, mask; addresses with the last byte first. */
    private void route(String line) {
        String[] words = line.strip().split("\\s+", -1);
        boolean isDefault = words.length >= 8 && isZero(words[1]) && isZero(words[7]);
        if (isDefault && hasFlags(words[3])) {
            bytes(words[2]).map(Routes::reversed).ifPresent(bytes -> add(words[0], bytes));
        }
    }

    /** Reads destination, its prefix, source, its prefix, next hop, three counters, flags, interface. */
    private void ipv6Route(String line) {
        String[] words = line.strip().split("\\s+", -1);
        boolean isDefault = words.length >= 10 && isZero(words[0]) && isZero(words[1]) && !isZero(words[4]);
        if (isDefault && hasFlags(words[8])) {
            bytes(words[4]).ifPresent(bytes -> add(words[9], bytes));
        }
    }

    private void add(String networkInterface, byte[] bytes) {
        try {
            InetAddress address = InetAddress.getByAddress(bytes);
            Optional<String> mac = Optional.ofNullable(macs.get(networkInterface + " " + address.getHostAddress()));
            Gateway gateway = new Gateway(address, mac);
            List<Gateway> known = byInterface.computeIfAbsent(networkInterface, first -> new ArrayList<>());
            if (!known.contains(gateway)) {
                known.add(gateway);
            }
        } catch (UnknownHostException neitherFourNorSixteenBytes) {
            throw new IllegalStateException(neitherFourNorSixteenBytes);
        }
    }

    private static boolean isZero(String hex) {
        return hex.chars().allMatch(digit -> digit == '0');
    }

    private static boolean hasFlags(String hex) {
        return hex.matches("[0-9a-fA-F]{1,8}") && (Long.parseLong(hex, 16) & UP_AND_GATEWAY) == UP_AND_GATEWAY;
    }

    private static Optional<byte[]> bytes(String hex) {
        boolean isAddress = hex.matches("[0-9a-fA-F]{8}|[0-9a-fA-F]{32}");
        return isAddress ? Optional.of(HexFormat.of().parseHex(hex)) : Optional.empty();
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }
}
