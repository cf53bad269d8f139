// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.List;

/**
 * The nodes that a hostfile is to list.
 *
 * @param nodes the nodes, in order
 * @param localUser the account that the person works with: a node's user is written only where it differs
 */
public record HostfileRequest(List<ReadyNode> nodes, String localUser) {
    public HostfileRequest {
        nodes = List.copyOf(nodes);
    }
}
