// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sciabc.spi.Finding;
import org.sciabc.spi.Finding.Severity;
import org.sciabc.spi.ReadyNode;

/** What the connections from node to node, and back to this machine, tell. Pure. */
final class LinkChecks {
    static final String OPEN = "open";
    static final String FILTERED = "filtered";
    private static final int MOST_SHOWN = 4;

    private final List<ReadyNode> nodes;
    private final List<InetAddress> addresses;
    private final Set<String> manager;
    private final List<Map<String, String>> links;

    /**
     * Connections among nodes.
     *
     * @param addresses the address of each node that was connected to
     * @param manager the addresses of this machine
     * @param links for each node, how the connection to an address went; what was not tried is absent
     */
    LinkChecks(
            List<ReadyNode> nodes, List<InetAddress> addresses, Set<String> manager, List<Map<String, String>> links) {
        this.nodes = nodes;
        this.addresses = addresses;
        this.manager = manager;
        this.links = links;
    }

    private record Broken(ReadyNode from, Optional<ReadyNode> to, String state) {
        String text() {
            return from.node().name() + " to "
                    + to.map(node -> node.node().name()).orElse("this machine");
        }
    }

    /** Whether nothing that was tried failed. */
    boolean areFine() {
        return broken().isEmpty();
    }

    List<Finding> findings() {
        List<Broken> broken = broken();
        List<Finding> findings = new ArrayList<>();
        if (nodes.size() > 1 && links.stream().allMatch(Map::isEmpty)) {
            findings.add(new Finding(
                    Severity.WARN,
                    "the network was not verified",
                    List.of(),
                    "no node has bash and timeout, with which it would have connected to another one",
                    "if the job hangs at its beginning, a firewall between the nodes may be why"));
        }
        add(
                findings,
                broken.stream()
                        .filter(each -> each.to().isPresent() && each.state().equals(FILTERED))
                        .toList(),
                "a firewall is in the way",
                "a job's processes connect to each other at any port: let the nodes' network pass,"
                        + " such as with 'sudo ufw allow from ADDRESS/PREFIX'");
        add(
                findings,
                broken.stream()
                        .filter(each -> each.to().isPresent() && !each.state().equals(FILTERED))
                        .toList(),
                "nodes cannot connect to each other",
                "is this a guest network that keeps its users apart? '--interface CIDR' chooses another network");
        add(
                findings,
                broken.stream().filter(each -> each.to().isEmpty()).toList(),
                "nodes cannot connect back to this machine",
                "its firewall has to let them: a launcher's processes on the nodes call it at any port");
        return findings;
    }

    private static void add(List<Finding> findings, List<Broken> broken, String what, String hint) {
        if (!broken.isEmpty()) {
            List<ReadyNode> about = broken.stream()
                    .map(each -> each.to().orElse(each.from()))
                    .distinct()
                    .toList();
            String evidence =
                    broken.stream().limit(MOST_SHOWN).map(Broken::text).collect(Collectors.joining(", "))
                            + (broken.size() > MOST_SHOWN ? " and " + (broken.size() - MOST_SHOWN) + " more" : "");
            findings.add(new Finding(Severity.STOP, what, about, "no connection from " + evidence, hint));
        }
    }

    private List<Broken> broken() {
        List<Broken> broken = new ArrayList<>();
        for (int from = 0; from < nodes.size(); from++) {
            ReadyNode node = nodes.get(from);
            links.get(from).forEach((address, state) -> {
                Optional<ReadyNode> to = at(address);
                // A neighbour that did not answer at all is said elsewhere.
                if (!state.equals(OPEN) && (to.isPresent() || manager.contains(address))) {
                    broken.add(new Broken(node, to, state));
                }
            });
        }
        return broken;
    }

    private Optional<ReadyNode> at(String address) {
        return Stream.iterate(0, index -> index < nodes.size(), index -> index + 1)
                .filter(index -> addresses.get(index).getHostAddress().equals(address))
                .map(nodes::get)
                .findFirst();
    }
}
