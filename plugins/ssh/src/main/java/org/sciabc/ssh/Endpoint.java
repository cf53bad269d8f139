// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.sciabc.spi.Node;

/** One address and port at which a node may be. */
record Endpoint(InetAddress address, int port) {

    /**
     * The addresses of a node in their order, but those of this machine itself last: many machines have the same address on
     * their container bridge, and what answers there would be this machine.
     */
    static List<Endpoint> of(Node node) {
        List<InetAddress> ordered = new ArrayList<>(node.addresses());
        if (ordered.size() > 1) {
            Set<InetAddress> own = ownAddresses();
            ordered.removeIf(address -> isOwn(address, own));
            node.addresses().stream().filter(address -> isOwn(address, own)).forEach(ordered::add);
        }
        List<Endpoint> endpoints = new ArrayList<>();
        for (InetAddress address : new LinkedHashSet<>(ordered)) {
            endpoints.add(new Endpoint(address, node.port()));
        }
        return endpoints;
    }

    /** For {@code connect}. */
    InetSocketAddress socketAddress() {
        return new InetSocketAddress(address, port);
    }

    /** As OpenSSH names it in a file of known hosts. */
    String knownHostsName() {
        String host = address.getHostAddress();
        return port == Node.SSH_PORT ? host : "[" + host + "]:" + port;
    }

    /** For people. */
    @Override
    public String toString() {
        return address.getHostAddress() + (port == Node.SSH_PORT ? "" : " port " + port);
    }

    private static boolean isOwn(InetAddress address, Set<InetAddress> own) {
        return address.isLoopbackAddress() || own.contains(address);
    }

    private static Set<InetAddress> ownAddresses() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .collect(Collectors.toSet());
        } catch (SocketException unknown) {
            return Set.of();
        }
    }
}
