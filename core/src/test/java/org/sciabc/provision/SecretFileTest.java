// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.Secret;

final class SecretFileTest {
    private static final String WORDS = "correct horse battery's staple\nEND\n";
    private static final Requirement.SecretFile SECRET =
            new Requirement.SecretFile("~/.config/lab/secret", Secret.of(WORDS), 0600, "it lets the node in");

    @TempDir
    Path folder;

    @Test
    void aSecretIsWrittenForTheAccountAloneAndGoesAgain() throws Exception {
        LocalNode local = LocalNode.in(folder);
        Rehearsal rehearsal = new Rehearsal(local, SECRET);
        List<String> before = local.snapshot();
        Path file = local.home().resolve(".config/lab/secret");

        Outcome outcome = rehearsal.provision();

        assertThat(outcome.why()).isEmpty();
        assertThat(Files.readString(file)).isEqualTo(WORDS);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(rehearsal.plan().isReady()).isTrue();
        assertThat(rehearsal.restore().isComplete()).isTrue();
        assertThat(local.snapshot()).isEqualTo(before);
    }

    @Test
    void anotherSecretIsReplaced() throws Exception {
        LocalNode local = LocalNode.in(folder);
        new Rehearsal(local, SECRET).provision();
        Requirement changed = new Requirement.SecretFile(SECRET.path(), Secret.of("new\n"), 0600, SECRET.why());
        Rehearsal rehearsal = new Rehearsal(local, changed);
        assertThat(rehearsal.plan().isReady()).isFalse();
        rehearsal.provision();
        assertThat(local.home().resolve(".config/lab/secret")).hasContent("new");
    }

    @Test
    void aSecretStandsInNoPlanNoJournalAndNoCommandLine() throws Exception {
        LocalNode local = LocalNode.in(folder);
        Rehearsal rehearsal = new Rehearsal(local, SECRET);
        Plan plan = new Plan(List.of(rehearsal.plan()));

        rehearsal.provision();
        rehearsal.plan();

        assertThat(PlanText.commands(plan)).contains("secret").doesNotContain("horse");
        assertThat(plan.toString()).doesNotContain("horse");
        assertThat(local.scripts).isNotEmpty().noneMatch(script -> script.contains("horse"));
        assertThat(local.output("grep -r horse \"$HOME/.local\" \"$HOME/../root\" || echo nowhere"))
                .isEqualTo("nowhere\n");
    }
}
