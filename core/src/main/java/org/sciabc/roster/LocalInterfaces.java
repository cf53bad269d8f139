// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.net.Inet4Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Similarity;
import org.sciabc.spi.Subnet;
import org.sciabc.spi.Untrusted;

/** The network interfaces of this machine at one moment, and which of them to use. */
public final class LocalInterfaces {
    /** What container engines, virtual machines and private networks make: nodes are hardly ever there. */
    private static final Pattern VIRTUAL =
            Pattern.compile("docker\\d+|br-[0-9a-f]{12}|veth.*|virbr\\d.*|vnet\\d+|vmnet\\d+"
                    + "|lxcbr\\d+|lxdbr\\d+|incusbr\\d+|podman\\d+|cni.*|cali.*|flannel.*|tun\\d.*|tap\\d.*|utun\\d+|wg.*|zt.*"
                    + "|tailscale\\d+|ppp\\d+|dummy\\d+|awdl\\d+|llw\\d+|bridge\\d{3}");

    private final List<Found> found;

    /**
     * An interface as the system lists it.
     *
     * @param itself its name and addresses
     * @param up whether it is up and has a carrier
     * @param pointToPoint whether it leads to one other machine only
     */
    public record Found(LocalInterface itself, boolean up, boolean pointToPoint) {
        /** Whether packets can leave through it now. */
        public boolean isReady() {
            return up && !itself.addresses().isEmpty();
        }

        boolean isOrdinary() {
            return isReady()
                    && !itself.loopback()
                    && !pointToPoint
                    && !VIRTUAL.matcher(itself.name()).matches();
        }

        String shown() {
            String addresses = itself.addresses().stream()
                    .filter(address -> address.address() instanceof Inet4Address
                            || itself.addresses().size() == 1)
                    .map(address -> withoutScope(address.address().getHostAddress()) + "/" + address.prefixLength())
                    .collect(Collectors.joining(", "));
            String state = up ? addresses.isEmpty() ? "no address" : addresses : "down";
            return itself.name() + " (" + state + ")";
        }

        private static String withoutScope(String address) {
            return address.replaceFirst("%.*", "");
        }
    }

    LocalInterfaces(List<Found> found) {
        this.found = List.copyOf(found);
    }

    /**
     * Asks the system, which takes a few milliseconds.
     *
     * @throws SciabcException when the system does not tell
     */
    public static LocalInterfaces enumerate() throws SciabcException {
        try {
            List<Found> found = new ArrayList<>();
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                found.add(found(each));
            }
            return new LocalInterfaces(found);
        } catch (SocketException failure) {
            throw new SciabcException(
                    "cannot list the network interfaces",
                    Untrusted.line(Optional.ofNullable(failure.getMessage()).orElse(""), 200),
                    "",
                    failure);
        }
    }

    /**
     * The interfaces to use.
     *
     * @param selectors names of interfaces, and networks in CIDR form, of which only the addresses inside are used; when
     *     there are none, all that are up and lead to other machines, without those of containers, virtual machines and
     *     private networks unless there is nothing else
     * @return at least one
     * @throws SciabcException when a selector fits nothing, naming what there is, or when there is no network
     */
    public List<LocalInterface> choose(List<String> selectors) throws SciabcException {
        if (selectors.isEmpty()) {
            return byDefault();
        }
        Map<String, Set<LocalInterface.Address>> chosen = new LinkedHashMap<>();
        for (String selector : selectors) {
            for (LocalInterface each : selected(selector)) {
                chosen.computeIfAbsent(each.name(), unseen -> new LinkedHashSet<>())
                        .addAll(each.addresses());
            }
        }
        return found.stream()
                .map(Found::itself)
                .filter(each -> chosen.containsKey(each.name()))
                .map(each -> withAddresses(
                        each,
                        each.addresses().stream()
                                .filter(address -> chosen.getOrDefault(each.name(), Set.of())
                                        .contains(address))
                                .toList()))
                .toList();
    }

    /** Every interface, in the system's order, those that are down included. */
    public List<Found> all() {
        return found;
    }

    /** All that are up and have an address, loopback included. */
    List<LocalInterface> ready() {
        return itself(found.stream().filter(Found::isReady).toList());
    }

    private List<LocalInterface> byDefault() throws SciabcException {
        List<LocalInterface> ordinary =
                itself(found.stream().filter(Found::isOrdinary).toList());
        if (!ordinary.isEmpty()) {
            return ordinary;
        }
        List<LocalInterface> virtual = itself(found.stream()
                .filter(each -> each.isReady() && !each.itself().loopback())
                .toList());
        if (virtual.isEmpty()) {
            throw new SciabcException(
                    "no network interface",
                    "this machine has only " + shown(),
                    "plug in a cable or join a network; '--interface lo' stays on this machine");
        }
        return virtual;
    }

    private List<LocalInterface> selected(String selector) throws SciabcException {
        Optional<Found> named = found.stream()
                .filter(each -> each.itself().name().equals(selector))
                .findFirst();
        if (named.isPresent()) {
            if (!named.get().isReady()) {
                throw new SciabcException(
                        "cannot use interface '" + selector + "'",
                        named.get().up() ? "it has no address" : "it is down",
                        "this machine has " + shown());
            }
            return List.of(named.get().itself());
        }
        Subnet subnet = Subnet.parse(selector).orElseThrow(() -> unknown(selector));
        List<LocalInterface> inside = found.stream()
                .filter(Found::isReady)
                .map(each -> withAddresses(
                        each.itself(),
                        each.itself().addresses().stream()
                                .filter(address -> subnet.contains(address.address()))
                                .toList()))
                .filter(each -> !each.addresses().isEmpty())
                .toList();
        if (inside.isEmpty()) {
            throw new SciabcException("no interface is in the network " + subnet, "this machine has " + shown(), "");
        }
        return inside;
    }

    private SciabcException unknown(String selector) {
        String asked = Untrusted.line(selector, 40);
        Optional<String> nearest = found.stream()
                .map(each -> each.itself().name())
                .min(Comparator.comparingInt(name -> Similarity.distance(asked, name)))
                .filter(name -> Similarity.distance(asked, name) <= 2);
        return new SciabcException(
                "there is no interface '" + asked + "'",
                "this machine has " + shown(),
                nearest.map(name -> "did you mean '" + name + "'?")
                        .orElse("name an interface, or a network such as 10.0.3.0/24"));
    }

    private String shown() {
        return found.isEmpty()
                ? "none"
                : found.stream().map(Found::shown).sorted().collect(Collectors.joining(", "));
    }

    private static List<LocalInterface> itself(List<Found> found) {
        return found.stream().map(Found::itself).toList();
    }

    private static LocalInterface withAddresses(LocalInterface original, List<LocalInterface.Address> addresses) {
        return new LocalInterface(original.name(), addresses, original.loopback(), original.multicast());
    }

    private static Found found(NetworkInterface each) throws SocketException {
        List<LocalInterface.Address> addresses = each.getInterfaceAddresses().stream()
                .map(LocalInterfaces::address)
                .sorted(Comparator.comparing(
                                (LocalInterface.Address address) -> !(address.address() instanceof Inet4Address))
                        .thenComparing(address -> address.address().isLinkLocalAddress()))
                .toList();
        return new Found(
                new LocalInterface(each.getName(), addresses, each.isLoopback(), each.supportsMulticast()),
                each.isUp(),
                each.isPointToPoint());
    }

    /** Some drivers report prefixes that cannot be: then it is a network of one. */
    private static LocalInterface.Address address(InterfaceAddress reported) {
        int bits = reported.getAddress().getAddress().length * 8;
        int prefix = reported.getNetworkPrefixLength();
        return new LocalInterface.Address(reported.getAddress(), prefix < 1 || prefix > bits ? bits : prefix);
    }
}
