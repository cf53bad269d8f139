// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code sciabc launch -- hostname}, with its checks, beside the same {@code mpirun} typed by hand over plain ssh: whole
 * processes, Java's start included, taking turns in one run, while the nodes share the machine with them. Cold neither
 * uses nor leaves anything that is open, first opens the connections that warm finds, blind is without checks, and session
 * has the resident run-time where Open MPI 5 has one, and elsewhere the processes of the next job, for which it waits, and which
 * one that follows another at once ("one by one") does not find ready. Prints a table with the load; no time fails it. Run with {@code itests/run -Dit.test=LaunchBenchmark}.
 */
@RequiresContainerEngine
@Timeout(value = 4, unit = TimeUnit.HOURS)
class LaunchBenchmark {
    private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 5);
    private static final List<Integer> SIZES = List.of(4, 8, 16);
    private static final String USER = "teacher";
    private static final String SCIABC = ManagerContainer.DISTRIBUTION + "/bin/sciabc ";
    private static final String LAUNCH = SCIABC + "launch --hostfile nodes.txt ";

    /** Until a person has typed the next command, the processes of the next job wait, where a session starts any. */
    private static final String AS_IF_TYPED = "for i in $(seq 50); do case $(" + SCIABC
            + "session status --json) in *'\"ahead\"'*) exit ;; esac; sleep 0.1; done";

    @ParameterizedTest
    @EnumSource(names = {"READY", "READY_TRIXIE"})
    void launchesBesideMpirunByHand(MachineImage image) {
        int most = Collections.max(SIZES);
        MachineImage[] images = Collections.nCopies(most + 1, image).toArray(MachineImage[]::new);
        try (Lab lab = Lab.of(images)) {
            Bench bench = new Bench(lab);
            bench.letTheTeacherIn(lab.nodes().subList(1, most + 1));
            for (int size : SIZES) {
                bench.measure(image, size);
            }
        }
    }

    /** The first node is the manager. */
    private record Bench(Lab lab) {
        private void measure(MachineImage image, int size) {
            List<String> lines = new ArrayList<>();
            lab.nodes()
                    .subList(1, size + 1)
                    .forEach(node -> lines.add(NodeContainer.USER + "@" + node.address() + " slots=1\n"));
            lab.node(1).write("/home/" + USER + "/nodes.txt", String.join("", lines));
            Map<String, String> commands = new LinkedHashMap<>();
            as(SCIABC + "exec --hostfile nodes.txt --accept-new-host-keys -- true");
            commands.put("by hand", "mpirun --hostfile nodes.txt hostname");
            commands.put("cold", LAUNCH + "--cold -- hostname");
            commands.put("first", LAUNCH + "-- hostname");
            commands.put("warm", LAUNCH + "-- hostname");
            commands.put("warm, blind", LAUNCH + "--no-check -- hostname");
            commands.values().forEach(this::millis);
            Map<String, List<Long>> taken = new LinkedHashMap<>();
            for (int round = 0; round < ROUNDS; round++) {
                commands.forEach((name, command) -> {
                    if (name.equals("first")) {
                        as(SCIABC + "session stop");
                    }
                    taken.computeIfAbsent(name, first -> new ArrayList<>()).add(millis(command));
                });
            }
            System.out.println(as(LAUNCH + "--timing -- hostname 2>&1 >/dev/null"));
            as(SCIABC + "session start --hostfile nodes.txt");
            for (int round = 0; round < ROUNDS; round++) {
                as(AS_IF_TYPED);
                taken.computeIfAbsent("session", first -> new ArrayList<>()).add(millis(LAUNCH + "-- hostname"));
            }
            for (int round = 0; round < ROUNDS; round++) {
                taken.computeIfAbsent("one by one", first -> new ArrayList<>()).add(millis(LAUNCH + "-- hostname"));
            }
            as(SCIABC + "session stop");
            double byHand = median(Objects.requireNonNull(taken.get("by hand")));
            assertThat(byHand).isPositive();
            String load = as("cut -d' ' -f1 /proc/loadavg").strip();
            taken.forEach((name, runs) -> System.out.printf(
                    "| %-12s | %2d nodes | %-8s | %6d ms | %.2f of by hand | load %s |%n",
                    image, size, name, median(runs), median(runs) / byHand, load));
        }

        private void letTheTeacherIn(List<NodeContainer> nodes) {
            String key = lab.node(1).makeKey();
            as("printf 'StrictHostKeyChecking no\\nLogLevel ERROR\\nUser pi\\n' >~/.ssh/config");
            for (NodeContainer node : nodes) {
                node.letIn(key);
            }
        }

        /** PRRTE 3.0.8 hangs now and then when it is started by hand, which a median survives. */
        private long millis(String command) {
            return Long.parseLong(as("start=$(date +%s%N); timeout 30 " + command
                            + " >/dev/null </dev/null || [ $? = 124 ] || exit; echo $((($(date +%s%N) - start) / 1000000))")
                    .strip());
        }

        private static long median(List<Long> runs) {
            return runs.stream().sorted().toList().get(runs.size() / 2);
        }

        private String as(String script) {
            // As after a login; mpirun closes each file that may be open before it starts an ssh.
            return lab.node(1)
                    .run(Command.script("ulimit -S -n 1024 && cd ~ && " + script)
                            .as(USER)
                            .with("HOME", "/home/" + USER))
                    .succeeded()
                    .stdout();
        }
    }
}
