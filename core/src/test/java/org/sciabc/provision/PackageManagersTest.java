// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.Requirement.PackageManager;

/** The command lines of each package manager, against programs that answer as the real ones do. */
final class PackageManagersTest {
    /** Installed packages are lines of a file, with their versions; libopenmpi comes with openmpi. */
    private static final String DATABASE = """
            db=$HOME/../log/packages
            touch "$db"
            add() { for each; do grep -q "^$each " "$db" || echo "$each 4.1" >>"$db"; done; }
            drop() { for each; do each=${each%.x86_64}; grep -v "^$each " "$db" >"$db.new"; mv "$db.new" "$db"; done; }
            """;

    @TempDir
    Path folder;

    private LocalNode local;

    @BeforeEach
    void prepare() throws Exception {
        local = LocalNode.in(folder);
        Files.writeString(folder.resolve("log/packages"), "bash 5.2\n");
    }

    @Test
    void aptInstallsWithoutQuestionsAndPurgesWhatCameWithIt() throws Exception {
        with("dpkg-query", "case $* in *Version*) sed 's/^/installed /' \"$db\" ;; esac\n");
        with("apt-mark", "echo bash; echo openmpi-bin\n");
        with("dpkg", "exit 0\n");
        with("apt-get", """
                while [ $# -gt 0 ]; do
                    case $1 in
                    -o) shift 2 ;;
                    -*) shift ;;
                    update) exit 0 ;;
                    install) shift && add "$@" libopenmpi3 && exit ;;
                    purge) shift && drop "$@" && exit ;;
                    esac
                done
                """);

        assertRoundTrip("openmpi-bin python3-mpi4py", List.of("libopenmpi3", "openmpi-bin", "python3-mpi4py"));

        assertThat(calls("apt-get"))
                .contains(
                        "-q -y --no-install-recommends -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=300"
                                + " install openmpi-bin python3-mpi4py",
                        "-q -y -o DPkg::Lock::Timeout=300 -o Dir::State::extended_states=" + local.system()
                                + "/journal/marks purge libopenmpi3 openmpi-bin python3-mpi4py");
    }

    @Test
    void aptThatWasCutOffWhileItRemovedIsContinued() throws Exception {
        with(
                "dpkg-query",
                "case $* in *Version*) sed 's/^/installed /' \"$db\" ;; *) cat \"$HOME/../log/purging\" ;; esac\n");
        with("apt-mark", "cut -d ' ' -f 1 \"$db\" | grep -v -x -F -f \"$HOME/../log/marks\"\n");
        with("dpkg", "exit 0\n");
        // Before it removes anything, apt forgets what it has installed for others.
        with("apt-get", """
                marks=$HOME/../log/marks
                while [ $# -gt 0 ]; do
                    case $1 in
                    -o)
                        case $2 in Dir::State::extended_states=*) marks=${2#*=} ;; esac
                        shift 2 ;;
                    -*) shift ;;
                    update) exit 0 ;;
                    install) shift && add "$@" libopenmpi3 libucx0 && printf '%s\\n' libopenmpi3 libucx0 >"$marks" && exit ;;
                    purge)
                        shift
                        : >"$marks"
                        if ! [ -e "$HOME/../log/cut-off" ]; then
                            touch "$HOME/../log/cut-off"
                            drop openmpi-bin libucx0
                            echo config-files libucx0 >"$HOME/../log/purging"
                            kill -9 $PPID
                        else
                            drop "$@"
                            : >"$HOME/../log/purging"
                        fi
                        exit ;;
                    esac
                done
                """);
        Files.createFile(folder.resolve("log/purging"));
        Files.createFile(folder.resolve("log/marks"));
        Rehearsal rehearsal = new Rehearsal(local, Samples.MPI);
        rehearsal.provision();
        assertThat(rehearsal.restore().isComplete()).isFalse();

        Restored restored = rehearsal.restore();

        assertThat(restored.isComplete()).as(restored.toString()).isTrue();
        assertThat(calls("apt-get")).last().asString().endsWith(" purge libopenmpi3 libucx0 python3-mpi4py");
        assertThat(folder.resolve("log/packages")).hasContent("bash 5.2");
    }

    @Test
    void aptFetchesItsListsAgainWhenTheyAreTooOld() throws Exception {
        with("dpkg-query", "case $* in *Version*) sed 's/^/installed /' \"$db\" ;; esac\n");
        with("apt-mark", "echo openmpi-bin python3-mpi4py\n");
        with("apt-get", """
                case $* in
                *update) touch "$HOME/../log/updated" ;;
                *install*)
                    if [ -e "$HOME/../log/updated" ]; then add openmpi-bin python3-mpi4py; exit; fi
                    echo 'E: Unable to locate package openmpi-bin' >&2
                    exit 100 ;;
                esac
                """);
        assertThat(new Rehearsal(local, Samples.MPI).provision().why()).isEmpty();
    }

    @Test
    void aptSaysWhyItCouldNot() throws Exception {
        with("dpkg-query", "sed 's/^/installed /' \"$db\"\n");
        with("apt-get", """
                echo 'E: Failed to fetch http://mirror/openmpi.deb  Temporary failure resolving mirror' >&2
                echo 'see above' >&2
                exit 100
                """);
        Outcome outcome = new Rehearsal(local, Samples.MPI).provision();
        assertThat(outcome.result()).isEqualTo(Outcome.Result.FAILED);
        assertThat(outcome.why())
                .isEqualTo("install openmpi-bin, python3-mpi4py: Failed to fetch http://mirror/openmpi.deb"
                        + " Temporary failure resolving mirror");
    }

    @Test
    void dnfInstallsAndRemovesExactlyThat() throws Exception {
        rpm();
        with("dnf", "case $* in *install*) add openmpi openmpi-libs ;; *remove*) shift 3; drop \"$@\" ;; esac\n");

        assertRoundTrip("openmpi", List.of("openmpi-libs.x86_64", "openmpi.x86_64"));

        assertThat(calls("dnf"))
                .containsExactly(
                        "-y --setopt=install_weak_deps=False install openmpi",
                        "-y --setopt=clean_requirements_on_remove=False remove openmpi-libs.x86_64 openmpi.x86_64");
    }

    @Test
    void rpmKeepsWhatSomethingElseNeedsNow() throws Exception {
        rpm();
        with("dnf", "case $* in *install*) add openmpi openmpi-libs ;; *remove*) shift 3; drop \"$@\" ;; esac\n");
        Rehearsal rehearsal = new Rehearsal(local, Samples.MPI);
        rehearsal.provision();
        local.with("FAKE_NEEDED=openmpi-libs");

        Restored restored = rehearsal.restore();

        assertThat(calls("dnf"))
                .last()
                .isEqualTo("-y --setopt=clean_requirements_on_remove=False remove openmpi.x86_64");
        assertThat(restored.output()).contains("kept, because something else needs it now: openmpi-libs.x86_64");
        assertThat(restored.differences()).extracting(Difference::what).containsExactly("package openmpi-libs.x86_64");
    }

    @Test
    void zypperInstallsWithoutWhatIsMerelyRecommended() throws Exception {
        rpm();
        with("zypper", "case $* in *install*) add openmpi4 ;; *remove*) shift 3; drop \"$@\" ;; esac\n");

        assertRoundTrip("openmpi4", List.of("openmpi4.x86_64"));

        assertThat(calls("zypper"))
                .containsExactly(
                        "--non-interactive install --auto-agree-with-licenses --no-recommends openmpi4",
                        "--non-interactive remove --no-clean-deps openmpi4.x86_64");
    }

    @Test
    void pacmanInstallsOnlyWhatIsNeeded() throws Exception {
        with("pacman", """
                case $1 in
                -Q) shift 2>/dev/null; if [ $# -eq 0 ]; then cat "$db"; else grep "^$2 " "$db"; fi ;;
                -Sy) ;;
                -S) add openmpi hwloc ;;
                -R) ;;
                -Rn) shift 2; drop "$@" ;;
                esac
                """);

        assertRoundTrip("openmpi", List.of("hwloc", "openmpi"));

        assertThat(calls("pacman")).contains("-S --noconfirm --needed openmpi", "-Rn --noconfirm hwloc openmpi");
    }

    @Test
    void apkForgetsWhatWasAskedForAndRemovesTheRestItself() throws Exception {
        with("apk", """
                case $* in
                'info -v') sed 's/ \\(.*\\)/-\\1-r0/' "$db" ;;
                'info -e -- '*) grep -q "^$4 " "$db" ;;
                *' add '*) add openmpi hwloc ;;
                *' del '*) drop openmpi hwloc ;;
                esac
                """);

        assertRoundTrip("openmpi", List.of("hwloc", "openmpi"));

        assertThat(calls("apk")).contains("--wait 300 add openmpi", "--wait 300 del openmpi");
    }

    @Test
    void homebrewWorksWithoutRoot() throws Exception {
        Files.createDirectories(folder.resolve("brew/opt"));
        local.with("FAKE_PREFIX=" + folder.resolve("brew"));
        with("brew", """
                case $1 in
                --prefix) echo "$FAKE_PREFIX" ;;
                list) cat "$db" ;;
                install) add open-mpi hwloc; mkdir "$FAKE_PREFIX/opt/open-mpi" ;;
                uninstall) shift; drop "$@"; rmdir "$FAKE_PREFIX/opt/open-mpi" ;;
                esac
                """);
        local.with("sudo", "exit 1\n");

        assertRoundTrip("open-mpi", List.of("hwloc", "open-mpi"));

        assertThat(calls("brew")).contains("install open-mpi", "uninstall hwloc open-mpi");
    }

    @Test
    void homebrewIsNotAskedAsRoot() throws Exception {
        with("brew", "case $1 in --prefix) echo /nonexistent ;; esac\n");
        local.with("FAKE_UID=0");
        assertThat(new Rehearsal(local, Samples.MPI).plan().obstacles())
                .containsExactly("Homebrew does not install packages as root: use another account");
    }

    @Test
    void withoutAPackageManagerThePlanSaysWhatToInstallByHand() throws Exception {
        NodePlan plan = new Rehearsal(local, Samples.AVAHI).plan();
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.obstacles())
                .containsExactly(
                        "no package manager is known there: install avahi-daemon by hand (it announces the node)");
    }

    @Test
    void aManagerThatNobodyNamedPackagesForIsSaid() throws Exception {
        with("pacman", "exit 1\n");
        assertThat(new Rehearsal(local, Samples.AVAHI).plan().obstacles())
                .containsExactly("it is not known which packages of pacman to install (it announces the node)");
    }

    @Test
    void interruptedInstallationsAreFinishedFirst() {
        List<String> commands = new PackageCommands(java.time.Duration.ofSeconds(60))
                .install(PackageManager.APT, List.of("openmpi-bin"), true);
        assertThat(commands).contains("dpkg --configure -a || true");
        assertThat(commands).anyMatch(line -> line.contains("--reinstall install $again"));
        assertThat(commands).last().asString().contains(" --fix-broken install openmpi-bin");
    }

    private void assertRoundTrip(String asked, List<String> added) throws Exception {
        String before = Files.readString(folder.resolve("log/packages"));
        Rehearsal rehearsal = new Rehearsal(local, Samples.MPI);

        Outcome outcome = rehearsal.provision();

        assertThat(outcome.why()).isEmpty();
        assertThat(rehearsal.plan().isReady()).isTrue();
        assertThat(outcome.journal()).singleElement().satisfies(entry -> {
            assertThat(entry.subject()).isEqualTo(asked);
            assertThat(entry.added()).isEqualTo(added);
        });
        Restored restored = rehearsal.restore();
        assertThat(restored.failure()).isEmpty();
        assertThat(restored.differences()).isEmpty();
        assertThat(folder.resolve("log/packages")).hasContent(before);
    }

    private void rpm() throws Exception {
        with("rpm", """
                case $1 in
                -qa) sed 's/ /.x86_64 /' "$db" ;;
                -q)
                    case $3 in
                    *VERSION*) grep "^$5 " "$db" || { echo "package $5 is not installed"; exit 1; } ;;
                    *) echo "${5%-*-*}" ;;
                    esac ;;
                -e) case $4 in "${FAKE_NEEDED:-none}".*) echo 'libmpi.so is needed by (installed) solver-1-1.x86_64' >&2; exit 1 ;; esac ;;
                esac
                """);
    }

    private void with(String program, String script) throws Exception {
        local.with(program, "echo \"$*\" >>\"$HOME/../log/" + program + "\"\n" + DATABASE + script);
    }

    private List<String> calls(String program) throws Exception {
        return local.log(program);
    }
}
