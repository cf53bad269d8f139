// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.Requirement;

final class FileStepTest {
    @TempDir
    Path folder;

    private LocalNode local;
    private Path file;

    @BeforeEach
    void prepare() throws Exception {
        local = LocalNode.in(folder);
        file = local.etc().resolve("my file's.conf");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain\n",
                "no line feed at the end",
                "",
                "END\nEND_\n$HOME `id` \\ '\"'\n",
                "\n\nblank lines\n\n",
                "ü € 日本\n"
            })
    void anyContentArrivesAsItIs(String content) throws Exception {
        Rehearsal rehearsal = new Rehearsal(local, wanted(content, 0640));
        assertThat(rehearsal.provision().why()).isEmpty();
        assertThat(Files.readString(file)).isEqualTo(content);
        assertThat(mode(file)).isEqualTo("rw-r-----");
        assertThat(rehearsal.plan().isReady()).isTrue();
    }

    @Test
    void aFormerFileComesBackWithBytesModeAndTime() throws Exception {
        Files.writeString(file, "former\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        var time = java.nio.file.attribute.FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(file, time);
        List<String> before = local.snapshot();
        Rehearsal rehearsal = new Rehearsal(local, wanted("ours\n", 0644));

        rehearsal.provision();
        assertThat(file).hasContent("ours\n");
        assertThat(rehearsal.restore().isComplete()).isTrue();

        assertThat(local.snapshot()).isEqualTo(before);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(time);
    }

    @Test
    void aWrongModeAloneIsMended() throws Exception {
        Files.writeString(file, "right\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Rehearsal rehearsal = new Rehearsal(local, wanted("right\n", 0644));
        assertThat(rehearsal.provision().changes()).isEqualTo(1);
        assertThat(mode(file)).isEqualTo("rw-r--r--");
        assertThat(rehearsal.restore().isComplete()).isTrue();
        assertThat(mode(file)).isEqualTo("rw-------");
    }

    @Test
    void aSymbolicLinkComesBack() throws Exception {
        Path target = local.etc().resolve("elsewhere");
        Files.writeString(target, "theirs\n");
        Files.createSymbolicLink(file, Path.of("elsewhere"));
        List<String> before = local.snapshot();
        Rehearsal rehearsal = new Rehearsal(local, wanted("ours\n", 0644));

        rehearsal.provision();
        assertThat(file).hasContent("ours\n");
        assertThat(target).hasContent("theirs\n");
        assertThat(rehearsal.restore().isComplete()).isTrue();

        assertThat(local.snapshot()).isEqualTo(before);
    }

    @Test
    void whatSomebodyElseWroteSinceStaysAndIsReported() throws Exception {
        Rehearsal rehearsal = new Rehearsal(local, wanted("ours\n", 0644));
        rehearsal.provision();
        Files.writeString(file, "the owner's own words\n");

        Restored restored = rehearsal.restore();

        assertThat(file).hasContent("the owner's own words\n");
        assertThat(restored.failure()).isEmpty();
        assertThat(restored.differences()).singleElement().satisfies(difference -> {
            assertThat(difference.what()).isEqualTo(file.toString());
            assertThat(difference.was()).isEqualTo("absent");
        });
        assertThat(restored.output()).contains("left as it is, because somebody else changed it since: " + file);
    }

    @Test
    void aFolderInItsPlaceIsNotTouched() throws Exception {
        Files.createDirectory(file);
        NodePlan plan = new Rehearsal(local, wanted("ours\n", 0644)).plan();
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.obstacles()).containsExactly(file + " is there and is a folder");
    }

    @Test
    void severalChangesToOneFileGoBackToTheFirstState() throws Exception {
        Files.writeString(file, "former\n");
        List<String> before = local.snapshot();
        new Rehearsal(local, wanted("first\n", 0644)).provision();
        Rehearsal second = new Rehearsal(local, wanted("second\n", 0600));
        second.provision();
        assertThat(file).hasContent("second\n");

        assertThat(second.restore().isComplete()).isTrue();

        assertThat(local.snapshot()).isEqualTo(before);
    }

    @Test
    void nodesFillInTheirOwnValues() throws Exception {
        Requirement.FileContent told = wanted(
                "@sciabc.cluster@ @sciabc.user@ @sciabc.port@ @sciabc.cores@ @sciabc.memory@ @sciabc.arch@ @sciabc.os@\n",
                0644);
        local.with("SSH_CONNECTION=10.0.0.1 50000 10.0.0.2 2222");
        new Rehearsal(local, told).provision();
        assertThat(Files.readString(file)).matches("lab pi 2222 [0-9]+ [0-9]+ [a-z0-9_]+ [a-z]+[-a-z0-9.]*\n");
    }

    @Test
    void aNodeIsNamedToAvahiByItsOwnWordUnlessItsNameIsTooLong() throws Exception {
        new Rehearsal(local, wanted("on @sciabc.avahi-host@\n", 0644)).provision();
        assertThat(Files.readString(file)).matches("on (%h|[A-Za-z0-9._-]{34})\n");

        String long35 = "h".repeat(35);
        assertThat(local.output(NodeScripts.of(NodeScripts.BASE) + "\navahi_host desk7.example; avahi_host " + long35
                        + ".example\n"))
                .isEqualTo("%h\n" + "h".repeat(34) + "\n");
    }

    @Test
    void aFolderThatWeMadeIsKeptWhenSomethingElseLivesInIt() throws Exception {
        Requirement.Directory work = new Requirement.Directory("~/work/deep", 0755, "jobs work there");
        Rehearsal rehearsal = new Rehearsal(local, work);
        rehearsal.provision();
        Files.writeString(local.home().resolve("work/deep/result"), "42\n");

        Restored restored = rehearsal.restore();

        assertThat(local.home().resolve("work/deep/result")).hasContent("42\n");
        assertThat(restored.differences())
                .singleElement()
                .satisfies(difference -> assertThat(difference.is()).isEqualTo("folder 755"));
    }

    private Requirement.FileContent wanted(String content, int mode) {
        return new Requirement.FileContent(file.toString(), content, mode, "it is needed");
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
