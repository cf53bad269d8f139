// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One instance of a service, of whatever kind, that somebody announces on a network (RFC 6763). Its texts were said by
 * strangers: they are made printable here, and mean nothing.
 *
 * @param type the kind of service, such as {@code _ssh._tcp}
 * @param name the name of the instance, such as {@code node1}
 * @param networkInterface the name of the interface that it was seen on
 * @param host the name of the machine that it is on, where that was said
 * @param port its port, where that was said
 * @param addresses where that machine is, best first; empty when that was not said
 * @param text what it says of itself, mostly as {@code key=value}
 */
public record NetworkService(
        String type,
        String name,
        String networkInterface,
        Optional<String> host,
        OptionalInt port,
        List<InetAddress> addresses,
        List<String> text) {
    private static final int LONGEST_NAME = 255;
    private static final int MOST_TEXTS = 100;

    public NetworkService {
        Objects.requireNonNull(networkInterface, "networkInterface is null");
        Objects.requireNonNull(port, "port is null");
        type = Untrusted.line(type, LONGEST_NAME);
        name = Untrusted.line(name, LONGEST_NAME);
        host = host.map(said -> Untrusted.line(said, LONGEST_NAME));
        addresses = List.copyOf(addresses);
        text = text.stream()
                .limit(MOST_TEXTS)
                .map(each -> Untrusted.line(each, LONGEST_NAME))
                .toList();
    }
}
