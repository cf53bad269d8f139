// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ConnectRequest;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.HostKeyDecision;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.Provisioner;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.RemoteShellRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Settings;

@Timeout(30)
final class AccessTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final CountDownLatch release = new CountDownLatch(1);
    private final Set<String> closed = ConcurrentHashMap.newKeySet();

    @AfterEach
    void letGo() {
        release.countDown();
    }

    @Test
    void connectionsThatDoNotCloseKeepNoOtherOpenAndAreLeftBehindTogether() throws Exception {
        Access access = access("node1", "node2");
        for (Node node : nodes(5)) {
            access.connection(node, new Deadline(LONG, System::nanoTime));
        }
        long start = System.nanoTime();

        access.close(Duration.ofMillis(500));

        assertThat(closed).containsExactlyInAnyOrder("node3", "node4", "node5");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void whoIsGivenUpAndDoesNotLetItselfBeClosedHoldsNobodyUp() throws Exception {
        Access access = access("node1");
        CountDownLatch over = new CountDownLatch(1);

        var results = new Crowd(1, Duration.ofMillis(100))
                .each(
                        nodes(2),
                        (node, deadline) -> {
                            access.connection(node, deadline);
                            while (node.name().equals("node1") && over.getCount() > 0) {
                                LockSupport.parkNanos(1_000_000);
                            }
                            return node.name();
                        },
                        access::drop);
        over.countDown();

        assertThat(results.get(1)).isInstanceOf(Crowd.Done.class);
    }

    @Test
    void anInterruptionIsKeptAndCutsNoFarewellShort() throws Exception {
        Access access = access();
        access.connection(nodes(1).get(0), new Deadline(LONG, System::nanoTime));
        Thread.currentThread().interrupt();

        access.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(closed).containsExactly("node1");
    }

    private Access access(String... hanging) {
        return new Access(
                new Reaching(Set.of(hanging)),
                Settings.defaults(List.of()),
                Path.of("/nonexistent"),
                Users.local("pi")::choose,
                node -> Optional.empty(),
                HostKeyDecision.REFUSE,
                LONG);
    }

    private static List<Node> nodes(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> Node.of("node" + i, List.of()))
                .toList();
    }

    /** Reaches every node; the connections to some cannot be closed before the test is over. */
    private final class Reaching implements Provisioner {
        private final Set<String> hanging;

        Reaching(Set<String> hanging) {
            this.hanging = hanging;
        }

        @Override
        public String id() {
            return "reaching";
        }

        @Override
        public String summary() {
            return "reaches every node";
        }

        @Override
        public NodeConnection connect(ConnectRequest request) {
            return new Connection(request.node().name(), hanging);
        }

        @Override
        public RemoteShell remoteShell(RemoteShellRequest request) throws SciabcException {
            throw new SciabcException("not here", "", "");
        }
    }

    private final class Connection implements NodeConnection {
        private final String node;
        private final Set<String> hanging;

        Connection(String node, Set<String> hanging) {
            this.node = node;
            this.hanging = hanging;
        }

        @Override
        public ExitStatus run(RemoteCommand command, CommandStreams streams) {
            return ExitStatus.OK;
        }

        @Override
        public void upload(InputStream content, String path, int mode) {}

        @Override
        public void close() {
            if (hanging.contains(node)) {
                awaitRelease();
            }
            closed.add(node);
        }

        private void awaitRelease() {
            try {
                release.await();
            } catch (InterruptedException told) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
