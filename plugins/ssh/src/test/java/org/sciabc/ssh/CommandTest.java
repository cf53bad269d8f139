// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.SciabcException;

class CommandTest {
    @TempDir
    private Path folder;

    private MinaNode node;
    private NodeConnection connection;

    @BeforeEach
    void connect() throws Exception {
        node = MinaNode.in(folder.resolve("home"))
                .withPassword("pi", "raspberry")
                .start();
        ManagerSide manager = new ManagerSide(folder);
        connection = manager.ssh().connect(manager.request(node.node(), "pi", "raspberry"));
    }

    @AfterEach
    void disconnect() throws Exception {
        connection.close();
        node.close();
    }

    @Test
    void outputErrorsAndStatusComeBack() throws Exception {
        assertThat(ManagerSide.run(connection, "echo out; echo err >&2; exit 3"))
                .isEqualTo(new ManagerSide.Result(new ExitStatus(3), "out\n", "err\n"));
    }

    @Test
    void severalCommandsRunOverOneConnection() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(ManagerSide.run(connection, "echo " + i).out()).isEqualTo(i + "\n");
        }
    }

    @Test
    void commandReadsItsInput() throws Exception {
        var input = new ByteArrayInputStream("first\nsecond\n".getBytes(StandardCharsets.UTF_8));
        assertThat(ManagerSide.run(connection, RemoteCommand.of("read line; echo \"1 $line\"; cat"), input)
                        .out())
                .isEqualTo("1 first\nsecond\n");
    }

    @Test
    void commandWithoutInputReadsNothing() throws Exception {
        assertThat(ManagerSide.run(connection, "cat; echo end").out()).isEqualTo("end\n");
        assertThat(ManagerSide.run(connection, "cat; echo end #" + "x".repeat(2_000))
                        .out())
                .isEqualTo("end\n");
    }

    @Test
    void tenMegabytesOfOutputComeCompletely() throws Exception {
        byte[] sent = new byte[10 * 1024 * 1024];
        new Random(1).nextBytes(sent);
        var received = new java.io.ByteArrayOutputStream();
        ExitStatus status = connection.run(
                RemoteCommand.of("cat; echo end >&2"),
                new CommandStreams(new ByteArrayInputStream(sent), received, OutputStream.nullOutputStream()));
        assertThat(status).isEqualTo(ExitStatus.OK);
        assertThat(received.toByteArray()).isEqualTo(sent);
    }

    @Test
    void outputAndErrorsOfTenMegabytesEachDoNotBlockEachOther() throws Exception {
        var result = ManagerSide.run(
                connection, "head -c 10000000 /dev/zero >&2; head -c 10000000 /dev/zero; head -c 10 /dev/zero >&2");
        assertThat(result.out()).hasSize(10_000_000);
        assertThat(result.err()).hasSize(10_000_010);
    }

    @Test
    void scriptOfOneMegabyteRuns() throws Exception {
        String script = "n=0\n" + ("n=$((n + 1)) # " + "x".repeat(80) + "\n").repeat(10_900) + "echo $n; exit 7";
        assertThat(script.length()).isBetween(1024 * 1024 - 10_000, 1024 * 1024);
        assertThat(ManagerSide.run(connection, script))
                .isEqualTo(new ManagerSide.Result(new ExitStatus(7), "10900\n", ""));
    }

    @Test
    void longScriptAndInputDoNotMix() throws Exception {
        String script = "# " + "x".repeat(200_000) + "\nread line; echo \"got $line\"; cat";
        var input = new ByteArrayInputStream("one\ntwo\n".getBytes(StandardCharsets.UTF_8));
        assertThat(ManagerSide.run(connection, RemoteCommand.of(script), input).out())
                .isEqualTo("got one\ntwo\n");
    }

    @Test
    void everyCharacterOfAScriptArrives() throws Exception {
        String text = "quotes ' \" ` dollar $x bang ! back \\ slash % percent \t tab ~ tilde é ü 漢 🙂 * ? [x] {a,b} #h";
        String script = "cat <<'END'\n" + text + "\nEND\n";
        assertThat(ManagerSide.run(connection, script).out()).isEqualTo(text + "\n");
        assertThat(ManagerSide.run(connection, script + "#" + "x".repeat(3_000)).out())
                .isEqualTo(text + "\n");
    }

    @Test
    void endlessInputEndsWithTheCommand() throws Exception {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'y';
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                java.util.Arrays.fill(target, offset, offset + length, (byte) 'y');
                return length;
            }
        };
        assertThat(ManagerSide.run(connection, RemoteCommand.of("head -c 5; exit 4"), endless))
                .isEqualTo(new ManagerSide.Result(new ExitStatus(4), "yyyyy", ""));
        assertThat(ManagerSide.run(connection, "echo still here").out()).isEqualTo("still here\n");
    }

    @Test
    void inputThatBreaksEndsTheCommandInsteadOfLookingComplete() {
        InputStream broken = new FilterInputStream(InputStream.nullInputStream()) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                throw new IOException("the disk is on fire");
            }
        };
        Path witness = folder.resolve("home/witness");
        assertThatThrownBy(() -> ManagerSide.run(
                        connection, RemoteCommand.of("cat >/dev/null && echo done >" + witness), broken))
                .isInstanceOf(SciabcException.class)
                .hasMessage("cannot read the input of the command: the disk is on fire");
        assertThat(witness).doesNotExist();
    }

    @Test
    void commandAfterTheNodeIsGoneSaysSo() throws Exception {
        node.close();
        assertThatThrownBy(() -> ManagerSide.run(connection, "true"))
                .isInstanceOf(SciabcException.class)
                .hasMessageStartingWith("the connection is lost");
    }

    @Test
    void commandAfterClosingSaysSo() {
        connection.close();
        connection.close();
        assertThatThrownBy(() -> ManagerSide.run(connection, "true"))
                .isInstanceOf(SciabcException.class)
                .hasMessage("the connection is lost: it was closed");
    }
}
