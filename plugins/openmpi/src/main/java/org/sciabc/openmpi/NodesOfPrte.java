// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.Subnet;

/**
 * Which nodes a resident run-time is on, and how: everything in which a job's request may differ from it.
 *
 * @param idle after how long without a job it ends
 * @param lines for each node its name, account, address, port and slots; then what holds for all
 */
record NodesOfPrte(Duration idle, List<String> lines) {
    private static final String ALL = "all ";

    static NodesOfPrte of(LaunchRequest request, Duration idle) {
        List<String> lines = new ArrayList<>();
        for (ReadyNode node : request.nodes()) {
            lines.add(node.node().name() + " " + node.user() + " "
                    + node.address().getHostAddress() + " " + node.node().port() + " " + node.slots());
        }
        lines.add(ALL + request.settings().text("mpirun") + " "
                + String.join(" ", request.remoteShell().command()) + " "
                + String.join(
                        ",", request.networks().stream().map(Subnet::toString).toList()));
        return new NodesOfPrte(idle, List.copyOf(lines));
    }

    /** The networks that jobs in it use. */
    List<Subnet> networks() {
        String all = lines.get(lines.size() - 1);
        return Stream.of(all.substring(all.lastIndexOf(' ') + 1).split(",", -1))
                .flatMap(text -> Subnet.parse(text).stream())
                .toList();
    }

    /** The nodes' names, in order. */
    List<String> names() {
        return lines.subList(0, lines.size() - 1).stream()
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
    }

    String text() {
        return idle.toSeconds() + "\n" + String.join("\n", lines) + "\n";
    }

    static Optional<NodesOfPrte> parse(String text) {
        List<String> all = text.lines().toList();
        boolean isWhole = all.size() >= 2
                && all.get(0).matches("\\d{1,9}")
                && all.get(all.size() - 1).startsWith(ALL)
                && all.subList(1, all.size()).stream().allMatch(line -> line.contains(" "));
        return isWhole
                ? Optional.of(new NodesOfPrte(
                        Duration.ofSeconds(Long.parseLong(all.get(0))), List.copyOf(all.subList(1, all.size()))))
                : Optional.empty();
    }
}
