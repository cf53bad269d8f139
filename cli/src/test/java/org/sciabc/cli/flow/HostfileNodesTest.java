// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.roster.Claim;
import org.sciabc.roster.NodeState;
import org.sciabc.roster.RosterEntry;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Subnet;

class HostfileNodesTest {
    @TempDir
    private Path folder;

    @Test
    void aNodeThatIsListedTwiceHasTheSlotsOfBothLines() throws Exception {
        List<Node> nodes = read("# mine\n10.0.3.1 slots=2\npi@10.0.3.2 # fast\n\n10.0.3.1 slots=3\n10.0.3.1\n");

        assertThat(nodes).extracting(Node::name).containsExactly("10.0.3.1", "10.0.3.2");
        assertThat(nodes.get(0).hardware().cores()).hasValue(6);
        assertThat(nodes.get(1).user()).contains("pi");
    }

    @Test
    void oneNodeWithTwoAccountsIsRefusedWithBothLines() {
        assertThatExceptionOfType(SciabcException.class)
                .isThrownBy(() -> read("pi@10.0.3.1\n10.0.3.2\nada@10.0.3.1\n"))
                .withMessageContaining("lines 1 and 3");
    }

    @Test
    void aNameWithoutAnAddressIsNamedWithItsLine() {
        assertThatExceptionOfType(SciabcException.class)
                .isThrownBy(() -> read("10.0.3.1\n10.0.3.2:x\n"))
                .withMessageContaining("10.0.3.2:x")
                .withMessageContaining("line 2");
    }

    @Test
    void portAndNameComeFromWhatIsKnownOfTheAddress() throws Exception {
        var address = Subnet.parse("10.0.3.1").orElseThrow().base();
        Node known = Node.of("node1", List.of(address)).withPort(2222).withUser("bob");
        List<Node> nodes = read("10.0.3.1\n10.0.3.2\n", List.of(seen(known, Instant.EPOCH)));

        assertThat(nodes).extracting(Node::name).containsExactly("node1", "10.0.3.2");
        assertThat(nodes).extracting(Node::port).containsExactly(2222, 22);
        // The file says whose account it is, by saying nothing.
        assertThat(nodes.get(0).user()).isEmpty();
    }

    @Test
    void whatTheFileDoesNotSayOfSlotsTheConfigurationSays() throws Exception {
        Path file = Files.writeString(folder.resolve("nodes.txt"), "10.0.3.1 slots=8\n10.0.3.2\n10.0.3.3:2 user=pi\n");

        List<Node> nodes = read(file, List.of(), OptionalInt.of(4));

        assertThat(nodes)
                .extracting(node -> node.hardware().cores().orElseThrow())
                .containsExactly(8, 4, 2);
        assertThat(nodes.get(2).user()).contains("pi");
    }

    @Test
    void anAddressThatIsKnownTwiceHasTheNameOfOneAndThePortThatGoesWithTheAccount() throws Exception {
        var address = Subnet.parse("10.0.3.1").orElseThrow().base();
        Node announced = Node.of("node1", List.of(address));
        Node listed = Node.of("10.0.3.1", List.of(address)).withPort(2222).withUser("bob");
        Instant earlier = Instant.parse("2026-11-01T10:00:00Z");
        List<RosterEntry> known = List.of(seen(listed, earlier.plusSeconds(60)), seen(announced, earlier));

        assertThat(read("pi@10.0.3.1\n", known))
                .extracting(Node::name, Node::port)
                .containsExactly(tuple("node1", 22));
        assertThat(read("bob@10.0.3.1\n", known))
                .extracting(Node::name, Node::port)
                .containsExactly(tuple("node1", 2222));
        // Without an account what was seen last counts: 'sciabc hostfile' may have written the line a moment ago.
        assertThat(read("10.0.3.1\n", known)).extracting(Node::port).containsExactly(2222);
    }

    /** Its address may have been given to another machine since. */
    @Test
    void aNodeThatIsGoneLendsNobodyItsName() throws Exception {
        var address = Subnet.parse("10.0.3.1").orElseThrow().base();
        RosterEntry gone = seen(Node.of("node7", List.of(address)), Instant.EPOCH.plusSeconds(60), NodeState.GONE);
        RosterEntry there = seen(Node.of("10.0.3.1", List.of(address)).withPort(2222), Instant.EPOCH);

        assertThat(read("10.0.3.1\n", List.of(gone, there)))
                .extracting(Node::name, Node::port)
                .containsExactly(tuple("10.0.3.1", 2222));
    }

    private static RosterEntry seen(Node node, Instant when) {
        return seen(node, when, NodeState.ALIVE);
    }

    private static RosterEntry seen(Node node, Instant when, NodeState state) {
        Claim claim = new Claim(
                new Claim.Key("static", node.name()), node, Optional.empty(), when, when, Claim.Standing.CURRENT, when);
        return new RosterEntry(node, state, when, Optional.empty(), List.of(claim));
    }

    private List<Node> read(String text) throws Exception {
        return read(text, List.of());
    }

    private List<Node> read(String text, List<RosterEntry> known) throws Exception {
        return read(Files.writeString(folder.resolve("nodes.txt"), text), known, OptionalInt.empty());
    }

    private static List<Node> read(Path file, List<RosterEntry> known, OptionalInt slots) throws Exception {
        return HostfileNodes.read(file.toString(), known, slots, InetAddress::getByName, line -> {});
    }
}
