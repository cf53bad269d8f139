// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sciabc.spi.Requirement;

final class AdministratorScriptTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("org.sciabc.provision.LocalNode#shells")
    void rootRunsItOnceOrTwiceAndRestorationUndoesIt(String shell) throws Exception {
        LocalNode local = LocalNode.in(folder, shell).with("sudo", "exit 1\n");
        PlanRequest request = request(local);
        Rehearsal rehearsal = new Rehearsal(local, Optional.empty(), request);
        List<String> before = local.snapshot();
        String script = script(local, request, rehearsal.plan());

        local.with("FAKE_UID=0");
        local.output(script);
        String told = Files.readString(local.etc().resolve("node.conf"));
        List<String> once = local.snapshot();
        String said = local.output(script);

        assertThat(told).matches("id=[0-9a-f-]{36}\n");
        assertThat(said).contains("write " + local.etc() + "/node.conf");
        assertThat(local.snapshot()).isEqualTo(once);
        assertThat(rehearsal.plan().isReady()).isTrue();
        assertThat(rehearsal.restore().isComplete()).isTrue();
        assertThat(local.snapshot()).isEqualTo(before);
    }

    @Test
    void itRefusesAnybodyButRoot() throws Exception {
        LocalNode local = LocalNode.in(folder).with("sudo", "exit 1\n");
        PlanRequest request = request(local);
        List<String> before = local.snapshot();
        String script = script(local, request, new Rehearsal(local, Optional.empty(), request).plan());
        assertThat(local.output(script)).isEqualTo("run this as root\n");
        assertThat(local.snapshot()).isEqualTo(before);
    }

    @Test
    void itSaysWhatItDoesAndWhy() throws Exception {
        LocalNode local = LocalNode.in(folder).with("sudo", "exit 1\n");
        PlanRequest request = request(local);
        assertThat(script(local, request, new Rehearsal(local, Optional.empty(), request).plan()))
                .startsWith("#!/bin/sh\n# For node1, to be run there as root.\n#\n# - give the node a random id in ")
                .contains("# - write " + local.etc() + "/node.conf\n#   because it is told apart\n");
    }

    private static PlanRequest request(LocalNode local) {
        return PlanRequest.of(
                "lab",
                List.of(new Requirement.FileContent(
                        local.etc() + "/node.conf", "id=@sciabc.id@\n", 0644, "it is told apart")));
    }

    private static String script(LocalNode local, PlanRequest request, NodePlan plan) {
        Plan.Group group = new Plan(List.of(plan)).groups().get(0);
        return new AdministratorScript(request, local.layout()).of(group);
    }
}
