// SPDX-License-Identifier: GPL-3.0-or-later
package org.example.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;

class InventoryTest {
    @Test
    void readsEverythingThatDiscoverPrints() throws SciabcException {
        Inventory inventory = parse("""
                {"cluster": "default", "nodes": [{"id": "0a1b2c3d-4e5f", "name": "node1", "addresses": ["10.0.3.12", "fd00::1"],
                  "port": 2222, "user": "pi", "cores": 4, "memoryBytes": 4147994624, "arch": "aarch64", "os": "debian-12",
                  "state": "alive", "seenBy": ["zeroconf"], "lastSeen": "2026-03-01T10:00:00Z"}], "notices": []}""");

        assertThat(inventory.complaints()).isEmpty();
        Node node = inventory.nodes().get(0);
        assertThat(node.name()).isEqualTo("node1");
        assertThat(node.addresses())
                .extracting(address -> address.getHostAddress())
                .containsExactly("10.0.3.12", "fd00:0:0:0:0:0:0:1");
        assertThat(node.port()).isEqualTo(2222);
        assertThat(node.user()).contains("pi");
        assertThat(node.hardware().cores()).hasValue(4);
        assertThat(node.hardware().memoryBytes()).hasValue(4147994624L);
        assertThat(node.hardware().os()).contains("debian-12");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7",
                "{}",
                "{\"name\": 7, \"addresses\": [\"10.0.3.13\"]}",
                "{\"name\": \"-rf\", \"addresses\": [\"10.0.3.13\"]}",
                "{\"name\": \"node2\"}",
                "{\"name\": \"node2\", \"addresses\": []}",
                "{\"name\": \"node2\", \"addresses\": [\"www.example.org\"]}",
                "{\"name\": \"node2\", \"addresses\": [\"10.0.3.999\"]}",
                "{\"name\": \"node2\", \"addresses\": [\"10.0.3.13\"], \"port\": 0}",
                "{\"name\": \"node2\", \"addresses\": [\"10.0.3.13\"], \"port\": 22.5}",
                "{\"name\": \"node2\", \"addresses\": [\"10.0.3.13\"], \"user\": \"pi; reboot\"}",
                "{\"name\": \"node2\", \"addresses\": [\"10.0.3.13\"], \"cores\": -4}",
                "{\"name\": \"node1\", \"addresses\": [\"10.0.3.13\"]}",
            })
    void leavesOutAnEntryThatIsNoNodeAndSparesTheOthers(String entry) throws SciabcException {
        Inventory inventory =
                parse("{\"nodes\": [{\"name\": \"node1\", \"addresses\": [\"10.0.3.12\"]}, " + entry + "]}");

        assertThat(inventory.nodes()).extracting(Node::name).containsExactly("node1");
        assertThat(inventory.complaints()).singleElement().asString().startsWith("http-inventory left out entry 2: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "[]", "{}", "{\"nodes\": 7}", "{\"nodes\": []} and more"})
    void refusesWhatIsNoInventory(String document) {
        assertThatThrownBy(() -> parse(document))
                .isInstanceOf(SciabcException.class)
                .hasMessageStartingWith("cannot read the inventory: ");
    }

    @Test
    void refusesEndlessNesting() {
        assertThatThrownBy(() -> parse("{\"nodes\": " + "[".repeat(500_000)))
                .hasMessage("cannot read the inventory: it is nested too deeply");
    }

    private static Inventory parse(String document) throws SciabcException {
        return Inventory.parse(document.getBytes(StandardCharsets.UTF_8));
    }
}
