// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.SciabcException;

/** Scripts are read by /bin/sh, whatever the account's login shell is and does. */
class LoginShellTest {
    private static final String SCRIPT = """
            for word in "it's" 'a "quoted" one' '$HOME' 'back\\slash' 'bang!'; do
              printf '%s\\n' "$word"
            done
            cat
            exit 5
            """;

    private static final String PRINTED = """
            it's
            a "quoted" one
            $HOME
            back\\slash
            bang!
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"sh", "bash", "dash", "fish", "tcsh", "csh", "zsh", "mksh", "busybox"})
    void scriptIsTheSameInEveryLoginShell(String shell) throws Exception {
        List<String> start = shell.equals("busybox")
                ? List.of(Tools.program(shell), "sh", "-c")
                : List.of(Tools.program(shell), "-c");
        try (MinaNode node = node(start);
                NodeConnection connection = connect(node)) {
            assertThat(ManagerSide.run(connection, SCRIPT).out()).isEqualTo(PRINTED);
            assertThat(ManagerSide.run(connection, SCRIPT + "#" + "x".repeat(2_000))
                            .out())
                    .isEqualTo(PRINTED);
            var result = ManagerSide.run(
                    connection,
                    RemoteCommand.of(SCRIPT),
                    new ByteArrayInputStream("input\n".getBytes(StandardCharsets.UTF_8)));
            assertThat(result.out()).isEqualTo(PRINTED + "input\n");
            assertThat(result.status().code()).isEqualTo(5);
        }
    }

    @Test
    void whatALoginShellPrintsBeforeIsNotOutput() throws Exception {
        Path shell = shell("echo Welcome to pi; printf 'no line end'; echo warning >&2; exec /bin/sh \"$@\"");
        try (MinaNode node = node(List.of(shell.toString(), "-c"));
                NodeConnection connection = connect(node)) {
            assertThat(ManagerSide.run(connection, "echo out; echo err >&2"))
                    .isEqualTo(new ManagerSide.Result(org.sciabc.spi.ExitStatus.OK, "out\n", "err\n"));
        }
    }

    @Test
    void muchThatALoginShellPrintsBeforeIsNotOutput() throws Exception {
        Path shell = shell("head -c 1000000 /dev/zero; exec /bin/sh \"$@\"");
        try (MinaNode node = node(List.of(shell.toString(), "-c"));
                NodeConnection connection = connect(node)) {
            assertThat(ManagerSide.run(connection, "echo out").out()).isEqualTo("out\n");
        }
    }

    @Test
    void accountWithoutALoginSaysWhatItsShellSaid() throws Exception {
        Path shell = shell("echo 'This account is currently not available.'; exit 1");
        try (MinaNode node = node(List.of(shell.toString(), "-c"));
                NodeConnection connection = connect(node)) {
            assertThatThrownBy(() -> ManagerSide.run(connection, "true"))
                    .isInstanceOf(SciabcException.class)
                    .hasMessage("the login shell runs no commands: it said 'This account is currently not available.'"
                            + " and ended with status 1");
        }
    }

    private MinaNode node(List<String> shell) throws Exception {
        return MinaNode.in(folder.resolve("home"), TestKeys.ed25519(), shell)
                .withPassword("pi", "raspberry")
                .start();
    }

    private NodeConnection connect(MinaNode node) throws Exception {
        ManagerSide manager = new ManagerSide(folder);
        return manager.ssh().connect(manager.request(node.node(), "pi", "raspberry"));
    }

    private Path shell(String text) throws Exception {
        Path shell = Files.writeString(folder.resolve("shell"), "#!/bin/sh\n" + text + "\n");
        return Files.setPosixFilePermissions(shell, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
