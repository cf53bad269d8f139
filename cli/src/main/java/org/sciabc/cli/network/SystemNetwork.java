// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sciabc.roster.LocalInterfaces;
import org.sciabc.spi.SciabcException;

/** Asks the system on which networks this machine is. What it does not tell is left out. */
public final class SystemNetwork {
    private final Path root;
    private final WifiName wifiName;

    SystemNetwork(Path root, WifiName wifiName) {
        this.root = root;
        this.wifiName = wifiName;
    }

    /** The network of this machine. */
    public static SystemNetwork of(Map<String, String> environment) {
        return new SystemNetwork(Path.of("/"), WifiName.on(environment));
    }

    /**
     * Looks, which takes some milliseconds; where there is Wi-Fi, a program is asked for its name.
     *
     * @throws SciabcException when the system does not tell which interfaces there are
     */
    public NetworkFacts look() throws SciabcException {
        return look(LocalInterfaces.enumerate().all());
    }

    NetworkFacts look(List<LocalInterfaces.Found> found) {
        Routes routes = new Routes(lines("proc/net/route"), lines("proc/net/ipv6_route"), lines("proc/net/arp"));
        List<InterfaceFacts> interfaces = new ArrayList<>();
        for (LocalInterfaces.Found each : found) {
            String name = each.itself().name();
            boolean wireless = isWireless(name);
            Optional<String> wifi = wireless && each.up() ? wifiName.of(name) : Optional.empty();
            interfaces.add(new InterfaceFacts(each.itself(), each.up(), wireless, routes.gateways(name), wifi));
        }
        return new NetworkFacts(interfaces);
    }

    private boolean isWireless(String name) {
        Path folder = root.resolve("sys/class/net").resolve(name);
        return Files.exists(folder.resolve("wireless")) || Files.exists(folder.resolve("phy80211"));
    }

    private List<String> lines(String file) {
        try {
            return Files.readAllLines(root.resolve(file));
        } catch (IOException notThisSystem) {
            return List.of();
        }
    }
}
