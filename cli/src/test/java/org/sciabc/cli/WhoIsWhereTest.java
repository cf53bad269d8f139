// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sciabc.cli.CommandRun.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.roster.Roster;
import org.sciabc.roster.RosterStore;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.Notice;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.SightingListener;
import org.sciabc.spi.WatchRequest;

/** Who is elsewhere than before, and another one where somebody was, is said where it is looked for. */
class WhoIsWhereTest {
    @TempDir
    private Path home = Path.of("");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** Sees a node at one address and then at another one. */
    public static final class Moving extends PluginFailuresTest.Finder {
        public Moving() {
            super("moving");
        }

        @Override
        public void watch(WatchRequest request, SightingListener listener) {
            listener.notice(Notice.info("a word in passing"));
            listener.sighted(seen(1));
            listener.sighted(seen(2));
        }

        private static Sighting seen(int last) {
            try {
                InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
                return new Sighting.Seen("source", Node.of("node1", List.of(address)), Optional.empty());
            } catch (UnknownHostException impossible) {
                throw new IllegalArgumentException(impossible);
            }
        }
    }

    @Test
    void aDiscoverySaysWhoMovedAndNothingElseInPassing() throws IOException {
        PluginOfTest.write(
                home.resolve("plugins"), "moving", "discovery:moving", Moving.class, PluginFailuresTest.Finder.class);

        assertThat(run("discover", "--discovery", "moving")).isZero();
        assertThat(text(err))
                .contains("'node1' is now at 127.0.0.2 and was at 127.0.0.1")
                .doesNotContain("in passing");
        err.reset();
        assertThat(run("hostfile", "--discovery", "moving", "--format", "mpich"))
                .isZero();
        assertThat(text(err)).doesNotContain("is now at");
    }

    @Test
    void nodesSaysWhoIsWhereAnotherOneWas() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> answer(server));
            answering.setDaemon(true);
            answering.start();
            Roster roster = new Roster("default");
            Instant now = Instant.now();
            roster.sighted("zeroconf", seen("old", "id-of-the-old-one", server.getLocalPort()), now);
            roster.sighted("zeroconf", new Sighting.Lost("old", Sighting.Reason.LEFT), now);
            roster.sighted("zeroconf", seen("new", "id-of-the-new-one", server.getLocalPort()), now);
            Path state = Files.createDirectories(home.resolve("state/default"));
            new RosterStore(state).save(roster.entries(), now);

            assertThat(run("nodes")).isZero();
        }
        assertThat(text(err)).contains("'new' is now at 127.0.0.1, where 'old' was: they are different machines");
    }

    private static Sighting seen(String name, String id, int port) {
        Node node = Node.of(name, List.of(InetAddress.getLoopbackAddress())).withPort(port);
        return new Sighting.Seen(name, node.withId(new NodeId(id)), Optional.empty());
    }

    private static void answer(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.getOutputStream().write("SSH-2.0-test\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private int run(String... arguments) {
        return CommandRun.of(Map.of("SCIABC_HOME", home.toString()), out, err, arguments);
    }
}
