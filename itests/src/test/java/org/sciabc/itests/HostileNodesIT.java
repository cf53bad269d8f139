// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Twenty machines at once, of two releases, of which half are as no installer would have them: the good ones become ready,
 * and each of the others is named with what is wrong with it. One provision for all of them is looked at from many sides.
 */
@RequiresContainerEngine
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HostileNodesIT {
    private static final Duration LONG = Duration.ofMinutes(8);

    /** What shells, sudo and chpasswd stumble over; the same on all nodes. */
    private static final String PASSWORD = "it's \"5 €\" $(id) \\ `x` für";

    private static final int OLD = 1;
    private static final int NEW = 2;
    private static final int ROOT = 3;
    private static final int KEY = 4;
    private static final int GUEST = 5;
    private static final int FISH = 6;
    private static final int TALKATIVE = 7;
    private static final int READ_ONLY_HOME = 8;
    private static final int FULL_DISK = 9;
    private static final int LOCKED = 10;
    private static final int OTHER_KEY = 11;
    private static final int SILENT = 12;
    private static final int FEW_LOGINS = 13;
    private static final int OTHER_PORT = 14;
    private static final int SWITCHED_OFF = 15;
    private static final int FULL_HOME = 16;
    private static final int GERMAN = 17;
    private static final int BARE_GUEST = 18;

    /** Takes connections on the port of its SSH server, and says nothing. */
    private static final String SILENCE = "systemctl stop ssh.socket ssh; perl -MIO::Socket::INET -e '"
            + "my $s = IO::Socket::INET->new(LocalPort => 22, Listen => 5, ReuseAddr => 1) or die; my @c;"
            + " while (my $c = $s->accept) { push @c, $c }' >/dev/null 2>&1 & echo $!";

    /** Holds dpkg's lock as unattended-upgrades does: fcntl(2), and not flock(2). */
    private static final String LOCK = "perl -MFcntl -e '$0 = \"unattended-upgr\";"
            + " open(my $f, \"+>>\", \"/var/lib/dpkg/lock-frontend\") or die;"
            + " my $l = pack(\"s s x4 q q i x4\", F_WRLCK, 0, 0, 0, 0); fcntl($f, F_SETLK, $l) or die; sleep 600'"
            + " >/dev/null 2>&1 & echo $!";

    @AutoClose
    private static Lab lab;

    private static String silence = "";
    private static Result provisioned;

    @BeforeAll
    static void provisionThemAll() {
        lab = Lab.of(
                MachineImage.BARE,
                MachineImage.BARE_TRIXIE,
                MachineImage.READY,
                MachineImage.READY,
                MachineImage.READY,
                MachineImage.ODD,
                MachineImage.READY,
                MachineImage.READY,
                MachineImage.BARE,
                MachineImage.BARE,
                MachineImage.READY,
                MachineImage.READY,
                MachineImage.READY,
                MachineImage.READY_TRIXIE,
                MachineImage.BARE,
                MachineImage.READY,
                MachineImage.ODD,
                MachineImage.BARE,
                MachineImage.READY,
                MachineImage.READY_TRIXIE);
        lab.nameTheNodes();
        lab.nodes().forEach(node -> setPassword(node, NodeContainer.USER));
        logins();
        habits();
        faults();
        String lock = node(LOCKED).sh(LOCK).strip();
        try (RunningCommand running = lab.manager().start(asking("provision", "--yes"))) {
            running.awaitOutput("held by unattended-upgr (process " + lock + ")");
            node(LOCKED).sh("kill " + lock);
            node(SWITCHED_OFF).sh("until pgrep -x dpkg >/dev/null; do sleep 0.05; done");
            node(SWITCHED_OFF).cutPower();
            provisioned = running.await();
        }
    }

    @Test
    @Order(1)
    void theStatusSaysThatSomeAreLeftOutAndExactlyThoseAreNamed() {
        assertThat(provisioned.exitStatus()).as(provisioned.toString()).isEqualTo(75);
        List<String> blamed = provisioned
                .stderr()
                .lines()
                .filter(line -> line.startsWith("error: "))
                .toList();
        for (int number : List.of(READ_ONLY_HOME, FULL_DISK, OTHER_KEY, SILENT, SWITCHED_OFF, FULL_HOME, BARE_GUEST)) {
            assertThat(blamed)
                    .as(provisioned.toString())
                    .anyMatch(line -> line.contains(node(number).name() + ":"));
        }
        assertThat(blamed).as(provisioned.toString()).hasSize(7);
        assertThat(provisioned.stderr()).doesNotContain(PASSWORD);
    }

    @Test
    @Order(2)
    void eachOfThemIsToldWhatToDo() {
        assertThat(error(READ_ONLY_HOME)).contains("ead-only");
        assertThat(error(FULL_HOME)).contains("space");
        assertThat(error(FULL_DISK)).contains("space");
        assertThat(error(OTHER_KEY)).contains("key", "SHA256:");
        assertThat(error(SILENT)).contains("said nothing");
        assertThat(error(BARE_GUEST)).contains("root", "openmpi-bin");
        assertThat(provisioned.stderr()).contains("hint:");
    }

    @Test
    @Order(3)
    void everyWayOfLoggingInAndOfBecomingRootLeadsToAReadyNode() throws JsonParserException {
        Result plan = lab.manager().run(withKeys("plan", "--json"));

        JsonObject object = JsonParser.object().from(plan.stdout());
        List<String> ready = new ArrayList<>();
        for (Object each : object.getArray("nodes")) {
            JsonObject one = (JsonObject) each;
            if (one.getBoolean("ready")) {
                ready.add(one.getString("name"));
            }
        }
        assertThat(ready)
                .as(plan.toString())
                .contains(names(
                        OLD, NEW, ROOT, KEY, GUEST, FISH, TALKATIVE, LOCKED, FEW_LOGINS, OTHER_PORT, GERMAN, 19, 20));
    }

    @Test
    @Order(4)
    void theKeyAloneRunsCommandsOnAllThatAreReady() {
        Result result = lab.manager()
                .run(withKeys("exec", "-b", "--timeout", "60s", "node[1-7,10,13-14,17,19-20]", "--", "echo 'ä*'"));

        assertThat(result.exitStatus()).as(result.toString()).isZero();
        assertThat(result.stdout())
                .isEqualTo("---------------\nnode[1-7,10,13-14,17,19-20] (13)\n---------------\nä*\n");
    }

    @Test
    @Order(5)
    void filesGoToShellsThatTalkAndToOtherShells() {
        lab.manager()
                .sh("mkdir -p '/tmp/a b' && echo ü >'/tmp/a b/it'\"'\"'s'"
                        + " && head -c 9000000 /dev/urandom >'/tmp/a b/large' && chmod -R a+rX '/tmp/a b'");

        Result there = lab.manager().run(withKeys("copy", "node[6-7,17]", "/tmp/a b", "got"));
        Result back = lab.manager().run(withKeys("copy", "node[6-7,17]", "--fetch", "got/*", "/tmp/back"));

        assertThat(there.exitStatus()).as(there.toString()).isZero();
        assertThat(back.exitStatus()).as(back.toString()).isZero();
        for (String name : names(FISH, TALKATIVE, GERMAN)) {
            assertThat(lab.manager().read("/tmp/back/" + name + "/it's")).isEqualTo("ü\n");
            lab.manager().sh("cmp '/tmp/a b/large' /tmp/back/" + name + "/large");
        }
    }

    @Test
    @Order(5)
    void aKilledManagersCommandEndsUnderThem() {
        Command sleeping = withKeys("exec", "node[6-7,17]", "--", "sleep 4716; echo over");
        try (RunningCommand running = lab.manager().start(sleeping)) {
            for (int number : List.of(FISH, TALKATIVE, GERMAN)) {
                node(number).sh("until [ $(pgrep -c -f '^/bin/sh -c echo sciabc-') = 2 ]; do sleep 0.1; done");
            }
            running.signal("KILL");
            running.await().endedWith(137);
        }
        for (int number : List.of(FISH, TALKATIVE, GERMAN)) {
            node(number).sh("until ! pgrep -x -f 'sleep 4716' >/dev/null; do sleep 0.1; done");
            node(number).sh("until ! pgrep -f '^/bin/sh -c echo sciabc-' >/dev/null; do sleep 0.1; done");
        }
    }

    @Test
    @Order(6)
    void theNextRunGoesOnWhereTheFaultsAreMended() {
        mend();

        Result result = lab.manager().run(asking("provision", "--yes"));

        assertThat(result.exitStatus()).as(result.toString()).isEqualTo(75);
        assertThat(result.stderr().lines().filter(line -> line.startsWith("error: ")))
                .as(result.toString())
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).contains(node(OTHER_KEY).name() + ":"),
                        line -> assertThat(line).contains(node(BARE_GUEST).name() + ":"));
        for (int number : List.of(FULL_DISK, SWITCHED_OFF)) {
            assertThat(node(number).sh("dpkg --audit; which mpirun")).isEqualTo("/usr/bin/mpirun\n");
        }
    }

    @Test
    @Order(7)
    void namesAreNeverReadByAShell() {
        String trap = "x;touch${IFS}/tmp/pwned;$(touch /tmp/pwned)`touch /tmp/pwned`";
        lab.manager().write("/tmp/names.txt", trap + "\n" + node(OLD).name() + "\n");

        for (List<String> words : List.of(
                List.of("exec", trap, "--", "true"),
                List.of("exec", "--hostfile", "/tmp/names.txt", "--", "true"),
                List.of("exec", "--user", "pi;touch /tmp/pwned", node(OLD).name(), "--", "true"))) {
            Result result = lab.manager().run(lab.manager().command(words.toArray(String[]::new)));

            assertThat(result.exitStatus()).as(result.toString()).isBetween(64, 78);
        }
        assertThat(lab.manager().sh("ls /tmp/pwned 2>/dev/null; true")).isEmpty();
        assertThat(node(OLD).sh("ls /tmp/pwned /home/pi/pwned 2>/dev/null; true"))
                .isEmpty();
    }

    private static void setPassword(NodeContainer node, String user) {
        node.run(Command.of("chpasswd").reading(user + ":" + PASSWORD + "\n")).succeeded();
    }

    private static void logins() {
        String key = lab.manager().makeKey();
        node(ROOT).sh("install -d -m 700 /root/.ssh");
        node(ROOT).write("/root/.ssh/authorized_keys", key + "\n");
        node(KEY)
                .sh(
                        "install -d -m 700 -o pi -g pi ~pi/.ssh && echo 'pi ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/pi"
                                + " && echo 'PasswordAuthentication no' >/etc/ssh/sshd_config.d/keys.conf && systemctl restart ssh");
        node(KEY).write("/home/pi/.ssh/authorized_keys", key + "\n");
        for (int number : List.of(GUEST, BARE_GUEST)) {
            node(number).sh("useradd -m -s /bin/bash guest");
            setPassword(node(number), "guest");
        }
    }

    private static void habits() {
        node(FISH).sh("usermod -s /usr/bin/fish pi");
        node(TALKATIVE).sh("printf 'echo Welcome, $USER!; echo wrong >&2\\n' >~pi/.bashrc");
        node(OTHER_PORT).sh("echo 'Port 2222' >/etc/ssh/sshd_config.d/port.conf && systemctl restart ssh");
        node(GERMAN).sh("echo LANG=de_DE.ISO-8859-1 >/etc/default/locale");
        // Somebody else fills the only place for a login, and goes after some seconds.
        node(FEW_LOGINS)
                .sh("printf 'MaxStartups 1:100:1\\n' >/etc/ssh/sshd_config.d/few.conf" + " && systemctl restart ssh");
    }

    private static void faults() {
        node(READ_ONLY_HOME).sh("mount --bind /home/pi /home/pi && mount -o remount,bind,ro /home/pi");
        node(FULL_HOME)
                .sh("mount -t tmpfs -o size=32k,uid=$(id -u pi),gid=$(id -g pi) full /home/pi"
                        + " && { cat /dev/zero >/home/pi/full 2>/dev/null || true; }");
        node(FULL_DISK)
                .sh("cp -a /var/lib/dpkg /tmp/dpkg"
                        + " && mount -t tmpfs -o size=$(($(du -sk /tmp/dpkg | cut -f 1) + 64))k full /var/lib/dpkg"
                        + " && cp -a /tmp/dpkg/. /var/lib/dpkg/");
        lab.manager().run(asking("plan", node(OTHER_KEY).name())).succeeded();
        node(OTHER_KEY).sh("rm /etc/ssh/ssh_host_* && ssh-keygen -A && systemctl restart ssh");
        silence = node(SILENT).sh(SILENCE).strip();
        node(FEW_LOGINS).sh("exec 3<>/dev/tcp/127.0.0.1/22; { sleep 5 <&3; } >/dev/null 2>&1 & sleep 0.1");
    }

    private static void mend() {
        node(READ_ONLY_HOME).sh("umount /home/pi");
        node(FULL_HOME).sh("umount /home/pi");
        node(FULL_DISK)
                .sh("rm -rf /tmp/dpkg && mkdir /tmp/dpkg && cp -a /var/lib/dpkg/. /tmp/dpkg/"
                        + " && umount /var/lib/dpkg && cp -a /tmp/dpkg/. /var/lib/dpkg/");
        node(SILENT).sh("kill " + silence + "; systemctl start ssh");
        node(SWITCHED_OFF).restorePower();
    }

    private static String error(int number) {
        return provisioned
                .stderr()
                .lines()
                .filter(line ->
                        line.startsWith("error: ") && line.contains(node(number).name() + ":"))
                .collect(Collectors.joining("\n"));
    }

    private static NodeContainer node(int number) {
        return lab.node(number);
    }

    private static String[] names(int... numbers) {
        return IntStream.of(numbers).mapToObj(number -> node(number).name()).toArray(String[]::new);
    }

    /** In the locale in which Java takes nothing but ASCII for granted. */
    private static Command asking(String... arguments) {
        List<String> words = new ArrayList<>(List.of("--accept-new-host-keys", "--password-file", "-"));
        words.addAll(0, List.of(arguments));
        return withKeys(words.toArray(String[]::new)).reading(PASSWORD + "\n").with("LC_ALL", "C");
    }

    private static Command withKeys(String... arguments) {
        List<String> words = new ArrayList<>(List.of(
                arguments[0],
                "--discovery",
                "static",
                "--set",
                "static.nodes=node[1-13],node14:2222,node[15-20]",
                "--user",
                "root@node3,guest@node[5,18],pi"));
        words.addAll(List.of(arguments).subList(1, arguments.length));
        return lab.manager().command(words.toArray(String[]::new)).within(LONG);
    }
}
