// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.sciabc.launch.MachineReport.NodeAddress;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.Subnet;

/** Which network all nodes of a job, and the manager, have in common. */
public final class SharedNetworks {
    private static final int LOOPBACK_PREFIX = 8;

    /** Of container engines, virtual machines and private networks over others. */
    private static final Pattern VIRTUAL = Pattern.compile(
            "(docker|br-|veth|virbr|vnet|lxcbr|lxdbr|incusbr|cni|flannel|cali|podman|kube|cilium|vxlan|vmnet|vboxnet"
                    + "|tun|tap|utun|wg|ppp|tailscale|zt|nebula|ipsec|gre|sit|dummy|ifb).*");

    /** How the kernel calls what carries Ethernet frames (if_arp.h); Wi-Fi is among them, tunnels are not. */
    private static final String ETHERNET = "1";

    private static final String INFINIBAND = "32";

    private SharedNetworks() {}

    /**
     * The networks of this machine that hold the addresses of all nodes; empty when there is none, and the launcher has to
     * choose. Pure.
     */
    public static List<Subnet> of(List<ReadyNode> nodes, List<LocalInterface> interfaces) {
        List<InetAddress> addresses = nodes.stream().map(ReadyNode::address).toList();
        if (areLoopback(addresses)) {
            return List.of(Subnet.of(addresses.get(0), LOOPBACK_PREFIX));
        }
        Stream<Subnet> own = interfaces.stream()
                .flatMap(each -> each.addresses().stream())
                .map(LocalInterface.Address::subnet)
                .distinct();
        return own.filter(subnet -> addresses.stream().allMatch(subnet::contains))
                .limit(1)
                .toList();
    }

    static boolean areLoopback(List<InetAddress> addresses) {
        return !addresses.isEmpty() && addresses.stream().allMatch(InetAddress::isLoopbackAddress);
    }

    /**
     * A network that all machines are in, each with an address of its own.
     *
     * @param addresses the address of each machine, in order
     */
    record Shared(Subnet network, List<InetAddress> addresses) {}

    /**
     * The networks that all machines are in, the best first: those through which the nodes are reached, then IPv4, then the
     * order of the first machine's interfaces. Left out are loopback, virtual bridges, tunnels, interfaces without a
     * carrier, link-local IPv6, and ranges in which two machines have the same address: such a range is a different network
     * on each.
     *
     * @param machines what each has; one that has none shares nothing
     * @param reached the addresses through which nodes are reached
     */
    static List<Shared> among(List<List<NodeAddress>> machines, List<InetAddress> reached) {
        if (machines.isEmpty()) {
            return List.of();
        }
        Set<Subnet> candidates = new LinkedHashSet<>();
        machines.get(0).stream().filter(SharedNetworks::isUsable).forEach(each -> candidates.add(each.network()));
        List<Shared> shared = new ArrayList<>();
        for (Subnet candidate : candidates) {
            in(candidate, machines).ifPresent(shared::add);
        }
        shared.sort(Comparator.comparing((Shared each) -> !reached.stream().allMatch(each.network()::contains))
                .thenComparing(each -> each.network().base() instanceof Inet6Address)
                .thenComparing(each -> each.network().base().isLinkLocalAddress()));
        return List.copyOf(shared);
    }

    /** The addresses that all machines have in a range; empty when one has none there, or two have the same. */
    static Optional<Shared> in(Subnet network, List<List<NodeAddress>> machines) {
        List<InetAddress> addresses = new ArrayList<>();
        for (List<NodeAddress> machine : machines) {
            Optional<InetAddress> own = machine.stream()
                    .filter(each ->
                            isUsable(each) && network.contains(each.address().base()))
                    .map(each -> each.address().base())
                    .findFirst();
            if (own.isEmpty()) {
                return Optional.empty();
            }
            addresses.add(own.get());
        }
        return new HashSet<>(addresses).size() == addresses.size()
                ? Optional.of(new Shared(network, List.copyOf(addresses)))
                : Optional.empty();
    }

    private static boolean isUsable(NodeAddress each) {
        InetAddress address = each.address().base();
        boolean carriesFrames = each.kind().isEmpty()
                || each.kind().equals(ETHERNET)
                || each.kind().equals(INFINIBAND);
        return carriesFrames
                && !each.isDown()
                && !VIRTUAL.matcher(each.interfaceName()).matches()
                && !address.isLoopbackAddress()
                && !(address instanceof Inet6Address && address.isLinkLocalAddress())
                && !each.network().equals(each.address());
    }
}
