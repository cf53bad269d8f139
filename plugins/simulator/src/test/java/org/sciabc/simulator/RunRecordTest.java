// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.Hardware;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;

final class RunRecordTest {
    private final Owner owner = new Owner("a machine\nwith = a \\ name", "boot", 42, "1234");

    @Test
    void whatWasWrittenIsReadBack() throws Exception {
        Node full = Node.of("node1", List.of(InetAddress.getByName("127.0.7.1")))
                .withId(new NodeId("abcdefgh-node1"))
                .withPort(2222)
                .withUser("person")
                .withCluster("lab")
                .withHostKey("SHA256:abc+/=")
                .withHardware(new Hardware(
                        OptionalInt.of(4), OptionalLong.empty(), Optional.of("x86_64"), Optional.of("debian-12")));
        Node bare = Node.of("node2", List.of(InetAddress.getByName("127.0.7.2")));
        RunRecord record = new RunRecord(owner, List.of(full, bare));
        assertThat(RunRecord.parse(record.text())).contains(record);
    }

    @Test
    void sameRecordIsWrittenAlike() {
        RunRecord record = new RunRecord(owner, List.of());
        assertThat(record.text()).isEqualTo(record.text()).doesNotContain("#");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\\u12",
                "nodes=1\npid=1\nmachine=\nboot=\nstarted=\n",
                "nodes=0\npid=many\nmachine=\nboot=\nstarted=\n",
                "nodes=1\npid=1\nmachine=\nboot=\nstarted=\nnode.0.name=-x\nnode.0.address=127.0.0.1\nnode.0.port=22\n",
                "nodes=1\npid=1\nmachine=\nboot=\nstarted=\nnode.0.name=x\nnode.0.address=localhost\nnode.0.port=22\n",
                "nodes=1\npid=1\nmachine=\nboot=\nstarted=\nnode.0.name=x\nnode.0.address=127.0.0.1\nnode.0.port=0\n"
            })
    void anythingElseIsNoRecord(String text) {
        assertThat(RunRecord.parse(text)).isEmpty();
    }
}
