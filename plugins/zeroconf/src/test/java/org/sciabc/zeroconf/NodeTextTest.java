// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.Hardware;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;

class NodeTextTest {
    private static final String KEY = "SHA256:" + "Ab+/".repeat(10) + "xyz";

    private static final Node COMPLETE = Node.of("pi", List.of(Packet.literal("10.0.0.7")))
            .withId(new NodeId("0f8fad5b-d9cb"))
            .withCluster("lab")
            .withUser("ada")
            .withPort(2222)
            .withHostKey(KEY)
            .withHardware(new Hardware(
                    OptionalInt.of(4), OptionalLong.of(8L << 30), Optional.of("aarch64"), Optional.of("debian-12")));

    @Test
    void wireNamesAreThoseOfTheDocumentation() {
        assertThat(NodeText.write(COMPLETE))
                .containsExactly(
                        "v=1",
                        "id=0f8fad5b-d9cb",
                        "cluster=lab",
                        "user=ada",
                        "port=2222",
                        "cores=4",
                        "mem=8589934592",
                        "arch=aarch64",
                        "os=debian-12",
                        "hk=" + KEY);
    }

    @Test
    void nameOfAnInstanceIsCutToWhatDnsHolds() {
        assertThat(NodeText.instance("pi")).isEqualTo("SupercomputerInABriefcase on pi");
        assertThat(NodeText.instance("h".repeat(63))).isEqualTo("SupercomputerInABriefcase on " + "h".repeat(34));
        assertThat(NodeText.instance("h".repeat(33) + "\u00e4"))
                .as("no half of a character")
                .isEqualTo("SupercomputerInABriefcase on " + "h".repeat(33));
    }

    @Test
    void nodeWhoseNameWasCutIsReadWithItsWholeName() {
        String host = "h".repeat(63);
        NodeText.Reading reading = NodeText.read(new ServiceInstance(
                NodeText.SERVICE_TYPE.child(NodeText.instance(host)),
                DnsName.of(host, "local"),
                NodeText.SERVICE_PORT,
                ServiceText.NONE,
                List.of(Packet.literal("10.0.0.7"))));

        assertThat(reading.node().orElseThrow().name()).isEqualTo(host);
        assertThat(reading.complaint()).isEmpty();
    }

    @Test
    void whatIsWrittenIsReadBack() {
        NodeText.Reading reading = read("pi", NodeText.write(COMPLETE).toArray(String[]::new));

        assertThat(reading.node()).contains(COMPLETE);
        assertThat(reading.complaint()).isEmpty();
    }

    @Test
    void nodeOf2016IsReadWithItsNameAndTheUsualSshPort() {
        NodeText.Reading reading = read("pi");

        assertThat(reading.node()).contains(Node.of("pi", List.of(Packet.literal("10.0.0.7"))));
        assertThat(reading.complaint()).isEmpty();
    }

    @Test
    void unknownKeysAndEmptyValuesAreNoMistakes() {
        NodeText.Reading reading = read("pi", "v=1", "colour=blue", "cores=", "mem=", "hk=");

        assertThat(reading.complaint()).isEmpty();
        assertThat(reading.node()).contains(Node.of("pi", List.of(Packet.literal("10.0.0.7"))));
    }

    @Test
    void otherVersionIsUsedForNameAndAddressOnly() {
        NodeText.Reading reading = read("pi", "v=2", "user=ada", "port=99");

        assertThat(reading.node()).contains(Node.of("pi", List.of(Packet.literal("10.0.0.7"))));
        assertThat(reading.complaint())
                .hasValueSatisfying(why -> assertThat(why).contains("another version"));
    }

    @Nested
    class Hostile {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "user|-oProxyCommand=reboot",
                    "user|ada; reboot",
                    "user|a\u001b[31mb",
                    "port|0",
                    "port|65536",
                    "port|-22",
                    "port|22x",
                    "cores|0",
                    "cores|99999999999999999999",
                    "mem|1e9",
                    "arch|$(reboot)",
                    "os|deb\u0007ian",
                    "hk|MD5:00:11",
                    "id|../../etc",
                    "id|short"
                })
        void unusableValueIsIgnoredAndNamed(String key, String value) {
            NodeText.Reading reading = read("pi", "v=1", "cluster=lab", key + "=" + value);

            assertThat(reading.node())
                    .contains(Node.of("pi", List.of(Packet.literal("10.0.0.7"))).withCluster("lab"));
            assertThat(reading.complaint()).contains("unusable values of " + key + " are ignored");
        }

        @Test
        void unusableClusterMakesItNobodysNode() {
            assertThat(read("pi", "v=1", "cluster=\u001b]0;lab").node()).isEmpty();
        }

        @Test
        void brokenTextMakesItNoNode() {
            ServiceText broken = ServiceText.read(ByteBuffer.wrap(new byte[] {100, 'a'}));
            NodeText.Reading reading = NodeText.read(new ServiceInstance(
                    Packet.instance("pi"),
                    DnsName.of("pi", "local"),
                    NodeText.SERVICE_PORT,
                    broken,
                    List.of(Packet.literal("10.0.0.7"))));

            assertThat(reading.node()).isEmpty();
            assertThat(reading.complaint()).contains("its TXT record is broken: a length in it leads past its end");
        }

        @Test
        void nameOfAnotherNodeIsSaidAndTheHostsNameIsUsed() {
            NodeText.Reading reading = NodeText.read(new ServiceInstance(
                    Packet.instance("bank"),
                    DnsName.of("eve", "local"),
                    NodeText.SERVICE_PORT,
                    ServiceText.NONE,
                    List.of(Packet.literal("10.0.0.7"))));

            assertThat(reading.node()).map(Node::name).contains("eve");
            assertThat(reading.complaint())
                    .contains("it bears the name of 'bank' but points at 'eve', which is what it is called here");
        }

        @ParameterizedTest
        @ValueSource(strings = {"pi #2", "pi (2)", "pi-2"})
        void nameThatHadToGiveWayIsNoLie(String renamed) {
            NodeText.Reading reading = NodeText.read(new ServiceInstance(
                    Packet.instance(renamed),
                    DnsName.of("pi-2", "local"),
                    NodeText.SERVICE_PORT,
                    ServiceText.NONE,
                    List.of(Packet.literal("10.0.0.7"))));

            assertThat(reading.complaint()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {"-rf|rf", "..|node", "a\u001b[2Jb|a-2Jb", "pi;reboot|pi-reboot", "\u202Eip|ip"})
        void hostNameIsMadeHarmless(String host, String name) {
            NodeText.Reading reading = NodeText.read(new ServiceInstance(
                    Packet.TYPE.child("node"),
                    DnsName.of(host, "local"),
                    NodeText.SERVICE_PORT,
                    ServiceText.NONE,
                    List.of(Packet.literal("10.0.0.7"))));

            assertThat(reading.node()).map(Node::name).contains(name);
        }
    }

    private static NodeText.Reading read(String host, String... text) {
        return NodeText.read(new ServiceInstance(
                Packet.instance(host),
                DnsName.of(host, "local"),
                NodeText.SERVICE_PORT,
                ServiceText.read(ByteBuffer.wrap(Packet.strings(text))),
                List.of(Packet.literal("10.0.0.7"))));
    }
}
