// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * {@code sciabc exec -- true} and {@code sciabc plan} beside the programs that people use for it: whole processes, taking
 * turns in one run, while the nodes share the machine with them. More than {@value #MOST_MACHINES} nodes are so many
 * addresses of that many machines, each with one SSH server. All connect anew but for one row, which says so. Prints a
 * table; no time fails it. Run with {@code itests/run -Dit.test=ExecBenchmark -Dbenchmark.nodes=128 -Dbenchmark.rounds=3}.
 */
@RequiresContainerEngine
@Timeout(value = 4, unit = TimeUnit.HOURS)
class ExecBenchmark {
    private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 5);
    private static final int NODES = Integer.getInteger("benchmark.nodes", 8);
    private static final int MOST_MACHINES = 32;
    private static final int MACHINES = Math.min(NODES, MOST_MACHINES);

    /** Further addresses begin behind those of the machines. */
    private static final int FIRST_PLACE = 64;

    private static final String USER = "teacher";

    /** Runs its arguments and prints milliseconds of wall time, milliseconds of CPU, and the largest process in kB. */
    private static final String MEASURE = """
            import resource, subprocess, sys, time
            start = time.monotonic()
            status = subprocess.call(sys.argv[1], shell=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            wall = time.monotonic() - start
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            print(int(wall * 1000), int((used.ru_utime + used.ru_stime) * 1000), used.ru_maxrss)
            sys.exit(status)
            """;

    @AutoClose
    private static Lab lab;

    /** What one run took. */
    private record Taken(long wall, long cpu, long memory) {}

    @BeforeAll
    static void bootTheNodes() {
        List<MachineImage> images = new ArrayList<>(List.of(MachineImage.TOOLS));
        images.addAll(Collections.nCopies(MACHINES, MachineImage.BARE));
        lab = Lab.of(images.toArray(MachineImage[]::new));
    }

    @Test
    void oneCommandOnManyNodesBesideItsPeers() {
        letTheTeacherIn(lab.nodes().subList(1, MACHINES + 1));
        List<String> addresses = addresses();
        lab.node(1).write("/home/" + USER + "/nodes.txt", String.join("\n", addresses) + "\n");
        lab.node(1).write("/home/" + USER + "/measure.py", MEASURE);
        System.out.println("load before: "
                + lab.node(1).sh("cut -d ' ' -f 1-3 /proc/loadavg").strip());
        Map<String, String> commands = commands(addresses);
        commands.values().forEach(ExecBenchmark::run);

        Map<String, List<Taken>> taken = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            commands.forEach((name, command) ->
                    taken.computeIfAbsent(name, first -> new ArrayList<>()).add(run(command)));
        }
        long ours = median(Objects.requireNonNull(taken.get("sciabc exec")), Comparator.comparingLong(Taken::wall))
                .wall();
        assertThat(ours).isPositive();
        taken.forEach((name, runs) -> {
            Taken middle = median(runs, Comparator.comparingLong(Taken::wall));
            System.out.printf(
                    "| %3d nodes | %-18s | %6d ms | %6d ms CPU | %4d MB | %.2f |%n",
                    NODES, name, middle.wall(), middle.cpu(), middle.memory() / 1024, middle.wall() / (double) ours);
        });
    }

    private static void letTheTeacherIn(List<NodeContainer> nodes) {
        String key = lab.node(1).makeKey();
        as("printf 'StrictHostKeyChecking no\\nLogLevel ERROR\\nUser pi\\n' >~/.ssh/config");
        for (NodeContainer node : nodes) {
            node.letIn(key);
            node.sh("echo 'MaxStartups 1000' >/etc/ssh/sshd_config.d/many.conf && systemctl reload ssh");
        }
    }

    /** One a node; machines that stand for several get further ones. */
    private static List<String> addresses() {
        List<String> addresses = new ArrayList<>();
        String subnet = lab.subnet().substring(0, lab.subnet().lastIndexOf('.') + 1);
        for (int place = 0; place < NODES; place++) {
            NodeContainer machine = lab.node(2 + place % MACHINES);
            if (NODES == MACHINES) {
                addresses.add(machine.address());
            } else {
                String address = subnet + (FIRST_PLACE + place);
                machine.sh("ip address add " + address + "/24 dev eth0");
                addresses.add(address);
            }
        }
        return addresses;
    }

    private static Map<String, String> commands(List<String> addresses) {
        String all = String.join(",", addresses);
        Map<String, String> commands = new LinkedHashMap<>();
        commands.put(
                "sciabc exec",
                ManagerContainer.DISTRIBUTION
                        + "/bin/sciabc exec --hostfile nodes.txt --user pi --accept-new-host-keys -- true");
        commands.put(
                "sciabc plan",
                ManagerContainer.DISTRIBUTION
                        + "/bin/sciabc plan --discovery static --set static.file=nodes.txt --user pi"
                        + " --accept-new-host-keys");
        commands.put("clush", "clush -q -f 128 -l pi -w " + all + " true");
        commands.put("pdsh", "pdsh -R ssh -l pi -f 128 -w " + all + " true");
        commands.put("parallel", "parallel --will-cite --sshloginfile nodes.txt --nonall -j 0 true");
        String ansible = "ANSIBLE_HOST_KEY_CHECKING=0 ansible -f 128 -u pi -i nodes.txt all -m raw -a true";
        commands.put("ansible", ansible + " --ssh-common-args=-oControlPath=none");
        commands.put("ansible, kept open", ansible);
        commands.put("xargs ssh", "xargs -P 128 -I{} ssh {} true <nodes.txt");
        return commands;
    }

    private static Taken run(String command) {
        String[] figures = as("python3 measure.py '" + command + "'").strip().split(" ", -1);
        return new Taken(Long.parseLong(figures[0]), Long.parseLong(figures[1]), Long.parseLong(figures[2]));
    }

    private static Taken median(List<Taken> runs, Comparator<Taken> order) {
        return runs.stream().sorted(order).toList().get(runs.size() / 2);
    }

    private static String as(String script) {
        return lab.node(1)
                .run(Command.script("cd ~ && " + script).as(USER).with("HOME", "/home/" + USER))
                .succeeded()
                .stdout();
    }
}
