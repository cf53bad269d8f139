// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script around the first process of a job, with a real bash, on this machine. */
@Timeout(60)
class JobInputTest {
    private static final byte[] LONG = new byte[3_000_000];

    @TempDir
    private Path folder;

    /** How a program ended, and what it wrote to both of its streams. */
    private record Ran(int status, String said) {}

    @BeforeAll
    static void needsBash() {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")) && Files.isDirectory(Path.of("/proc/self")));
        Arrays.fill(LONG, (byte) 'x');
    }

    @Test
    void theProcessReadsAllOfIt() throws Exception {
        try (JobInput input = of(LONG)) {
            assertThat(input.isThere()).isTrue();
            assertThat(run(call(input), "wc -c")).isEqualTo(new Ran(0, LONG.length + "\n"));
        }
    }

    @Test
    void aProcessNeedNotReadIt() throws Exception {
        try (JobInput input = of(LONG)) {
            assertThat(run(call(input), "echo done; exit 3")).isEqualTo(new Ran(3, "done\n"));
        }
    }

    @Test
    void aProcessEndsByItsSignal() throws Exception {
        try (JobInput input = of(LONG)) {
            assertThat(run(call(input), "kill -KILL $$").status()).isEqualTo(137);
        }
        try (JobInput input = of(LONG)) {
            assertThat(run(call(input), "kill -TERM $$").status()).isEqualTo(143);
        }
    }

    @Test
    void theProcessHasTheVariablesThatItWouldHave() throws Exception {
        Path file = Files.createFile(folder.resolve("env"));
        try (JobInput input = of(LONG)) {
            assertThat(run(
                            Map.of(JobInput.VARIABLE, call(input), "SCIABC_ENV", file.toString(), "BASH_ENV", ""),
                            "echo \"$BASH_ENV|$SCIABC_CALL|$SCIABC_ENV\"; env | grep -c '^sciabc_'"))
                    .isEqualTo(new Ran(1, file + "||\n0\n"));
        }
    }

    @Test
    void whoDoesNotKnowTheWordGetsNothingAndReadsWhatTheLauncherGives() throws Exception {
        try (JobInput input = of(LONG)) {
            String[] call = call(input).split(" ", -1);
            assertThat(run(call[0] + " " + call[1] + " guessed", "cat")).isEqualTo(new Ran(0, "from the launcher\n"));
        }
    }

    @Test
    void whatElseIsSaidByWhoKnowsTheWordIsHeard() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        CommandStreams streams = new CommandStreams(
                InputStream.nullInputStream(), OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
        try (JobInput input = new JobInput(streams, heard::add)) {
            assertThat(input.isThere()).isFalse();
            String[] call = input.listen(request(), false).orElseThrow().split(" ", -1);
            for (String line : List.of("guessed 1 2\n", call[2] + " 3 4\n")) {
                try (Socket socket = new Socket(call[0], Integer.parseInt(call[1]))) {
                    socket.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
                    assertThat(socket.getInputStream().read()).isNegative();
                }
            }
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("3 4");
            assertThat(heard).isEmpty();
        }
    }

    private Ran run(String call, String program) throws Exception {
        return run(Map.of(JobInput.VARIABLE, call), program);
    }

    private Ran run(Map<String, String> variables, String program) throws Exception {
        Path given = Files.writeString(folder.resolve("given"), "from the launcher\n");
        List<String> words = new ArrayList<>(List.of("/bin/bash", "-c", JobInput.SCRIPT, "bash", "sh", "-c", program));
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectErrorStream(true).redirectInput(given.toFile());
        builder.environment().keySet().removeAll(List.of("BASH_ENV", "POSIXLY_CORRECT"));
        builder.environment().putAll(variables);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), said);
    }

    private static JobInput of(byte[] bytes) {
        return new JobInput(new CommandStreams(
                new ByteArrayInputStream(bytes), OutputStream.nullOutputStream(), OutputStream.nullOutputStream()));
    }

    private String call(JobInput input) throws Exception {
        return input.offer(request()).orElseThrow();
    }

    private LaunchRequest request() throws Exception {
        InetAddress here = Subnet.parse("127.0.0.1").orElseThrow().base();
        return new LaunchRequest(
                new LaunchRequest.Job(List.of("job"), OptionalInt.empty(), Map.of(), false),
                List.of(new ReadyNode(Node.of("here", List.of(here)), here, "pi", 1)),
                folder.resolve("nodes.txt"),
                List.of(),
                new RemoteShell(List.of("ssh")),
                Settings.defaults(List.of()),
                folder,
                (command, environment, streams) -> ExitStatus.OK);
    }
}
