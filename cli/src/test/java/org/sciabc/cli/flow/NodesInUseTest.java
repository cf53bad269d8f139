// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sciabc.cli.CliFailure;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;

class NodesInUseTest {
    private static final List<Node> NODES = List.of(Node.of("node1", List.of()), Node.of("node2", List.of()));

    @Test
    void aSetThatIsNoSetIsAMistakeOfTheCommandLine() {
        assertThatExceptionOfType(CliFailure.class)
                .isThrownBy(() -> NodesInUse.selected(NODES, List.of("node[1-")))
                .satisfies(refused -> assertThat(refused.status()).isEqualTo(64));
    }

    @Test
    void aNodeThatIsNotThereIsNotFound() {
        assertThatExceptionOfType(CliFailure.class)
                .isThrownBy(() -> NodesInUse.selected(NODES, List.of("node[2-3]")))
                .withMessageContaining("node3 not found")
                .satisfies(refused -> assertThat(refused.status()).isEqualTo(69));
    }

    @Test
    void ofThoseThatWereNamedNotAllNeedToBeLeft() throws SciabcException {
        assertThat(NodesInUse.among(NODES, List.of("node[2-3]")))
                .extracting(Node::name)
                .containsExactly("node2");
        assertThat(NodesInUse.among(NODES, List.of())).isEqualTo(NODES);
    }
}
