// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent, read by the shells that are /bin/sh somewhere. */
class RemoteScriptTest {
    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox", "mksh"})
    void shortScriptRunsAndLeavesItsInputAlone(String shell) throws Exception {
        var ran = run(shell, "read a; echo \"<$a>\"; cat; exit 6", true, "one\ntwo");
        assertThat(ran).isEqualTo(new Ran(6, "<one>\ntwo"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox", "mksh"})
    void longScriptRuns(String shell) throws Exception {
        String script = "echo 'a\\n\"b' #" + "x".repeat(100_000) + "\nexit 6";
        assertThat(run(shell, script.replace("echo", "printf '%s\\n'"), false, ""))
                .isEqualTo(new Ran(6, "a\\n\"b\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox", "mksh"})
    void scriptThatIsCutOffDoesNotRunAtAll(String shell) throws Exception {
        for (String script : List.of("echo begun\necho done", "echo begun\n#" + "x".repeat(5_000))) {
            RemoteScript remote = new RemoteScript(script, false, new SecureRandom());
            byte[] input = remote.input();
            String cut = new String(input, 0, input.length - 3, StandardCharsets.UTF_8);
            assertThat(start(shell, remote, cut)).isEqualTo(new Ran(255, ""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox", "mksh"})
    void endOfAProcessIsTheEndOfItsFamily(String shell) throws Exception {
        Process family = new ProcessBuilder("/bin/sh", "-c", "sleep 3600 & sh -c 'sleep 3600; :'; :").start();
        Waiting.until(() -> family.descendants().count() >= 3);
        List<ProcessHandle> all = family.descendants().toList();
        assertThat(run(shell, KillScript.of(family.pid()), false, "").status()).isZero();
        assertThat(family.waitFor(2, TimeUnit.SECONDS)).isTrue();
        Waiting.until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void aLineWithTheMarkThatDoesNotEndIsNotKeptForEver() throws Exception {
        MarkedOutput marked = new MarkedOutput("mark ", OutputStream.nullOutputStream());
        byte[] more = "7".repeat(1 << 10).getBytes(StandardCharsets.UTF_8);
        marked.write("x".repeat(60_000).getBytes(StandardCharsets.UTF_8));
        marked.write("mark ".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> {
                    for (int part = 0; part < 70; part++) {
                        marked.write(more);
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessage("the line with the mark does not end");
    }

    private record Ran(int status, String output) {}

    private static Ran run(String shell, String script, boolean hasInput, String input) throws Exception {
        RemoteScript remote = new RemoteScript(script, hasInput, new SecureRandom());
        return start(shell, remote, new String(remote.input(), StandardCharsets.UTF_8) + input);
    }

    private static Ran start(String shell, RemoteScript remote, String input) throws Exception {
        String program = Tools.program(shell) + (shell.equals("busybox") ? " sh" : "");
        String line = remote.commandLine().replace("/bin/sh", program);
        Process process = new ProcessBuilder("/bin/sh", "-c", line).start();
        try (OutputStream stream = process.getOutputStream()) {
            stream.write(input.getBytes(StandardCharsets.UTF_8));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MarkedOutput marked = new MarkedOutput(remote.mark(), out);
        marked.write(process.getInputStream().readAllBytes());
        assertThat(marked.number()).hasValue(process.pid());
        return new Ran(process.waitFor(), out.toString(StandardCharsets.UTF_8));
    }
}
