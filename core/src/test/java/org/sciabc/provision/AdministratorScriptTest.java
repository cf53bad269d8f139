// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sciabc.spi.Requirement;

final class AdministratorScriptTest {
    /** Becomes nobody: the account of a local node is the one that runs the tests. */
    private static final String SU = "echo \"$*\" >>\"$HOME/../log/su\"\nexec /bin/sh -s\n";

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

    @Test
    void whereSciabcMayBecomeRootItIsTheWholePlan() throws Exception {
        LocalNode local = LocalNode.in(folder).with("su", SU);
        PlanRequest request = PlanRequest.of("lab", List.of(file(local), Samples.KEY));
        Rehearsal rehearsal = new Rehearsal(local, Optional.empty(), request);
        List<String> before = local.snapshot();
        String script = script(local, request, rehearsal.plan());

        local.with("FAKE_UID=0");
        local.output(script);
        List<String> once = local.snapshot();
        local.output(script);

        assertThat(script).contains("# - add a key to ~/.ssh/authorized_keys\n");
        assertThat(local.log("su")).containsOnly("-s /bin/sh -c exec /bin/sh -s pi");
        assertThat(local.snapshot()).isEqualTo(once);
        assertThat(rehearsal.plan().isReady()).isTrue();
        assertThat(rehearsal.restore().isComplete()).isTrue();
        assertThat(local.snapshot()).isEqualTo(before);
    }

    @Test
    void whatOnlyTheAccountNeedsLeavesNothingOutsideOfItsHome() throws Exception {
        LocalNode local = LocalNode.in(folder).with("su", SU);
        PlanRequest request = PlanRequest.of("lab", List.of(Samples.KEY));
        Rehearsal rehearsal = new Rehearsal(local, Optional.empty(), request);
        String script = script(local, request, rehearsal.plan());

        local.with("FAKE_UID=0").output(script);

        assertThat(local.home().resolve(".ssh/authorized_keys")).exists();
        assertThat(local.system()).doesNotExist();
    }

    @Test
    void itSaysWhenThereIsNothingToDoAndWhatIsInTheWay() throws Exception {
        LocalNode local = LocalNode.in(folder);
        PlanRequest nothing = PlanRequest.of("lab", List.of());
        String ready = script(local, nothing, new Rehearsal(local, Optional.empty(), nothing).plan());
        PlanRequest impossible = PlanRequest.of("lab", List.of(Samples.AVAHI));
        String hindered = script(local, impossible, new Rehearsal(local, Optional.empty(), impossible).plan());

        assertThat(ready).endsWith("#\n# There is nothing to do for root.\n");
        assertThat(hindered)
                .contains(
                        "# There is nothing to do for root.\n# In the way, and left as it is: no package manager is known");
    }

    @ParameterizedTest
    @MethodSource("org.sciabc.provision.LocalNode#shells")
    void itTakesPackagesFromTheFolderThatSomebodyCopiedAlong(String shell) throws Exception {
        LocalNode local = LocalNode.in(folder, shell).with("sudo", "exit 1\n");
        withPacman(local);
        PlanRequest request =
                PlanRequest.of("lab", List.of(Samples.MPI)).withPackagesFrom(offer("openmpi-5.0-1-x86_64.pkg.tar.zst"));
        Rehearsal rehearsal = new Rehearsal(local, Optional.empty(), request);
        List<String> before = local.snapshot();
        NodePlan plan = rehearsal.plan();
        AdministratorScript scripts = new AdministratorScript(request, local.layout());
        Plan.Group group = new Plan(List.of(plan)).groups().get(0);
        Files.writeString(folder.resolve("node1.sh"), scripts.of(group, "node1"));
        Path files = folder.resolve("node1.files");
        String run = "/bin/sh ../node1.sh";
        local.with("FAKE_UID=0");

        String without = local.output(run);
        copyAlong(scripts.files(group), files);
        Files.writeString(files.resolve("hwloc-2.1-1-x86_64.pkg.tar.zst"), "broken");
        String damaged = local.output(run);
        copyAlong(scripts.files(group), files);
        Files.move(files, folder.resolve("elsewhere"));
        String whole = local.output(run + " ../elsewhere");
        List<String> once = local.snapshot();
        String again = local.output(run);

        assertThat(without).contains("there is no folder ../node1.files: copy it here, or say where it is\n");
        assertThat(damaged).contains("missing in " + files + ", or damaged: hwloc-2.1-1-x86_64.pkg.tar.zst\n");
        assertThat(whole).doesNotContain("missing");
        String sent = local.system() + "/sent/packages/";
        assertThat(local.log("pacman"))
                .containsExactly("-U --noconfirm --needed " + sent + "hwloc-2.1-1-x86_64.pkg.tar.zst " + sent
                        + "openmpi-5.0-1-x86_64.pkg.tar.zst");
        assertThat(once).noneMatch(line -> line.contains("sciabc/sent"));
        assertThat(again).isEqualTo("install openmpi, from files of the manager's\n");
        assertThat(rehearsal.plan().isReady()).isTrue();
        assertThat(rehearsal.restore().isComplete()).isTrue();
        assertThat(local.snapshot()).isEqualTo(before);
    }

    /** As when somebody presses ctrl-c, and when a shutdown ends it. */
    @ParameterizedTest
    @CsvSource({"exit 1", "'kill -INT $PPID $script; exit 1'", "kill -TERM $script", "kill -HUP $PPID $script"})
    void whatIsInstalledByHandAfterAStepFailedStays(String failure) throws Exception {
        for (String shell : LocalNode.shells().toList()) {
            Path own = Files.createTempDirectory(folder, "node");
            LocalNode local = LocalNode.in(own, shell).with("sudo", "exit 1\n");
            local.with("pacman", """
                db=$HOME/../log/packages
                case $1 in
                -Q) shift; if [ $# -eq 0 ]; then cat "$db"; else grep "^$2 " "$db"; fi ;;
                -S)
                    echo 'hwloc 2.1' >>"$db"
                    script=$(awk '{ print $4 }' /proc/$PPID/stat)
                    %s ;;
                -Rn) shift 2; for each; do grep -v "^$each " "$db" >"$db.new"; mv "$db.new" "$db"; done ;;
                esac
                """.formatted(failure));
            Path installed = Files.writeString(own.resolve("log/packages"), "bash 5.2\n");
            PlanRequest request = PlanRequest.of("lab", List.of(Samples.MPI));
            Rehearsal rehearsal = new Rehearsal(local, Optional.empty(), request);
            String script = script(local, request, rehearsal.plan());
            local.with("FAKE_UID=0").output("/bin/sh -c " + ShellText.quote(script));
            assertThat(installed).hasContent("bash 5.2\nhwloc 2.1");
            Files.writeString(installed, Files.readString(installed) + "gimp 2.10\n");

            assertThat(rehearsal.restore().failure()).as(shell).isEmpty();

            assertThat(installed).as(shell).hasContent("bash 5.2\ngimp 2.10");
        }
    }

    /** Installed is what a line of the log says. */
    private static void withPacman(LocalNode local) throws Exception {
        local.with("uname", "case $1 in -m) echo x86_64 ;; *) exec /bin/uname \"$@\" ;; esac\n")
                .with("pacman", """
                db=$HOME/../log/packages
                touch "$db"
                case $1 in
                -Q) shift; if [ $# -eq 0 ]; then cat "$db"; else grep "^$2 " "$db"; fi ;;
                -U) echo "$*" >>"$HOME/../log/pacman"; printf 'hwloc 2.1\\nopenmpi 5.0\\n' >"$db" ;;
                -Rn) : >"$db" ;;
                esac
                """);
    }

    private PackageFolder offer(String name) throws Exception {
        Path offered = Files.createDirectories(folder.resolve("offered"));
        Files.writeString(offered.resolve(name), "content of " + name);
        Files.writeString(offered.resolve("hwloc-2.1-1-x86_64.pkg.tar.zst"), "content of hwloc");
        return PackageFolder.open(offered.toString());
    }

    private static void copyAlong(Map<String, Path> files, Path along) throws Exception {
        Files.createDirectories(along);
        for (Map.Entry<String, Path> file : files.entrySet()) {
            Files.copy(file.getValue(), along.resolve(file.getKey()), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Requirement file(LocalNode local) {
        return new Requirement.FileContent(local.etc() + "/node.conf", "id=@sciabc.id@\n", 0644, "it is told apart");
    }

    private static PlanRequest request(LocalNode local) {
        return PlanRequest.of("lab", List.of(file(local)));
    }

    private static String script(LocalNode local, PlanRequest request, NodePlan plan) throws Exception {
        Plan.Group group = new Plan(List.of(plan)).groups().get(0);
        return new AdministratorScript(request, local.layout()).of(group, "node1");
    }
}
