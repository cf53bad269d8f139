// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Node;
import org.sciabc.testkit.SampleNodes;

class NodeTextTest {
    private static final LocalInterface ETH0 = new LocalInterface(
            "eth0", List.of(new LocalInterface.Address(SampleNodes.address("10.0.3.12"), 24)), false, true);

    @Test
    void whatIsWrittenIsReadBack() {
        Node self = SampleNodes.known("node1", "lab", "10.0.3.12");

        assertThat(NodeText.read(NodeText.bytes(NodeText.write(self, ETH0)), ETH0))
                .contains(self);
    }

    @Test
    void unusableValuesAreAbsentAndTheRestIsRead() {
        Node node = NodeText.read(bytes("""
                        v=1
                        name=a b
                        address=10.0.3.7,nonsense,224.0.0.1,0.0.0.0
                        user=root;reboot
                        port=0
                        cores=99999999999999999999
                        mem=-1
                        id=../../etc/passwd
                        hk=SHA256:x
                        os=\u001b[2J
                        zzz
                        """), ETH0).orElseThrow();

        assertThat(node).isEqualTo(Node.of("a-b", List.of(SampleNodes.address("10.0.3.7"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bye",
                "v=2\nname=a\naddress=10.0.0.1",
                "v=1\nname=a",
                "v=1\naddress=10.0.0.1",
                "v=1\nname=a\naddress=example.org",
                "v=1\nname=a\naddress=10.0.0.0/24",
                "v=1\nname=a\naddress=10.0.0.1\ncluster=;reboot"
            })
    void whatNamesNoMachineInThisVersionIsNoNode(String text) {
        assertThat(NodeText.read(bytes(text), ETH0)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name=a\naddress=10.0.0.1",
                "v=\nname=a\naddress=10.0.0.1\ncluster=",
                "V=1\nNAME=a\nAddress=10.0.0.1\naddress=10.0.0.2"
            })
    void rulesAreThoseOfTheTxtRecord(String text) {
        assertThat(NodeText.read(bytes(text), ETH0)).contains(Node.of("a", List.of(SampleNodes.address("10.0.0.1"))));
    }

    @Test
    void textThatIsTooLongIsNotRead() {
        assertThat(NodeText.read(bytes("v=1\nname=a\naddress=10.0.0.1\nx=" + "y".repeat(3_000)), ETH0))
                .isEmpty();
    }

    @Test
    void anyBytesAreSurvived() {
        Random random = new Random(3);
        byte[] whole = NodeText.bytes(NodeText.write(SampleNodes.known("node1", "lab", "10.0.3.12"), ETH0));
        for (int i = 0; i < 5_000; i++) {
            byte[] changed = whole.clone();
            for (int changes = random.nextInt(1, 8); changes > 0; changes--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            }
            NodeText.read(changed, ETH0)
                    .ifPresent(node -> assertThat(node.name()).matches("[A-Za-z0-9._-]+"));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
