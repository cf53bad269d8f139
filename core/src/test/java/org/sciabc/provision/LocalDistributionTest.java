// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.SciabcException;

final class LocalDistributionTest {
    @TempDir
    Path folder;

    private LocalNode local;
    private Path unpacked;
    private Path place;

    @BeforeEach
    void prepare() throws Exception {
        local = LocalNode.in(folder);
        unpacked = folder.resolve("distribution");
        place = local.etc().resolveSibling("opt/sciabc");
        Files.createDirectories(unpacked.resolve("bin"));
        Files.createDirectories(unpacked.resolve("lib/" + "deep/".repeat(25)));
        Files.writeString(unpacked.resolve("bin/sciabc"), "#!/bin/sh\necho first\n");
        assertThat(unpacked.resolve("bin/sciabc").toFile().setExecutable(true)).isTrue();
        Files.writeString(unpacked.resolve("lib/" + "deep/".repeat(25) + "a.jar"), "x".repeat(1000));
    }

    @Test
    void theDistributionIsSentOnceAndGoesAgain() throws Exception {
        List<String> before = local.snapshot();
        Rehearsal rehearsal = rehearsal();

        Outcome outcome = rehearsal.provision();

        assertThat(outcome.why()).isEmpty();
        assertThat(local.output(place + "/bin/sciabc")).isEqualTo("first\n");
        assertThat(place.resolve("lib/" + "deep/".repeat(25) + "a.jar")).hasContent("x".repeat(1000));
        assertThat(rehearsal().plan().isReady()).isTrue();
        assertThat(rehearsal.restore().isComplete()).isTrue();
        assertThat(local.snapshot()).isEqualTo(before);
    }

    @Test
    void anotherVersionTakesItsPlace() throws Exception {
        List<String> before = local.snapshot();
        rehearsal().provision();
        Files.writeString(unpacked.resolve("bin/sciabc"), "#!/bin/sh\necho second\n");

        assertThat(rehearsal().provision().why()).isEmpty();

        assertThat(local.output(place + "/bin/sciabc")).isEqualTo("second\n");
        assertThat(rehearsal().restore().isComplete()).isTrue();
        assertThat(local.snapshot()).isEqualTo(before);
    }

    @Test
    void whatIsSomebodyElsesStays() throws Exception {
        Files.createDirectories(place);
        assertThat(rehearsal().plan().obstacles()).containsExactly(place + " is there and is somebody else's");
    }

    @Test
    void whereSciabcMayNotBecomeRootSomebodyElseCarriesItThere() throws Exception {
        local.with("sudo", "exit 1\n");
        List<String> before = local.snapshot();
        AdministratorScript scripts = new AdministratorScript(request(), local.layout());
        Plan.Group group = new Plan(List.of(rehearsal().plan())).groups().get(0);
        Files.writeString(folder.resolve("node1.sh"), scripts.of(group, "node1"));
        Path files = Files.createDirectories(folder.resolve("node1.files"));
        local.with("FAKE_UID=0");

        String without = local.output("/bin/sh ../node1.sh");
        for (Map.Entry<String, Path> file : scripts.files(group).entrySet()) {
            Files.copy(file.getValue(), files.resolve(file.getKey()));
        }
        local.output("/bin/sh ../node1.sh");
        Files.delete(files.resolve("distribution.tar"));
        String again = local.output("/bin/sh ../node1.sh");

        assertThat(without).contains("missing, or damaged: " + files + "/distribution.tar\n");
        assertThat(again).isEqualTo("install this sciabc in " + place + "\n");
        assertThat(rehearsal().plan().isReady()).isTrue();
        assertThat(rehearsal().restore().isComplete()).isTrue();
        assertThat(local.snapshot()).isEqualTo(before);
    }

    private Rehearsal rehearsal() throws SciabcException {
        return new Rehearsal(local, Optional.empty(), request());
    }

    private PlanRequest request() throws SciabcException {
        Requirement wanted = new Requirement.HostDistribution(place.toString(), "it announces the node");
        return PlanRequest.of("lab", List.of(wanted))
                .withDistribution(LocalDistribution.pack(unpacked, folder.resolve("packed.tar")));
    }
}
