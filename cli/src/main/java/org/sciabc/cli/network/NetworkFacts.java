// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.network;

import java.util.List;
import java.util.stream.Stream;

/**
 * On which networks this machine is at one moment.
 *
 * @param interfaces all interfaces, those that are down included
 */
public record NetworkFacts(List<InterfaceFacts> interfaces) {
    public NetworkFacts {
        interfaces = List.copyOf(interfaces);
    }

    /** Those through which packets can leave. */
    Stream<InterfaceFacts> up() {
        return interfaces.stream().filter(InterfaceFacts::up);
    }
}
