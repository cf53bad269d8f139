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

/** What sciabc did to a machine is undone completely, whoever did it: the tests are the acts of one story. */
@RequiresContainerEngine
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RestoreIT {
    private static final Duration LONG = Duration.ofMinutes(5);

    /**
     * Every file with its kind, mode, owner and target, and the content of what people write; without logs, caches and the
     * copies that useradd(8) and groupadd(8) leave of what was there before them.
     */
    static final String SNAPSHOT = """
            { find / -xdev \\( -path /var/log -o -path /var/cache -o -path /var/lib/apt -o -path /var/lib/dpkg \\
                -o -path /var/lib/systemd -o -path /var/lib/sudo -o -path /var/tmp -o -path '/home/*/.cache' \\
                -o -path /proc -o -path /sys \\) -prune -o -printf '%y %m %u %g %p %l\\n'
              find /etc /home /root /usr/local -xdev -type f ! -path /etc/ld.so.cache ! -path '/etc/*-' -exec sha256sum {} +
              dpkg-query -W -f '${Package} ${Version} ${Status}\\n'
            } | sort
            """;

    @AutoClose
    private static Lab lab;

    private static String before = "";

    @BeforeAll
    static void bootAMachine() {
        lab = Lab.ofBareNodes(1);
        NodeContainer node = lab.node(1);
        node.announceAs2016();
        node.sh("useradd -m -s /bin/bash guest && echo guest:visitor | chpasswd");
        before = node.sh(SNAPSHOT);
    }

    @Test
    @Order(1)
    void whereNobodyIsRootAScriptIsWrittenForSomebodyWhoIs() {
        NodeContainer node = lab.node(1);

        Result planned =
                sciabc("visitor", "plan", "--user", "guest", "--accept-new-host-keys", "--script", "/tmp/hand");

        assertThat(planned.exitStatus()).isZero();
        assertThat(planned.stderr()).contains("node1: /tmp/hand/node1.sh, to be run there as root");
        String script = lab.manager().read("/tmp/hand/node1.sh");
        assertThat(script)
                .startsWith("#!/bin/sh\n# For node1, to be run there as root.\n")
                .contains("openmpi");
        for (int run = 1; run <= 2; run++) {
            node.run(Command.of("sh").reading(script).within(LONG)).succeeded();
        }
        assertThat(node.sh("mpirun --version")).contains("Open MPI");
    }

    @Test
    @Order(2)
    void aMachineThatSomebodyElseHasPreparedIsMadeReadyInFull() {
        Result result = sciabc(NodeContainer.PASSWORD, "provision", "--user", "pi", "--yes", "--accept-new-host-keys");

        assertThat(result.exitStatus()).as(result.stderr()).isZero();
        assertThat(lab.node(1).sh(SNAPSHOT)).isNotEqualTo(before);
    }

    @Test
    @Order(3)
    void whatWouldBeUndoneIsShownAndNothingIs() {
        Result result = sciabc(NodeContainer.PASSWORD, "restore", "all", "--user", "pi", "--dry-run");

        assertThat(result.exitStatus()).as(result.stderr()).isZero();
        assertThat(result.stdout()).contains("node1:", "undo: ", "authorized_keys");
        assertThat(lab.node(1).sh("mpirun --version")).contains("Open MPI");
    }

    @Test
    @Order(4)
    void withoutANameOrAllNothingIsRestored() {
        assertThat(lab.manager().sciabc("restore").exitStatus()).isEqualTo(64);
        Result unasked = sciabc(NodeContainer.PASSWORD, "restore", "all", "--user", "pi");
        assertThat(unasked.exitStatus()).isEqualTo(64);
        assertThat(unasked.stderr()).contains("Undo this?", "--yes");
    }

    @Test
    @Order(5)
    void afterRestoringTheMachineIsAsItWasBefore() {
        Result result = sciabc(NodeContainer.PASSWORD, "restore", "node1", "--user", "pi", "--yes");

        assertThat(result.exitStatus()).as(result.stdout() + result.stderr()).isZero();
        assertThat(result.stdout()).contains("node1:", "as before: ", "nothing differs");
        List<String> now = new ArrayList<>(lab.node(1).sh(SNAPSHOT).lines().toList());
        List<String> then = before.lines().toList();
        List<String> missing = then.stream().filter(line -> !now.contains(line)).toList();
        now.removeAll(then);
        assertThat(missing).as("what is no longer there").isEmpty();
        assertThat(now).as("what was left").isEmpty();
    }

    @Test
    @Order(6)
    void aMachineThatIsAsBeforeHasNothingToUndo() {
        Result result = sciabc(NodeContainer.PASSWORD, "restore", "all", "--user", "pi", "--yes", "--json");

        assertThat(result.exitStatus()).as(result.stderr()).isZero();
        assertThat(result.stdout()).contains("\"restored\":true", "\"undone\":[]");
    }

    private static Result sciabc(String password, String verb, String... more) {
        List<String> words = new ArrayList<>(List.of(verb));
        words.addAll(List.of(more));
        words.addAll(List.of("--password-file", "-", "--expect", "1", "--for", "20s"));
        return lab.manager()
                .run(lab.manager()
                        .command(words.toArray(String[]::new))
                        .reading(password + "\n")
                        .within(LONG));
    }
}
