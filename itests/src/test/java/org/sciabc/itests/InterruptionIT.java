// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A manager that is killed while dpkg works on the nodes, when they are made ready and when they are restored, costs a
 * second run and nothing else. The tests are the acts of one story.
 */
@RequiresContainerEngine
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class InterruptionIT {
    private static final Duration LONG = Duration.ofMinutes(8);

    /** Holds dpkg up where it is cut off worst: what it is unpacking is on the disk, and on no list of files. */
    private static final String HOLD_UNPACKING = """
            until dpkg=$(pgrep -x dpkg) && kill -STOP $dpkg &&
                grep -q reinstreq "$(ls /var/lib/dpkg/updates/0* | tail -n 1)"; do
                kill -CONT $dpkg
                sleep 0.01
            done 2>/dev/null
            """;

    /** Holds dpkg up when apt has it remove the first package: apt has then forgotten what it installed for others. */
    private static final String HOLD_REMOVING = """
            until dpkg=$(pgrep -x dpkg) && grep -q -z -x -e --status-fd "/proc/$dpkg/cmdline" && kill -STOP $dpkg; do
                sleep 0.01
            done 2>/dev/null
            """;

    private static final String GO_ON = "kill -CONT $(pgrep -x dpkg) 2>/dev/null || true";

    /** The nodes notice by themselves that nobody is there any longer. */
    private static final String NOTHING_RUNS = "until ! pgrep -x 'apt-get|dpkg|sh' >/dev/null; do sleep 0.1; done";

    private static final String INSTALLED =
            "dpkg-query -W -f '${db:Status-Status} ${Package}\\n' | sed -n 's/^installed //p'";

    @AutoClose
    private static Lab lab;

    private static Map<String, FileSystem> before = Map.of();
    private static Set<String> packages = Set.of();

    @BeforeAll
    static void bootMachines() {
        lab = Lab.ofBareNodes(3);
        lab.nameTheNodes();
        before = FileSystem.ofEach(List.of(lab.node(1), lab.node(3)));
        packages = installed(lab.node(2));
        becomeTheMirrorOf(lab.node(2));
    }

    /** The manager has a repository, which the node knows nothing of before its first update. */
    private static void becomeTheMirrorOf(NodeContainer node) {
        lab.manager().sh("""
                mkdir /srv/mirror && cd /srv/mirror
                sshpass -p raspberry ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null pi@%s \\
                    tar -C /var/cache/apt/archives --exclude=partial --exclude=lock -c . | tar -x
                for file in *.deb; do
                    dpkg-deb -f "$file"
                    printf 'Filename: ./%%s\\nSize: %%s\\nSHA256: %%s\\n\\n' "$file" "$(stat -c %%s "$file")" \\
                        "$(sha256sum <"$file" | cut -d ' ' -f 1)"
                done >Packages
                setsid python3 -m http.server 8000 >/tmp/mirror.log 2>&1 &
                """.formatted(node.address()));
        node.sh("""
                rm -rf /etc/apt/sources.list.d/* /var/lib/apt/lists/* /var/cache/apt/archives/*.deb
                echo 'deb [trusted=yes] http://%1$s:8000/ ./' >/etc/apt/sources.list
                echo 'Acquire::http::Proxy::%1$s "DIRECT";' >/etc/apt/apt.conf.d/99mirror
                """.formatted(lab.manager().address()));
    }

    @Test
    @Order(1)
    void ctrlCWhilePackagesAreInstalledIsUndone() {
        NodeContainer node = lab.node(3);
        interruptUnpackingOn(node);
        assertThat(node.sh("ls /var/lib/dpkg/tmp.ci")).as("it was cut off").contains("control");

        Result result = lab.manager().run(asPi("restore", "node3")).succeeded();

        assertThat(result.stdout()).contains("nothing differs");
        assertAsBefore(node);
    }

    @Test
    @Order(2)
    void theNextRunContinuesWhereAKilledManagerStopped() {
        try (RunningCommand provisioning = lab.manager().start(asPi("provision", "node[1-2]"))) {
            lab.node(1).sh(HOLD_UNPACKING);
            provisioning.signal("KILL");
            provisioning.await().endedWith(137);
        }
        lab.node(1).sh(GO_ON);
        lab.node(1).sh(NOTHING_RUNS);
        lab.node(2).sh(NOTHING_RUNS);

        lab.manager().run(asPi("provision", "node[1-2]")).succeeded();

        for (int number : List.of(1, 2)) {
            assertThat(lab.node(number).sh("dpkg --audit; which mpirun")).isEqualTo("/usr/bin/mpirun\n");
        }
        assertThat(lab.manager().read("/tmp/mirror.log")).contains("GET /./Packages", "openmpi-bin");
    }

    @Test
    @Order(3)
    void aRestoreThatWasKilledIsCompletedByTheNext() {
        try (RunningCommand restoring = lab.manager().start(asPi("restore", "node1"))) {
            lab.node(1).sh(HOLD_REMOVING);
            restoring.signal("KILL");
            restoring.await().endedWith(137);
        }
        lab.node(1).sh(GO_ON);

        lab.manager().run(asPi("restore", "node1")).succeeded();

        assertAsBefore(lab.node(1));
    }

    @Test
    @Order(4)
    void whatSomethingElseNeedsByNowIsKeptAndNothingMore() {
        NodeContainer node = lab.node(2);
        node.sh("""
                mkdir -p /tmp/own/DEBIAN && cd /tmp
                printf '%s\\n' 'Package: own-program' 'Version: 1' 'Architecture: all' 'Maintainer: M <m@example.org>' \\
                    'Depends: libopenmpi3' 'Description: something of the owner' >own/DEBIAN/control
                dpkg-deb -b own own.deb && dpkg -i own.deb && rm -r own own.deb
                """);

        Result result = lab.manager().run(asPi("restore", "node2"));

        assertThat(result.stdout())
                .as(result.toString())
                .contains("kept, because something else needs it now:")
                .contains("libopenmpi3");
        Set<String> kept = installed(node);
        kept.removeAll(packages);
        assertThat(kept).contains("own-program", "libopenmpi3").doesNotContain("openmpi-bin");
        assertThat(node.sh("dpkg --audit; apt-get -s autoremove | grep ^Remv || true"))
                .as("more than is needed")
                .isEmpty();
        node.sh("dpkg --purge own-program && DEBIAN_FRONTEND=noninteractive apt-get -y autopurge");
        assertThat(installed(node)).as("they go with what needed them").isEqualTo(packages);
    }

    @Test
    @Order(5)
    void whatAptNotedBeforeTheFirstPackageIsForgotten() {
        NodeContainer node = lab.node(3);
        node.sh("""
                touch /tmp/hold
                echo 'pre-invoke="touch /tmp/held; while [ -e /tmp/hold ]; do sleep 0.1; done"' >/etc/dpkg/dpkg.cfg.d/hold
                """);
        try (RunningCommand provisioning = lab.manager().start(asPi("provision", "node3"))) {
            node.sh("until [ -e /tmp/held ]; do sleep 0.05; done");
            provisioning.interrupt();
            provisioning.await().endedWith(130);
        }
        node.sh("rm /tmp/hold /tmp/held /etc/dpkg/dpkg.cfg.d/hold");
        node.sh(NOTHING_RUNS);
        assertThat(node.sh("cat /var/lib/apt/extended_states"))
                .as("it was cut off between the two")
                .contains("libopenmpi3");
        assertThat(installed(node)).doesNotContain("libopenmpi3");

        lab.manager().run(asPi("restore", "node3")).succeeded();

        assertAsBefore(node);
    }

    @Test
    @Order(6)
    void whereNoFileOfACutOffPackageIsLeftWhatStaysIsSaid() {
        NodeContainer node = lab.node(3);
        interruptUnpackingOn(node);
        node.sh("rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb");
        String cutOff =
                node.sh("sed -n 's/^Package: //p' /var/lib/dpkg/tmp.ci/control").strip();

        Result result = lab.manager().run(asPi("restore", "node3")).succeeded();

        assertThat(result.stdout() + result.stderr())
                .contains(
                        "left on the disk, because dpkg was cut off in the middle of unpacking it: files of " + cutOff);
        assertThat(node.sh("dpkg --audit")).isEmpty();
        assertThat(installed(node)).doesNotContain(cutOff);
    }

    private static void assertAsBefore(NodeContainer node) {
        assertThat(FileSystem.of(node).differencesTo(Objects.requireNonNull(before.get(node.name()))))
                .as("what is not as before on " + node)
                .isEmpty();
    }

    private static Set<String> installed(NodeContainer node) {
        return new TreeSet<>(node.sh(INSTALLED).lines().toList());
    }

    /** Ctrl-C at the manager while dpkg unpacks a package on that node, which is left as it is. */
    private static void interruptUnpackingOn(NodeContainer node) {
        try (RunningCommand provisioning = lab.manager().start(asPi("provision", node.name()))) {
            node.sh(HOLD_UNPACKING);
            provisioning.interrupt();
            provisioning.await().endedWith(130);
        }
        node.sh(GO_ON);
        node.sh(NOTHING_RUNS);
    }

    private static Command asPi(String verb, String nodes) {
        List<String> words = new ArrayList<>(
                List.of(verb, nodes, "--yes", "--user", "pi", "--accept-new-host-keys", "--password-file", "-"));
        words.addAll(lab.findingAll());
        words.addAll(List.of("--set", "openmpi.python=false"));
        return lab.manager()
                .command(words.toArray(String[]::new))
                .reading(NodeContainer.PASSWORD + "\n")
                .within(LONG);
    }
}
