// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.NodeConnection;

/** Many nodes at once, from many threads, through one provisioner. */
class CrowdTest {
    private static final int NODES = 64;

    @TempDir
    private Path folder;

    @Test
    void manyNodesAreReachedAtOnceAndAllAreKnownAfterwards() throws Exception {
        List<MinaNode> nodes = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(NODES);
        ManagerSide manager = new ManagerSide(folder);
        SshProvisioner ssh = manager.ssh();
        String key = manager.clusterKey();
        try {
            List<Callable<String>> all = new ArrayList<>();
            for (int i = 0; i < NODES; i++) {
                MinaNode node = MinaNode.in(folder.resolve("home" + i))
                        .withKey(TestKeys.ofLine(key))
                        .start();
                nodes.add(node);
                all.add(() -> {
                    try (NodeConnection connection = ssh.connect(manager.request(node.node(), "pi"))) {
                        return ManagerSide.run(connection, "cat; pwd").out().strip();
                    }
                });
            }
            List<String> homes = new ArrayList<>();
            for (Future<String> future : threads.invokeAll(all)) {
                homes.add(future.get());
            }
            assertThat(homes).doesNotHaveDuplicates().hasSize(NODES);
            assertThat(Files.readAllLines(manager.state.resolve("known_hosts"))).hasSize(NODES);
        } finally {
            threads.shutdownNow();
            for (MinaNode node : nodes) {
                node.close();
            }
        }
    }
}
