// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.CommandStreams;

/** Each test has another Java hold the line, and ends that without a goodbye. */
@Timeout(60)
class LifeLineTest {
    private static final String PATH = "/usr/local/bin:/usr/bin:/bin";

    @TempDir
    private Path folder;

    private final List<ProcessHandle> started = new ArrayList<>();

    /** Runs a program as launchers run theirs, until somebody ends it or interrupts it by a line of input. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] words) throws Exception {
            Thread here = Thread.currentThread();
            Thread listening = new Thread(() -> {
                try {
                    if (System.in.read() >= 0) {
                        here.interrupt();
                    }
                } catch (IOException closed) {
                    here.interrupt();
                }
            });
            listening.setDaemon(true);
            listening.start();
            new OwnProcesses(PATH, Duration.ofSeconds(5))
                    .notOutlivingUs()
                    .run(
                            List.of(words),
                            Map.of(),
                            new CommandStreams(new ByteArrayInputStream(new byte[0]), System.out, System.err));
        }
    }

    @AfterEach
    void endAll() {
        started.forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void aProgramIsAskedToEndWhenItsOwnerIsKilled() throws Exception {
        Path goodbye = folder.resolve("goodbye");
        Process owner = hold("trap 'echo asked >>" + goodbye + "; exit' TERM; echo $$; while :; do sleep 0.1; done");
        ProcessHandle program = program(owner);

        owner.destroyForcibly();

        assertThat(program.onExit()).succeedsWithin(Duration.ofSeconds(20));
        assertThat(goodbye).hasContent("asked");
    }

    @Test
    void aProgramThatWasAskedAlreadyIsNotAskedTwice() throws Exception {
        Path goodbye = folder.resolve("goodbye");
        Process owner = hold("trap 'echo asked >>" + goodbye + "' TERM; echo $$; while :; do sleep 0.1; done");
        ProcessHandle program = program(owner);
        interrupt(owner);
        await(goodbye);

        owner.destroyForcibly();

        assertThat(program.onExit()).succeedsWithin(Duration.ofSeconds(20));
        assertThat(goodbye).hasContent("asked");
    }

    @Test
    void aProgramThatDoesNotObeyIsKilledWithTheRestOfItsSession() throws Exception {
        Process owner = hold("trap '' TERM; sleep 100000 & echo $$; while :; do sleep 0.1; done");
        ProcessHandle program = program(owner);
        List<ProcessHandle> children = program.children().toList();

        owner.destroyForcibly();

        assertThat(program.onExit()).succeedsWithin(Duration.ofSeconds(20));
        for (ProcessHandle child : children) {
            assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(20));
        }
    }

    @Test
    void nothingIsLeftOfALineWhoseProgramHasEnded() throws Exception {
        Path go = folder.resolve("go");
        Process owner = hold("echo $$; until [ -e " + go + " ]; do sleep 0.1; done");
        program(owner);
        Files.createFile(go);

        assertThat(owner.waitFor(20, TimeUnit.SECONDS)).isTrue();
        for (ProcessHandle each : started) {
            assertThat(each.onExit()).succeedsWithin(Duration.ofSeconds(20));
        }
    }

    private Process hold(String script) throws IOException {
        Process owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        "sh",
                        "-c",
                        script)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        started.add(owner.toHandle());
        return owner;
    }

    /** The program, once it runs; and once its line is there, too. */
    private ProcessHandle program(Process owner) throws Exception {
        StringBuilder number = new StringBuilder();
        for (int read = owner.getInputStream().read();
                read != '\n';
                read = owner.getInputStream().read()) {
            assertThat(read).isNotNegative();
            number.append((char) read);
        }
        ProcessHandle program =
                ProcessHandle.of(Long.parseLong(number.toString())).orElseThrow();
        started.add(program);
        while (owner.isAlive() && owner.children().count() < 2) {
            Thread.onSpinWait();
        }
        owner.children().forEach(started::add);
        return program;
    }

    private static void interrupt(Process owner) throws IOException {
        OutputStream in = owner.getOutputStream();
        in.write('\n');
        in.flush();
    }

    private static void await(Path file) throws IOException {
        while (!Files.exists(file) || Files.size(file) == 0) {
            Thread.onSpinWait();
        }
    }
}
