// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sciabc.spi.Requirement;

final class PackageFolderTest {
    private static final String DATABASE = """
            echo "$*" >>"$HOME/../log/calls"
            db=$HOME/../log/packages
            touch "$db"
            add() { for each; do grep -q "^$each " "$db" || echo "$each 4.1" >>"$db"; done; }
            files() { for each; do case $each in /*) add "$(basename "$each" | sed 's/-4[.]1.*//')" ;; esac; done; }
            """;

    @TempDir
    Path folder;

    private LocalNode local;
    private Path offered;

    @BeforeEach
    void prepare() throws Exception {
        local = LocalNode.in(folder);
        offered = Files.createDirectories(folder.resolve("offered"));
        Files.writeString(folder.resolve("log/packages"), "bash 5.2\n");
        with("uname", "case $1 in -m) echo x86_64 ;; *) exec /bin/uname \"$@\" ;; esac\n");
        with("rpm", """
                case $1 in
                --eval) echo x86_64 ;;
                -qa) sed 's/ /.x86_64 /' "$db" ;;
                -q) grep "^$5 " "$db" || { echo "package $5 is not installed"; exit 1; } ;;
                esac
                """);
    }

    @ParameterizedTest
    @CsvSource({
        "dnf, openmpi-4.1-1.x86_64.rpm, libopenmpi-4.1-1.x86_64.rpm, bash-4.1-1.x86_64.rpm,"
                + " \"-y --disablerepo=* --setopt=install_weak_deps=False install\"",
        "zypper, openmpi4-4.1-1.x86_64.rpm, libopenmpi-4.1-1.noarch.rpm, bash-4.1-1.x86_64.rpm,"
                + " \"--non-interactive --no-refresh --disable-repositories install --allow-unsigned-rpm"
                + " --auto-agree-with-licenses --no-recommends\"",
        "pacman, openmpi-4.1-1-x86_64.pkg.tar.zst, libopenmpi-4.1-1-any.pkg.tar.zst, bash-4.1-1-x86_64.pkg.tar.zst,"
                + " \"-U --noconfirm --needed\"",
        "apk, openmpi-4.1-r0.apk, libopenmpi-4.1-r1.apk, bash-4.1-r1.apk,"
                + " \"--wait 300 add --allow-untrusted --no-network\""
    })
    void managersThatTakeFilesAreGivenThoseThatAreNotInstalled(
            String manager, String openMpi, String library, String there, String command) throws Exception {
        with(manager, """
                case $* in
                *--print-arch*) echo x86_64 ;;
                "-Q") cat "$db" ;;
                "-Q -- "*) grep "^$3 " "$db" ;;
                "info -v") sed 's/ 4.1/-4.1-r0/; s/ 5.2/-5.2-r1/' "$db" ;;
                "info -e -- "*) grep -q "^$4 " "$db" ;;
                *install*|*-U*|*add*) files "$@" ;;
                esac
                """);
        offer(openMpi, library, there, "x86_64/" + openMpi, "trixie/libother-4.1-1.x86_64.rpm");

        Outcome outcome = rehearsal().provision();

        assertThat(outcome.why()).isEmpty();
        String sent = folder.resolve("root/sent-pi/packages").toString();
        assertThat(local.log("calls"))
                .anyMatch(call -> call.startsWith(command.replace("\"", "") + " " + sent)
                        && call.contains(openMpi)
                        && call.contains(library)
                        && !call.contains(there)
                        && !call.contains("libother"));
        assertThat(folder.resolve("root/sent-pi")).doesNotExist();
    }

    @Test
    void ofDebianPackagesThoseAreSentThatAptChooses() throws Exception {
        debian("""
                *--print-uris*)
                    grep -q '^Package: openmpi-bin$' "$HOME"/../root/sent-pi/packages/lists/*_Packages || exit 3
                    n=$(sed -n 's/^Filename: //p' "$HOME"/../root/sent-pi/packages/lists/*_Packages | head -n 1)
                    echo "'file:/somewhere/$n' openmpi-bin_4.1_amd64.deb 1 " ;;
                *install*) ls "$HOME/../root/sent-pi/packages" >"$HOME/../log/sent"; add openmpi-bin python3-mpi4py ;;
                """);
        offerDebian("openmpi-bin", "openmpi-bin_4.1_amd64.deb");
        offerDebian("python3-mpi4py", "python3-mpi4py_4.1_amd64.deb");
        offerDebian("openmpi-bin", "openmpi-bin_4.1_arm64.deb");

        Rehearsal rehearsal = rehearsal();
        Outcome outcome = rehearsal.provision();

        assertThat(outcome.why()).isEmpty();
        assertThat(local.log("sent")).filteredOn(name -> name.endsWith(".deb")).containsExactly("0.deb");
        assertThat(rehearsal.events)
                .filteredOn(ProvisionEvent.Sending.class::isInstance)
                .singleElement()
                .isEqualTo(new ProvisionEvent.Sending(Rehearsal.NODE, 1, 1, "openmpi-bin_4.1_amd64.deb"));
        assertThat(PlanText.commands(new Plan(List.of(new Rehearsal(local, Samples.MPI).plan()))))
                .doesNotContain("sent_packages");
    }

    @Test
    void whatCannotBeResolvedIsSaidInAptsWords() throws Exception {
        debian("""
                *--print-uris*)
                    echo 'The following packages have unmet dependencies:'
                    echo ' openmpi-bin : Depends: libopenmpi3 (= 4.1) but it is not installable' >&2
                    echo 'E: Unable to correct problems, you have held broken packages.' >&2
                    exit 100 ;;
                """);
        offerDebian("openmpi-bin", "openmpi-bin_4.1_amd64.deb");
        offerDebian("python3-mpi4py", "python3-mpi4py_4.1_amd64.deb");

        Outcome outcome = rehearsal().provision();

        assertThat(outcome.isReady()).isFalse();
        assertThat(outcome.why())
                .isEqualTo("cannot send what is to be installed: openmpi-bin : Depends: libopenmpi3 (= 4.1) but it is"
                        + " not installable");
        assertThat(rehearsal().restore().isComplete()).isTrue();
    }

    @Test
    void aPackageThatIsNotAmongTheFilesIsNamedBeforeAnythingIsDone() throws Exception {
        debian("");
        offerDebian("openmpi-bin", "openmpi-bin_4.1_amd64.deb");
        offerDebian("python3-mpi4py", "python3-mpi4py_4.1_arm64.deb");
        NodePlan plan = rehearsal().plan();
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.obstacles())
                .singleElement()
                .asString()
                .startsWith("no file in " + offered + " is a package python3-mpi4py for ")
                .contains("amd64");
    }

    @Test
    void aDamagedFileIsNamed() throws Exception {
        debian("");
        Files.writeString(offered.resolve("openmpi-bin_4.1_amd64.deb"), "<html>not found</html>");
        offerDebian("python3-mpi4py", "python3-mpi4py_4.1_amd64.deb");
        assertThat(rehearsal().provision().why())
                .contains("openmpi-bin_4.1_amd64.deb", "it is damaged or cannot be read");
    }

    @Test
    void aFolderWithoutPackagesIsRefused() throws Exception {
        Files.writeString(offered.resolve("readme.txt"), "nothing");
        assertThatThrownBy(() -> PackageFolder.open(offered.toString()))
                .hasMessageContaining("no file in it is a package");
        assertThatThrownBy(() -> PackageFolder.open("/no/such/folder")).hasMessageContaining("no such folder");
    }

    private Rehearsal rehearsal() throws Exception {
        Requirement needed = Samples.MPI;
        return new Rehearsal(
                local,
                Optional.empty(),
                PlanRequest.of("lab", List.of(needed)).withPackagesFrom(PackageFolder.open(offered.toString())));
    }

    private void debian(String more) throws Exception {
        with("dpkg-query", "case $* in *Version*) sed 's/^/installed /' \"$db\" ;; esac\n");
        with("dpkg", "echo amd64\n");
        with("apt-mark", "echo bash; echo openmpi-bin; echo python3-mpi4py\n");
        // A package's description is the second member of the archive: here it is plain text.
        with("dpkg-deb", "grep -a '^Package: ' \"$2\"\n");
        with("apt-get", "case $* in\n" + more + "esac\n");
    }

    private void offer(String... names) throws Exception {
        for (String name : names) {
            Path file = offered.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "content of " + name);
        }
    }

    /** As deb(5) has it: version, description, files. */
    private void offerDebian(String name, String file) throws Exception {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        archive.writeBytes("!<arch>\n".getBytes(StandardCharsets.US_ASCII));
        for (String member : List.of("2.0\n", "Package: " + name + "\n\n", "x".repeat(5000))) {
            archive.writeBytes(
                    String.format("%-48s%-10d`\n", "member", member.length()).getBytes(StandardCharsets.US_ASCII));
            archive.writeBytes(member.getBytes(StandardCharsets.US_ASCII));
            if (member.length() % 2 == 1) {
                archive.write('\n');
            }
        }
        Files.write(offered.resolve(file), archive.toByteArray());
    }

    private void with(String program, String script) throws Exception {
        local.with(program, DATABASE + script);
    }
}
