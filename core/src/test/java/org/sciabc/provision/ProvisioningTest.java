// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sciabc.spi.Requirement;

final class ProvisioningTest {
    private static final Requirement.AuthorizedKey KEY = new Requirement.AuthorizedKey(
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1c3kgYmVlcyBidXp6IGJ5IHRoZSBicm9vayBzaWRl lab",
            "jobs are started with it");

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("org.sciabc.provision.LocalNode#shells")
    void aBareNodeBecomesReadyAndGoesAllTheWayBack(String shell) throws Exception {
        LocalNode local = LocalNode.in(folder, shell);
        Requirement.FileContent file = new Requirement.FileContent(
                folder + "/etc/deep/node.conf", "id=@sciabc.id@ cluster=@sciabc.cluster@\n", 0644, "it is told apart");
        Requirement.Directory work = new Requirement.Directory("~/work", 0750, "jobs work there");
        Rehearsal rehearsal = new Rehearsal(local, KEY, file, work);
        List<String> before = FolderSnapshot.of(folder);

        Outcome outcome = rehearsal.provision();

        assertThat(outcome.why()).isEmpty();
        assertThat(outcome.isReady()).isTrue();
        assertThat(outcome.changes()).isEqualTo(4);
        assertThat(local.home().resolve(".ssh/authorized_keys")).hasContent(KEY.publicKey());
        assertThat(Files.readString(folder.resolve("etc/deep/node.conf"))).matches("id=[0-9a-f-]{36} cluster=lab\n");
        assertThat(rehearsal.plan().isReady()).isTrue();

        Restored restored = rehearsal.restore();

        assertThat(restored.failure()).isEmpty();
        assertThat(restored.differences()).isEmpty();
        assertThat(FolderSnapshot.of(folder)).isEqualTo(before);
    }
}
