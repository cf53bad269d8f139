// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.flow.AnnounceInstallation.Wanted;

class AnnounceInstallationTest {
    private static final Wanted WANTED =
            Wanted.avahi("<?xml version=\"1.0\"?>\n<service-group>$HOME `id`</service-group>\n");

    @TempDir
    private Path root = Path.of("");

    private Path file = Path.of("");
    private boolean allowed = true;

    @BeforeEach
    void aFolderForAvahi() throws IOException {
        file = root.resolve("etc/avahi/services/sciabc.service");
        Files.createDirectories(file.getParent());
    }

    @Test
    void whatIsInstalledIsThereWordForWordAndCanBeReadByAll() throws Exception {
        assertThat(installation().install(WANTED)).isTrue();

        assertThat(Files.readString(file))
                .isEqualTo(WANTED.content())
                .startsWith("<?xml version=\"1.0\"?>\n<!-- written by 'sciabc announce'")
                .contains("$HOME `id`");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r--r--");
        try (var others = Files.list(file.getParent())) {
            assertThat(others).containsExactly(file);
        }
    }

    @Test
    void whatIsInstalledForAvahiIsXml() throws Exception {
        var parsed = javax.xml.parsers.DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new org.xml.sax.InputSource(new java.io.StringReader(WANTED.content())));

        assertThat(parsed.getDocumentElement().getTagName()).isEqualTo("service-group");
    }

    @Test
    void aDaemonRunsWhenItsProcessDoes() throws Exception {
        Files.createDirectories(root.resolve("run/avahi-daemon"));
        Files.writeString(root.resolve("run/avahi-daemon/pid"), "77\n");
        assertThat(installation().isRunning("avahi-daemon")).isFalse();

        Files.createDirectories(root.resolve("proc/77"));
        Files.writeString(root.resolve("proc/77/comm"), "avahi-daemon\n");
        assertThat(installation().isRunning("avahi-daemon")).isTrue();
    }

    @Test
    void installingAgainChangesNothing() throws Exception {
        installation().install(WANTED);
        allowed = false;

        assertThat(installation().install(WANTED)).isFalse();
    }

    @Test
    void whatWeInstalledBeforeIsReplaced() throws Exception {
        installation().install(Wanted.avahi("<?xml version=\"1.0\"?>\n<older/>\n"));

        assertThat(installation().install(WANTED)).isTrue();
        assertThat(Files.readString(file)).isEqualTo(WANTED.content());
    }

    @Test
    void aFileOfSomebodyElseIsNeitherReplacedNorRemoved() throws Exception {
        Files.writeString(file, "<!-- of 2016 -->");

        CliFailure failure =
                catchThrowableOfType(CliFailure.class, () -> installation().install(WANTED));

        assertThat(failure.status()).isEqualTo(78);
        assertThat(failure).hasMessageContaining("sciabc.service").hasMessageContaining("did not write");
        assertThat(installation().uninstall()).isEmpty();
        assertThat(installation().foreign()).containsExactly("/etc/avahi/services/sciabc.service");
        assertThat(Files.readString(file)).isEqualTo("<!-- of 2016 -->");
    }

    @Test
    void theScriptItselfSparesWhatSomebodyElseWroteMeanwhile() throws Exception {
        String script = installation().installing(WANTED);
        Files.writeString(file, "theirs");

        assertThat(sh(script)).isEqualTo(3);
        assertThat(Files.readString(file)).isEqualTo("theirs");
    }

    @Test
    void whatWasInstalledIsRemovedWithoutATrace() throws Exception {
        installation().install(WANTED);

        assertThat(installation().uninstall()).containsExactly("/etc/avahi/services/sciabc.service");
        assertThat(file).doesNotExist();
        assertThat(installation().uninstall()).isEmpty();
    }

    @Test
    void whoMayNotBeRootIsToldWhatRootHasToRun() {
        allowed = false;

        CliFailure failure =
                catchThrowableOfType(CliFailure.class, () -> installation().install(WANTED));

        assertThat(failure.status()).isEqualTo(69);
        assertThat(failure.hint().orElseThrow()).contains("--install --dry-run");
        assertThat(file).doesNotExist();
    }

    @Test
    void wordsOfAUnitAreQuotedAsSystemdReadsThem() {
        Wanted unit = Wanted.unit(
                "lab",
                "pi",
                List.of("/opt/a b/bin/sciabc", "announce", "--x=\"$1%\\"),
                List.of("JAVA_HOME=/opt/java 17"));

        assertThat(unit.content())
                .contains("User=pi\n", "Environment=\"JAVA_HOME=/opt/java 17\"\n")
                .contains("ExecStart=\"/opt/a b/bin/sciabc\" \"announce\" \"--x=\\\"$$1%%\\\\\"\n");
        assertThat(unit.afterwards()).contains("systemctl enable --quiet sciabc-announce.service");
    }

    @Test
    void aUnitThatEndsAtOnceIsSaid() throws Exception {
        Files.createDirectories(root.resolve("etc/systemd/system"));
        Wanted unit = Wanted.unit("lab", "pi", List.of("/opt/sciabc"), List.of());
        AnnounceInstallation installation = new AnnounceInstallation(
                root, script -> sh("sleep() { :; }; systemctl() { [ \"$1\" != is-active ]; }\n" + script));

        CliFailure failure = catchThrowableOfType(CliFailure.class, () -> installation.install(unit));

        assertThat(failure.status()).isEqualTo(69);
        assertThat(failure).hasMessageContaining("this machine is not announced");
        assertThat(failure.hint().orElseThrow()).contains("journalctl -u sciabc-announce.service");
    }

    @Test
    void aUnitThatIsThereAndDoesNotRunIsStartedAgain() throws Exception {
        Files.createDirectories(root.resolve("etc/systemd/system/multi-user.target.wants"));
        Wanted unit = new Wanted(
                "/etc/systemd/system/sciabc-announce.service",
                Wanted.unit("lab", "pi", List.of("/opt/sciabc"), List.of()).content(),
                List.of("echo started >>" + root + "/started"));

        assertThat(installation().install(unit)).isTrue();
        assertThat(installation().install(unit)).isTrue();
        Files.createFile(root.resolve("etc/systemd/system/multi-user.target.wants/sciabc-announce.service"));
        assertThat(installation().install(unit)).isTrue();
        Files.createDirectories(root.resolve("sys/fs/cgroup/system.slice/sciabc-announce.service"));
        assertThat(installation().install(unit)).isFalse();

        assertThat(root.resolve("started")).hasContent("started\nstarted\nstarted\n");
    }

    @Test
    void oneWayOfBeingAnnouncedTakesThePlaceOfTheOther() throws Exception {
        installation().install(WANTED);
        Files.createDirectories(root.resolve("etc/systemd/system"));
        Wanted unit = new Wanted(
                "/etc/systemd/system/sciabc-announce.service",
                Wanted.unit("lab", "pi", List.of("/opt/sciabc"), List.of()).content(),
                List.of());

        installation().install(unit);

        assertThat(file).doesNotExist();
        assertThat(installation().installed()).containsExactly(unit.file());
    }

    private AnnounceInstallation installation() {
        return new AnnounceInstallation(root, script -> allowed ? sh(script) : 1);
    }

    private static int sh(String script) throws InterruptedException {
        try {
            return new ProcessBuilder("/bin/sh", "-c", script).start().waitFor();
        } catch (IOException missing) {
            throw new AssertionError(missing);
        }
    }
}
