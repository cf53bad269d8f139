// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of a folder of package files a node gets, where its package manager installs whatever it is given. */
final class PackageChoiceTest {
    /** The node provides libc and a shell, and has hwloc: "installed" is the manager's list, "provided" its capabilities. */
    private static final String DATABASE = """
            db=$HOME/../log/installed
            provided() { grep -q -x -F -- "$1" "$HOME/../log/provided"; }
            install() { for file; do case $file in /*) echo "${file##*/}" >>"$HOME/../log/sent" ;; esac; done; echo openmpi 5.0-1 >>"$db"; }
            """;

    @TempDir
    Path folder;

    private LocalNode local;
    private PackageFiles offered;

    @BeforeEach
    void prepare() throws Exception {
        local = LocalNode.in(folder);
        offered = new PackageFiles(Files.createDirectories(folder.resolve("offered")));
        Files.writeString(folder.resolve("log/installed"), "hwloc 2.1-1\n");
        Files.writeString(folder.resolve("log/provided"), "libc.so.6()(64bit)\n/bin/sh\nlibhwloc.so.15\n");
        with("uname", "case $1 in -m) echo x86_64 ;; *) exec /bin/uname \"$@\" ;; esac\n");
        with("rpm", """
                case $* in
                --eval*) echo x86_64 ;;
                -qa*) sed 's/ /.x86_64 /' "$db" ;;
                '-q --whatprovides -- '*)
                    shift 3
                    for each; do
                        if provided "$each"; then echo some-package-1-1; continue; fi
                        case $each in
                        /*) echo "error: file $each: No such file or directory" >&2 ;;
                        *) echo "no package provides $each" ;;
                        esac
                    done ;;
                -q*) grep "^$5 " "$db" || { echo "package $5 is not installed"; exit 1; } ;;
                esac
                """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"%s-%s-1.x86_64.rpm", "%s-%s-r1.apk", "%s-%s-1-x86_64.pkg.tar.gz", "%s-%s-1-x86_64.pkg.tar"})
    void whatIsAskedForIsSentWithWhatItNeedsAndTheNodeLacks(String form) throws Exception {
        manager(form);
        offer(form, "openmpi", "5.0", List.of("libmpi.so.40"), List.of("libc.so.6()(64bit)", "prrte>=3", "/bin/sh"));
        offer(form, "openmpi", "4.9", List.of("libmpi.so.40"), List.of("prrte"));
        offer(form, "openmpi", "5.0_rc1", List.of("libmpi.so.40"), List.of("prrte"));
        offer(form, "prrte", "3.0", List.of(), List.of("libpmix.so.2", "libhwloc.so.15", "/usr/bin/helper"));
        offer(form, "pmix", "5.0", List.of("libpmix.so.2"), List.of("libc.so.6()(64bit)"));
        offer(form, "helpers", "1.0", List.of("/usr/bin/helper"), List.of("helpers"));
        offer(form, "hwloc", "2.9", List.of("libhwloc.so.15"), List.of());
        offer(form, "emacs", "29.1", List.of(), List.of("libgtk.so.3"));

        Outcome outcome = rehearsal().provision();

        assertThat(outcome.why()).isEmpty();
        assertThat(local.log("sent"))
                .containsExactlyInAnyOrder(
                        form.formatted("openmpi", "5.0"),
                        form.formatted("prrte", "3.0"),
                        form.formatted("pmix", "5.0"),
                        form.formatted("helpers", "1.0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s-%s-1.x86_64.rpm", "%s-%s-r1.apk", "%s-%s-1-x86_64.pkg.tar.gz"})
    void whatIsNeitherThereNorAmongTheFilesIsNamedTogetherWithWhoNeedsIt(String form) throws Exception {
        manager(form);
        offer(form, "openmpi", "5.0", List.of(), List.of("libpmix.so.2", "/usr/bin/helper", "libhwloc.so.15"));

        Outcome outcome = rehearsal().provision();

        assertThat(outcome.why())
                .startsWith("cannot send what is to be installed: neither installed nor among the files: ")
                .contains("libpmix.so.2 for openmpi", "/usr/bin/helper for openmpi")
                .doesNotContain("hwloc");
        assertThat(local.log("sent")).isEmpty();
    }

    @Test
    void aPackageOfAnotherArchitectureIsNotTakenWhateverItsFileIsCalled() throws Exception {
        manager(".apk");
        Path own = folder.resolve("offered/openmpi-5.0-r1.apk");
        offered.write("openmpi-5.0-r1.apk", List.of(), List.of());
        with("apk", "case $* in --print-arch) echo aarch64 ;; *) exit 1 ;; esac\n");

        assertThat(own).exists();
        assertThat(rehearsal().plan().obstacles())
                .singleElement()
                .asString()
                .startsWith("no file in " + folder.resolve("offered") + " is a package openmpi for ")
                .contains("aarch64");
    }

    @Test
    void releasesThatAreLaterThanTheNodesAreLeftOut() {
        assertThat(releases("fedora", "40")).containsExactly("fc39", "fc40");
        assertThat(releases("rocky", "9.4")).containsExactly("el8", "el9", "el9_4");
        assertThat(releases("opensuse-leap", "15.6")).containsExactly("lp155", "lp156");
    }

    private static List<String> releases(String system, String version) {
        Facts.OperatingSystem own = new Facts.OperatingSystem(system, version, system, "");
        return Stream.of("fc39", "fc40", "fc41", "el8", "el9", "el9_4", "el10", "lp155", "lp156", "lp160")
                .filter(mark -> LocalPackage.of(Path.of("/a/openmpi-5.0-2." + mark + ".x86_64.rpm"))
                        .orElseThrow()
                        .fits(own))
                .toList();
    }

    @Test
    void laterVersionsAreThoseThatRpmTakesForLater() {
        List<String> inOrder = List.of(
                "1.0~rc1-2", "1.0-1", "1.0^git1-1", "1.0a-1", "1.0.1-1", "1.2-9", "1.10-1", "1.10-1.1", "1:0.1-1");
        assertThat(inOrder.stream().sorted(PackageVersion.ORDER)).containsExactlyElementsOf(inOrder);
        assertThat(PackageVersion.ORDER.compare("1.02-1", "1.2-1")).isZero();
        assertThat(PackageVersion.ORDER.compare("1.0_rc2-r9", "1.0-r0")).isNegative();
    }

    private void manager(String form) throws Exception {
        String ending = form.substring(form.lastIndexOf('.'));
        if (ending.equals(".rpm")) {
            with("dnf", "case $* in *install*) install \"$@\" ;; esac\n");
        } else if (ending.equals(".apk")) {
            with("apk", """
                    case $* in
                    --print-arch) echo x86_64 ;;
                    'info -v') sed 's/ \\(.*\\)-1/-\\1-r1/' "$db" ;;
                    'info -e -- '*) provided "$4" || grep -q "^$4 " "$db" ;;
                    *' add '*) install "$@" ;;
                    esac
                    """);
        } else {
            with("pacman", """
                    case $1 in
                    -Q) shift; if [ $# -eq 0 ]; then cat "$db"; else grep "^$2 " "$db"; fi ;;
                    -T) shift 2; for each; do provided "$each" || { echo "$each"; status=127; }; done; exit ${status:-0} ;;
                    -U) install "$@" ;;
                    esac
                    """);
        }
    }

    private void offer(String form, String name, String version, List<String> provides, List<String> requires)
            throws Exception {
        offered.write(form.formatted(name, version), provides, requires);
    }

    private void with(String program, String script) throws Exception {
        local.with(program, DATABASE + script);
    }

    private Rehearsal rehearsal() throws Exception {
        PackageFolder from = PackageFolder.open(folder.resolve("offered").toString());
        return new Rehearsal(
                local,
                Optional.empty(),
                PlanRequest.of("lab", List.of(Samples.MPI)).withPackagesFrom(from));
    }
}
