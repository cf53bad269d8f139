// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    private Rehearsal rehearsal() throws SciabcException {
        Requirement wanted = new Requirement.HostDistribution(place.toString(), "it announces the node");
        LocalDistribution packed = LocalDistribution.pack(unpacked, folder.resolve("packed.tar"));
        return new Rehearsal(
                local, Optional.empty(), PlanRequest.of("lab", List.of(wanted)).withDistribution(packed));
    }
}
