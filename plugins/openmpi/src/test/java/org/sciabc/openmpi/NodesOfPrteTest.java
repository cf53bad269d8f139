// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Node;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.Settings;
import org.sciabc.spi.Subnet;
import org.sciabc.testkit.RecordingProcesses;

class NodesOfPrteTest {
    private static final Duration IDLE = Duration.ofMinutes(10);

    @Test
    void itIsReadAsItWasWritten() throws Exception {
        NodesOfPrte nodes = NodesOfPrte.of(request(node(1, "pi", 2), node(2, "alice", 4)), IDLE);

        assertThat(NodesOfPrte.parse(nodes.text())).contains(nodes);
        assertThat(nodes.names()).containsExactly("node1", "node2");
        assertThat(NodesOfPrte.parse("")).isEmpty();
        assertThat(NodesOfPrte.parse("600\nnode1 pi 10.0.3.1 22 2\n")).isEmpty();
    }

    @Test
    void nodesSlotsAndAccountsTellThemApart() throws Exception {
        NodesOfPrte nodes = NodesOfPrte.of(request(node(1, "pi", 2), node(2, "pi", 2)), IDLE);

        assertThat(NodesOfPrte.of(request(node(1, "pi", 2), node(2, "pi", 2)), IDLE))
                .isEqualTo(nodes);
        assertThat(NodesOfPrte.of(request(node(1, "pi", 2)), IDLE)).isNotEqualTo(nodes);
        assertThat(NodesOfPrte.of(request(node(1, "pi", 2), node(2, "pi", 3)), IDLE))
                .isNotEqualTo(nodes);
        assertThat(NodesOfPrte.of(request(node(1, "pi", 2), node(2, "alice", 2)), IDLE))
                .isNotEqualTo(nodes);
    }

    private static LaunchRequest request(ReadyNode... nodes) throws Exception {
        return new LaunchRequest(
                new LaunchRequest.Job(List.of("true"), OptionalInt.empty(), Map.of(), false),
                List.of(nodes),
                Path.of("/state/nodes.txt"),
                List.of(),
                new RemoteShell(List.of("/usr/bin/ssh", "-F", "/state/ssh_config")),
                Settings.defaults(new OpenMpiLauncher().settings()),
                Path.of("/state"),
                RecordingProcesses.ending());
    }

    private static ReadyNode node(int number, String user, int slots) {
        var address = Subnet.parse("10.0.3." + number).orElseThrow().base();
        return new ReadyNode(Node.of("node" + number, List.of(address)), address, user, slots);
    }
}
