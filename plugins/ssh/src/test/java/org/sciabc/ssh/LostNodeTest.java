// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.SciabcException;

/** Nodes that vanish without a word, in the middle of a command. */
class LostNodeTest {
    @TempDir
    private Path folder;

    private MinaNode node;
    private Relay cable;
    private NodeConnection connection;

    @BeforeEach
    void connect() throws Exception {
        node = MinaNode.in(folder.resolve("home"))
                .withPassword("pi", "raspberry")
                .start();
        cable = Relay.to(node.port());
        ManagerSide manager = new ManagerSide(folder).with("longest-silence", "1s");
        connection = manager.ssh().connect(manager.request(cable.node(), "pi", "raspberry"));
    }

    @AfterEach
    void disconnect() throws Exception {
        connection.close();
        cable.close();
        node.close();
    }

    @Test
    void silentCommandOnALostNodeIsGivenUp() {
        isGivenUp(InputStream.nullInputStream(), "echo begun; sleep 60");
    }

    @Test
    void commandWhoseInputNoLongerGetsThroughIsGivenUp() {
        isGivenUp(new Endless(), "echo begun; cat >/dev/null");
    }

    @Test
    void silentCommandOnAWorkingNodeIsNot() throws Exception {
        assertThat(ManagerSide.run(connection, "sleep 2; echo done").out()).isEqualTo("done\n");
    }

    @Test
    void closingDoesNotWaitForALostNode() {
        cable.pull();
        long start = System.nanoTime();
        connection.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void connectionThatBreaksAnywhereIsNoticedAtOnce() throws Exception {
        ManagerSide manager = new ManagerSide(folder);
        for (int bytes = 0; bytes < 3_000; bytes += 37) {
            long start = System.nanoTime();
            try (Relay breaking = Relay.to(node.port()).breakingAfter(bytes)) {
                assertThatThrownBy(() -> logInAndRun(manager, breaking)).isInstanceOf(SciabcException.class);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("broken after %s bytes", bytes)
                    .isLessThan(Duration.ofSeconds(4));
        }
    }

    private static void logInAndRun(ManagerSide manager, Relay breaking) throws SciabcException, InterruptedException {
        try (NodeConnection reached = manager.ssh().connect(manager.request(breaking.node(), "pi", "raspberry"))) {
            ManagerSide.run(reached, "head -c 3000 /dev/zero");
        }
    }

    private void isGivenUp(InputStream in, String script) {
        long start = System.nanoTime();
        OutputStream pullsTheCable = new OutputStream() {
            @Override
            public void write(int first) {
                cable.pull();
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                cable.pull();
            }
        };
        assertThatThrownBy(() -> connection.run(
                        RemoteCommand.of(script),
                        new CommandStreams(in, pullsTheCable, OutputStream.nullOutputStream())))
                .isInstanceOf(SciabcException.class)
                .hasMessageStartingWith("the connection is lost: ");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    /** Input without an end. */
    private static final class Endless extends InputStream {
        @Override
        public int read() {
            return 'y';
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            return length;
        }
    }
}
