// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.cli.CliFailure;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Node;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.Subnet;

class JobsOfRootTest {
    private static final LaunchRequest.Job JOB = job(false);

    @ParameterizedTest
    @ValueSource(strings = {"zeroconf", "static,simulator", ""})
    void rootHasToAgreeExceptInTheSimulator(String backends) throws Exception {
        List<String> names = backends.isEmpty() ? List.of() : List.of(backends.split(",", -1));

        assertThatThrownBy(() -> JobsOfRoot.of(JOB, "root", names))
                .isInstanceOf(CliFailure.class)
                .hasMessageContaining("the job would run as root");
        assertThat(JobsOfRoot.of(job(true), "root", names)).isEqualTo(job(true));
        assertThat(JobsOfRoot.of(JOB, "ada", names)).isEqualTo(JOB);
        assertThat(JobsOfRoot.of(JOB, "root", List.of("simulator")).allowRoot()).isTrue();
    }

    @Test
    void rootOnTheNodesIsNamedWithThem() throws Exception {
        List<ReadyNode> nodes = List.of(node(1, "pi"), node(2, "root"), node(3, "root"));

        assertThatThrownBy(() -> JobsOfRoot.check(JOB, nodes))
                .isInstanceOf(CliFailure.class)
                .hasMessageContaining("the job would run as root on node[2-3]");
        JobsOfRoot.check(job(true), nodes);
        JobsOfRoot.check(JOB, nodes.subList(0, 1));
    }

    private static LaunchRequest.Job job(boolean allowsRoot) {
        return new LaunchRequest.Job(List.of("pi"), OptionalInt.of(2), Map.of(), allowsRoot);
    }

    private static ReadyNode node(int number, String user) {
        var address = Subnet.parse("10.9.0." + number).orElseThrow().base();
        return new ReadyNode(Node.of("node" + number, List.of(address)), address, user, 1);
    }
}
