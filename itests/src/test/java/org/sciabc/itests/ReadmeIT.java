// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every command of the README, typed in its order on a terminal, in front of three machines that nobody prepared. */
@RequiresContainerEngine
class ReadmeIT {
    private static final Duration PROVISIONING = Duration.ofMinutes(5);

    private static final int INTERRUPTED = 130;

    @AutoClose
    private static Lab lab;

    @BeforeAll
    static void bootThreeMachines() {
        lab = Lab.ofBareNodes(3);
        lab.nodes().forEach(NodeContainer::announceAs2016);
    }

    @Test
    void everyCommandDoesWhatItSaysInTheOrderOfTheText() throws IOException {
        List<String> typed = new ArrayList<>();
        for (String line : commands()) {
            // The first two run elsewhere: DemoIT runs the demonstration, and this test is run by the other.
            if (line.equals("./sciabc demo --yes") || line.equals("./itests/run")) {
                continue;
            }
            assertThat(line).startsWith("sciabc ");
            boolean isFirstLogin = typed.stream().noneMatch(before -> before.contains("--ask-password"));
            type(line, isFirstLogin);
            typed.add(line);
        }

        assertThat(typed).hasSizeGreaterThanOrEqualTo(6).contains("sciabc restore all --ask-password");
        lab.nodes().forEach(node -> assertThat(node.sh("which mpirun || true")).isEmpty());
        assertThat(lab.manager().read("/home/" + ManagerContainer.USER + "/nodes.txt"))
                .contains("pi@" + lab.node(1).address() + " slots=");
    }

    @Test
    void withoutALauncherOnTheManagerNoNodeIsMadeReady() {
        Result up = lab.manager()
                .sciabc(
                        "up",
                        "--user",
                        "pi",
                        "--expect",
                        "3",
                        "--yes",
                        "--set",
                        "openmpi.mpirun=nowhere",
                        "--",
                        "true");

        assertThat(up.exitStatus()).as(up.toString()).isEqualTo(75);
        assertThat(up.stderr())
                .contains("no 'nowhere' on this machine", "hint: ")
                .doesNotContain("Trust it?", "planning");
    }

    private static void type(String line, boolean isFirstLogin) {
        Command command = Command.script("cd ~ && PATH=" + ManagerContainer.DISTRIBUTION + "/bin:$PATH && exec " + line)
                .as(ManagerContainer.USER)
                .with("HOME", "/home/" + ManagerContainer.USER)
                .onTerminal()
                .within(PROVISIONING);
        try (RunningCommand running = lab.manager().start(command)) {
            if (line.equals("sciabc announce")) {
                running.awaitOutput("Ctrl-C ends it").interrupt();
            }
            if (line.startsWith("sciabc watch")) {
                running.awaitOutput("nodes.txt: 3 nodes").interrupt();
            }
            if (line.contains("--ask-password")) {
                running.awaitOutput("Password for the nodes").type(NodeContainer.PASSWORD + "\n");
                if (isFirstLogin) {
                    running.awaitOutput("Trust it?").type("all\n");
                }
                if (line.startsWith("sciabc up")) {
                    running.awaitOutput("Carry this out?").type("y\n");
                }
                if (line.startsWith("sciabc restore")) {
                    running.awaitOutput("Undo this?").type("y\n");
                }
            }
            Result result = running.await();
            assertThat(result.exitStatus())
                    .as(result.toString())
                    .isEqualTo(line.startsWith("sciabc watch") ? INTERRUPTED : 0);
            assertThat(result.stdout()).doesNotContain(NodeContainer.PASSWORD);
        }
    }

    /** The lines of the shell's code blocks. */
    private static List<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        boolean inBlock = false;
        for (String raw : Files.readAllLines(Project.root().resolve("README.md"))) {
            String line = raw.strip();
            if (line.startsWith("```")) {
                inBlock = !inBlock && line.equals("```sh");
            } else if (inBlock && !line.isEmpty()) {
                commands.add(line);
            }
        }
        return commands;
    }
}
