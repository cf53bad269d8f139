// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.Finding;
import org.sciabc.spi.Finding.Severity;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Node;
import org.sciabc.spi.Probe;
import org.sciabc.spi.ReadyNode;

class LauncherHereTest {
    @TempDir
    private Path folder;

    private LaunchRequest draft;

    @BeforeEach
    void makeNodes() throws Exception {
        draft = FolderNodes.in(folder).request(List.of("hostname"));
    }

    @Test
    void whatThisMachineLacksIsFoundWithoutReachingANode() throws Exception {
        assertThat(LauncherHere.missing(new Picky("exit 1"), draft))
                .extracting(Finding::what)
                .containsExactly("nothing starts jobs here");
        assertThat(folder.resolve("connected")).doesNotExist();
    }

    @Test
    void nothingIsMissingWhereItIsThere() throws Exception {
        assertThat(LauncherHere.missing(new Picky("echo there"), draft)).isEmpty();
    }

    @Test
    void aNodeMayBeThisMachine() throws Exception {
        Node loopback = Node.of("node1", List.of(InetAddress.getByName("127.0.7.1")));
        Node elsewhere = Node.of("node2", List.of(InetAddress.getByName("192.0.2.1")));

        assertThat(LauncherHere.isAmong(List.of(elsewhere, loopback))).isTrue();
        assertThat(LauncherHere.isAmong(List.of(elsewhere))).isFalse();
    }

    /** Finds fault with every machine, and with this one where its command says nothing. */
    private static final class Picky extends VersionLauncher {
        private final String command;

        Picky(String command) {
            this.command = command;
        }

        @Override
        public List<Probe> probes(LaunchRequest request) {
            return List.of(new Probe("starter", command));
        }

        @Override
        public List<Finding> check(CheckRequest request) {
            List<ReadyNode> nodes = request.launch().nodes();
            Finding warning = new Finding(Severity.WARN, "this may be slow", List.of(), "", "");
            return request.manager().getOrDefault("starter", "").isBlank()
                    ? List.of(warning, new Finding(Severity.STOP, "nothing starts jobs here", nodes, "", ""))
                    : List.of(warning);
        }
    }
}
