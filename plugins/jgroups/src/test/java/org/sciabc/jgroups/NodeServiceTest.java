// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.RequirementsRequest;
import org.sciabc.spi.Settings;

class NodeServiceTest {
    private static final String WORDS = "a secret of the whole class";

    @TempDir
    Path folder;

    @Test
    void aNodeNeedsJavaThisProgramAUnitAndItsService() throws Exception {
        List<Requirement> requirements = requirements(Map.of("port", "40000", "silence", "2s"));

        assertThat(requirements)
                .extracting(each -> (Object) each.getClass())
                .containsExactly(
                        Requirement.Packages.class,
                        Requirement.HostDistribution.class,
                        Requirement.FileContent.class,
                        Requirement.Service.class);
        assertThat(unit(requirements))
                .contains("ExecStart=/usr/local/lib/sciabc/bin/sciabc announce --cluster=lab --discovery=jgroups"
                        + " --user=@sciabc.user@ --ssh-port=@sciabc.port@ --set=jgroups.port=40000"
                        + " --set=jgroups.silence=2s\n")
                .contains("User=@sciabc.user@\n", "@sciabc.id@");
    }

    @Test
    void theSecretGoesIntoAFileOfItsOwnAndNowhereElse() throws Exception {
        Path file = folder.resolve("secret");
        Files.writeString(file, WORDS + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        List<Requirement> requirements = requirements(Map.of("secret-file", file.toString()));

        assertThat(requirements)
                .filteredOn(Requirement.SecretFile.class::isInstance)
                .singleElement()
                .satisfies(each -> {
                    Requirement.SecretFile secret = (Requirement.SecretFile) each;
                    assertThat(secret.path()).isEqualTo("/etc/sciabc/lab.secret");
                    assertThat(secret.mode()).isEqualTo(0600);
                    assertThat(new String(secret.content().characters())).isEqualTo(WORDS + "\n");
                });
        assertThat(unit(requirements)).contains("--set=jgroups.secret-file=/etc/sciabc/lab.secret\n");
        assertThat(requirements.toString()).doesNotContain(WORDS);
    }

    private List<Requirement> requirements(Map<String, String> settings) throws Exception {
        JgroupsDiscovery discovery = new JgroupsDiscovery();
        return discovery.requirements(
                new RequirementsRequest("lab", Settings.of(discovery.settings(), settings), folder));
    }

    private static String unit(List<Requirement> requirements) {
        return requirements.stream()
                .filter(Requirement.FileContent.class::isInstance)
                .map(each -> ((Requirement.FileContent) each).content())
                .findFirst()
                .orElseThrow();
    }
}
