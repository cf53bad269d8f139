// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The main job with {@code --launcher mpich}: the same verbs and options as ever, and another MPI. The manager has both
 * families of MPI, the nodes have neither before they are made ready. The acts of one story, so that their order matters.
 */
@RequiresContainerEngine
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MpichIT {
    private static final Duration PROVISIONING = Duration.ofMinutes(5);
    private static final String WHO = "echo rank $PMI_RANK of $PMI_SIZE on $(hostname) as $(id -un)";

    @AutoClose
    private static Lab lab;

    @BeforeAll
    static void bootAManagerAndTwoMachines() {
        lab = Lab.of(MachineImage.TOOLS, MachineImage.BARE_MPICH, MachineImage.BARE_MPICH);
        lab.nodes().subList(1, 3).forEach(NodeContainer::announceAs2016);
    }

    @Test
    @Order(1)
    void anotherPackageIsProvisionedAndTheJobRunsOnIt() {
        Result result = lab.node(1)
                .run(manager(
                                "up",
                                "--launcher",
                                "mpich",
                                "--user",
                                "pi",
                                "--expect",
                                "2",
                                "--accept-new-host-keys",
                                "--yes",
                                "--password-file",
                                "-",
                                "--slots",
                                "2",
                                "--",
                                "sh",
                                "-c",
                                WHO)
                        .reading(NodeContainer.PASSWORD + "\n")
                        .within(PROVISIONING))
                .succeeded();

        assertThat(result.stderr()).contains("install mpich").doesNotContain("openmpi");
        assertThat(result.stdout().lines())
                .containsExactlyInAnyOrder(
                        "rank 0 of 4 on node2 as pi",
                        "rank 1 of 4 on node2 as pi",
                        "rank 2 of 4 on node3 as pi",
                        "rank 3 of 4 on node3 as pi");
    }

    @Test
    @Order(2)
    void theHostfileIsHydras() {
        assertThat(launch("--slots", "2", "--dry-run", "--", "hostname")
                        .succeeded()
                        .stdout())
                .isEqualTo(lab.node(2).address() + ":2 user=pi\n" + lab.node(3).address() + ":2 user=pi\n");
    }

    @Test
    @Order(3)
    void exitStatusAndSignalOfTheJobComeBack() {
        assertThat(launch("-n", "1", "--", "sh", "-c", "exit 9").exitStatus()).isEqualTo(9);
        assertThat(launch("-n", "1", "--", "sh", "-c", "kill -9 $$").exitStatus())
                .isEqualTo(137);
    }

    @Test
    @Order(4)
    void wordsReachTheProgramAsTheyAre() {
        assertThat(launch("-n", "1", "--", "printf", "%s|", "a b", "--yes", "'", "$HOME", "*", "é")
                        .succeeded()
                        .stdout())
                .isEqualTo("a b|--yes|'|$HOME|*|é|");
    }

    @Test
    @Order(5)
    void inputGoesToTheFirstProcessAndEndsForTheOthers() {
        Result result = lab.node(1)
                .run(manager(words("--slots", "1", "--", "sh", "-c", "cat; echo rank $PMI_RANK is through"))
                        .reading("hello\n"))
                .succeeded();

        assertThat(result.stdout().lines())
                .containsExactlyInAnyOrder("hello", "rank 0 is through", "rank 1 is through");
    }

    @Test
    @Order(6)
    void ctrlCEndsEveryProcessOfTheJobOnEveryNode() {
        try (RunningCommand job = lab.node(1)
                .start(manager(words("--", "sh", "-c", "echo started; sleep 4321"))
                        .onTerminal())) {
            job.awaitOutput("started");
            job.interrupt();
            assertThat(job.await().exitStatus()).isEqualTo(130);
        }
        assertThat(lab.nodes().subList(1, 3))
                .allSatisfy(node -> assertThat(node.sh("pgrep -f 'sleep 4321' | grep -v $$ || true"))
                        .isEmpty());
    }

    private static Result launch(String... arguments) {
        return lab.node(1).run(manager(words(arguments)));
    }

    private static String[] words(String... arguments) {
        List<String> words = new ArrayList<>(
                List.of("launch", "--launcher", "mpich", "--user", "pi", "--expect", "2", "--for", "20s"));
        words.addAll(List.of(arguments));
        return words.toArray(String[]::new);
    }

    private static Command manager(String... arguments) {
        List<String> words = new ArrayList<>(List.of(ManagerContainer.DISTRIBUTION + "/bin/sciabc"));
        words.addAll(List.of(arguments));
        return Command.of(words.toArray(String[]::new)).as(ManagerContainer.USER);
    }
}
