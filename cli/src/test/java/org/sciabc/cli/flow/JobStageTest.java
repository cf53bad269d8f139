// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Node;
import org.sciabc.spi.ReadyNode;

final class JobStageTest {
    @ParameterizedTest(name = "{0} on {1} nodes, then on {2}")
    @CsvSource({"8, 2, 1, 4", "8, 4, 3, 6", "1, 4, 1, 1", "8, 2, 4, 8", "8, 2, 2, 8"})
    void whatRunsAgainHasFewerProcessesOnFewerSlotsAndNeverMore(int ranks, int before, int left, int expected) {
        LaunchRequest.Job job = new LaunchRequest.Job(List.of("./pi"), OptionalInt.of(ranks), Map.of(), false);

        assertThat(JobStage.scaled(job, nodes(before), nodes(left)).ranks()).hasValue(expected);
    }

    private static List<ReadyNode> nodes(int count) {
        InetAddress address = InetAddress.getLoopbackAddress();
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> new ReadyNode(Node.of("node" + i, List.of(address)), address, "pi", 4))
                .toList();
    }
}
