// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A launch after a launch: what can have changed is seen, and the rest is not found out again. The nodes note how often
 * they are asked for the version of their Open MPI.
 */
@RequiresContainerEngine
class RememberedChecksIT {
    private static final String STARTER = "/usr/local/bin/mpirun.openmpi";
    private static final String REMEMBERED = "/home/teacher/.local/state/sciabc/default/checks";

    @AutoClose
    private static Lab lab;

    @BeforeAll
    static void bootNodesThatNote() {
        lab = Lab.of(MachineImage.READY, MachineImage.READY);
        lab.nodes().forEach(NodeContainer::announceAs2016);
        lab.provision();
        lab.manager().sciabc("hostfile", "--slots", "1", "-o", "/tmp/nodes").succeeded();
    }

    @BeforeEach
    void beginAnew() {
        lab.manager().sh("rm -rf " + REMEMBERED);
        lab.nodes().forEach(node -> {
            node.write(STARTER, """
                    #!/bin/sh
                    echo >>/home/pi/asked
                    exec /usr/bin/mpirun.openmpi "$@"
                    """);
            node.sh("chmod 755 " + STARTER + "; rm -f /home/pi/asked; touch /home/pi/asked; chmod 666 /home/pi/asked");
            node.write("/home/pi/program", "#!/bin/sh\necho one\n");
            node.sh("chmod 755 /home/pi/program");
            settle(node, STARTER);
            settle(node, "/home/pi/program");
        });
    }

    @Test
    void theSecondLaunchAsksWhatCanHaveChangedAndRunsAsTheFirst() {
        assertThat(launch("hostname").succeeded().stdout().lines()).containsExactlyInAnyOrder("node1", "node2");
        assertThat(asked()).containsExactly(1, 1);
        Result second = launch("hostname").succeeded();

        assertThat(second.stdout().lines()).containsExactlyInAnyOrder("node1", "node2");
        assertThat(second.stderr()).doesNotContain("error:", "warning:", "hint:");
        assertThat(asked()).containsExactly(1, 1);
        assertThat(lab.manager().sh("stat -c %a " + REMEMBERED + "/*").strip()).isEqualTo("600");
    }

    @Test
    void coldLaunchesRememberAsWellAndUncheckedOnesLeaveItAlone() {
        launch(List.of("--no-check"), "hostname").succeeded();
        assertThat(lab.manager().sh("ls -A " + REMEMBERED + " 2>/dev/null || :"))
                .isEmpty();
        launch(List.of("--cold"), "hostname").succeeded();
        launch("hostname").succeeded();
        launch(List.of("--cold"), "hostname").succeeded();

        assertThat(asked()).containsExactly(1, 1);
    }

    @Test
    void aProgramThatWasReplacedInPlaceIsSeenThoughSizeAndTimeAreTheSame() {
        launch("/home/pi/program").succeeded();
        launch("/home/pi/program").succeeded();
        assertThat(asked()).containsExactly(1, 1);
        lab.node(1)
                .sh("touch -r /home/pi/program /tmp/time && printf '#!/bin/sh\\necho two\\n' >/home/pi/program"
                        + " && touch -r /tmp/time /home/pi/program");

        assertThat(refused(launch("/home/pi/program")).stderr())
                .contains("has different contents on node[1-2]: checksums node1 ", ", node2 ");
    }

    @Test
    void aProgramThatMayNotBeExecutedAnyMoreIsSeen() {
        launch("/home/pi/program").succeeded();
        lab.node(2).sh("chmod 644 /home/pi/program");

        assertThat(refused(launch("/home/pi/program")).stderr())
                .contains("'/home/pi/program' is not executable on node2");
    }

    @Test
    void aLibraryThatWasRemovedIsSeen() {
        lab.nodes()
                .forEach(node -> node.sh("cd /tmp && echo 'int f(void){return 0;}' >f.c"
                        + " && echo 'int f(void); int main(void){return f();}' >m.c"
                        + " && gcc -shared -fPIC -Wl,-soname,libhere.so -o /usr/local/lib/libhere.so f.c"
                        + " && gcc -Wl,--build-id=none -o /home/pi/linked m.c /usr/local/lib/libhere.so && ldconfig"));
        lab.nodes().forEach(node -> settle(node, "/etc/ld.so.cache"));
        launch("/home/pi/linked").succeeded();
        launch("/home/pi/linked").succeeded();
        assertThat(asked()).containsExactly(1, 1);
        lab.node(2).sh("rm /usr/local/lib/libhere.so");

        assertThat(refused(launch("/home/pi/linked")).stderr())
                .contains("'/home/pi/linked' lacks shared libraries on node2: libhere.so not found");
    }

    @Test
    void anotherOpenMpiIsSeen() {
        launch("hostname").succeeded();
        lab.node(2).sh("sed -i 's/^exec.*/echo \"mpirun (Open MPI) 9.9.9\"/' " + STARTER);

        assertThat(refused(launch("hostname")).stderr())
                .contains("the nodes do not fit together", "node2: Open MPI 9.9.9");
    }

    @Test
    void anOpenMpiThatIsGoneIsSeen() {
        launch("hostname").succeeded();
        lab.node(1).sh("mv /usr/bin/orted /usr/bin/orted.away");
        try {
            assertThat(refused(launch("hostname")).stderr()).contains("Open MPI is missing on node1");
        } finally {
            lab.node(1).sh("mv /usr/bin/orted.away /usr/bin/orted");
        }
    }

    @Test
    void anAddressThatCameIsSeenAndOneThatWentAgain() {
        launch("hostname").succeeded();
        lab.node(1).sh("ip addr add 192.0.2.7/24 dev eth0");
        launch("hostname").succeeded();
        assertThat(asked()).containsExactly(2, 1);
        lab.node(1).sh("ip addr del 192.0.2.7/24 dev eth0");
        launch("hostname").succeeded();

        assertThat(asked()).containsExactly(3, 1);
    }

    @Test
    void aNodeThatWasOffIsAskedAgain() {
        launch("hostname").succeeded();
        lab.manager().sh("cp -a " + REMEMBERED + " /tmp/kept");
        lab.manager().sciabc("session", "stop").succeeded();
        lab.node(2).cutPower();
        lab.node(2).restorePower();
        lab.manager().sh("rm -rf " + REMEMBERED + " && mv /tmp/kept " + REMEMBERED);
        launch("hostname").succeeded();

        assertThat(asked()).containsExactly(1, 2);
    }

    @Test
    void stoppingTheSessionForgets() {
        launch("hostname").succeeded();
        lab.manager().sciabc("session", "stop").succeeded();
        assertThat(lab.manager().sh("ls -A " + REMEMBERED)).isEmpty();
        launch("hostname").succeeded();

        assertThat(asked()).containsExactly(2, 2);
    }

    /** A file that changed within the last seconds is not relied on. */
    private static void settle(NodeContainer node, String file) {
        node.sh("for i in $(seq 100); do [ $(($(date +%s) - $(stat -c %Z " + file
                + "))) -gt 5 ] && exit; sleep 0.2; done; exit 1");
    }

    private static List<Integer> asked() {
        return lab.nodes().stream()
                .map(node -> Integer.parseInt(node.sh("wc -l </home/pi/asked").strip()))
                .toList();
    }

    private static Result refused(Result result) {
        assertThat(result.exitStatus()).as(result.toString()).isEqualTo(75);
        return result;
    }

    private static Result launch(String... program) {
        return launch(List.of(), program);
    }

    private static Result launch(List<String> options, String... program) {
        List<String> words = new ArrayList<>(List.of("launch", "--hostfile", "/tmp/nodes"));
        words.addAll(options);
        words.add("--");
        words.addAll(List.of(program));
        return lab.manager().sciabc(words.toArray(String[]::new));
    }
}
