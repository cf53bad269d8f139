// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.NetworkService;
import org.sciabc.spi.Notice;
import org.sciabc.spi.ServiceListener;

/** Instances in, services out: what is heard of one instance over IPv4, over IPv6 and through Avahi is one service. */
final class FoundServices {
    /** More than this is ignored: somebody is announcing nonsense. */
    private static final int LIMIT = 5_000;

    private static final int TYPE_LABELS = 2;

    private final ServiceListener listener;
    private final Map<Key, NetworkService> services = new HashMap<>();
    private final Map<Key, Set<InetAddress>> addresses = new HashMap<>();
    private final Set<Key> types = new HashSet<>();
    private final Set<String> said = new HashSet<>();

    private record Key(DnsName name, String networkInterface) {}

    FoundServices(ServiceListener listener) {
        this.listener = listener;
    }

    /** Takes that there is a type of service, perhaps without any instance. */
    void type(LocalInterface seenOn, DnsName type) {
        if (isRoom() && types.add(new Key(type, seenOn.name()))) {
            listener.type(typeOf(type.labels()), seenOn.name());
        }
    }

    /** Takes an instance together with where it lives and what it says. */
    void instance(LocalInterface seenOn, ServiceInstance instance) {
        Key key = new Key(instance.name(), seenOn.name());
        if (!services.containsKey(key) && !isRoom()) {
            return;
        }
        Set<InetAddress> all = addresses.computeIfAbsent(key, first -> new LinkedHashSet<>());
        all.addAll(instance.addresses());
        tell(
                key,
                Optional.of(String.join(".", instance.host().labels())),
                OptionalInt.of(instance.port()),
                AddressOrder.bestFirst(all, seenOn),
                instance.text()
                        .damage()
                        .map(why -> List.of("its TXT record is broken: " + why))
                        .orElse(instance.text().strings()));
    }

    /** Takes an instance of which nothing but its name is known. */
    void unresolved(LocalInterface seenOn, DnsName name) {
        Key key = new Key(name, seenOn.name());
        if (!services.containsKey(key) && isRoom()) {
            tell(key, Optional.empty(), OptionalInt.empty(), List.of(), List.of());
        }
    }

    /** Says something once, however often it is noticed. */
    void once(Notice notice) {
        if (said.add(notice.text())) {
            listener.notice(notice);
        }
    }

    private void tell(
            Key key, Optional<String> host, OptionalInt port, List<InetAddress> addressesOfHost, List<String> text) {
        List<String> labels = key.name().labels();
        NetworkService service = new NetworkService(
                typeOf(labels.subList(1, labels.size())),
                key.name().first(),
                key.networkInterface(),
                host,
                port,
                addressesOfHost,
                text);
        if (!service.equals(services.put(key, service))) {
            listener.found(service);
        }
    }

    private boolean isRoom() {
        boolean room = services.size() + types.size() < LIMIT;
        if (!room) {
            once(Notice.warning("more than " + LIMIT + " services are announced: the rest is ignored"));
        }
        return room;
    }

    private static String typeOf(List<String> labels) {
        return String.join(".", labels.subList(0, Math.min(TYPE_LABELS, labels.size())));
    }
}
