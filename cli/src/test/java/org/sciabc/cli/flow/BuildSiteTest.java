// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.provision.Staging.Machine;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.Compilers;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.HostfileRequest;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Node;
import org.sciabc.spi.Setting;

class BuildSiteTest {
    private static final Node ONE = Node.of("node1", List.of());
    private static final Node TWO = Node.of("node2", List.of());
    private static final Node THREE = Node.of("node3", List.of());

    @TempDir
    private Path folder;

    private JobBuild build;

    @BeforeEach
    void writeASource() throws Exception {
        Files.writeString(folder.resolve("heat.cpp"), "");
        build = JobBuild.of(Path.of("heat.cpp"), folder);
    }

    @Test
    void thisMachineCompilesForThoseThatAreLikeIt() throws Exception {
        assertThat(BuildSite.choose(build, nodes(able("a"), able("a"), able("a")), able("a"), openMpi()))
                .containsExactly(new BuildSite(Optional.empty(), "/bin/mpicxx", "A", List.of(ONE, TWO, THREE)));
    }

    @Test
    void otherwiseAnyNodeOfTheKindDoes() throws Exception {
        assertThat(BuildSite.choose(build, nodes(unable("a"), able("b"), able("a")), able("c"), openMpi()))
                .containsExactly(
                        new BuildSite(Optional.of(THREE), "/bin/mpicxx", "A", List.of(ONE, THREE)),
                        new BuildSite(Optional.of(TWO), "/bin/mpicxx", "B", List.of(TWO)));
        assertThat(BuildSite.choose(build, nodes(able("a"), able("a"), able("a")), unable("a"), openMpi()))
                .extracting(BuildSite::builder)
                .containsExactly(Optional.of(ONE));
    }

    @Test
    void whereNobodyCanOneNodeOfEachKindIsToGetACompiler() {
        assertThatThrownBy(() ->
                        BuildSite.choose(build, nodes(unable("a"), unable("b"), unable("a")), unable("a"), openMpi()))
                .isInstanceOfSatisfying(CliFailure.class, failure -> {
                    assertThat(failure.status()).isEqualTo(ExitCode.PARTLY);
                    assertThat(failure.getMessage())
                            .isEqualTo(
                                    "cannot compile heat.cpp for node[1-3]: no MPI compiler for C++ works there, nor on"
                                            + " this machine");
                    assertThat(failure.hint())
                            .hasValue("'sciabc provision node[1-2] --set openmpi.compilers=c++' installs one; of equal"
                                    + " machines, one needs it");
                });
    }

    @Test
    void aMachineOfAnotherKindSaysWhyItCannotHelp() {
        assertThatThrownBy(() -> BuildSite.choose(build, nodes(unable("a")), able("b"), launcher("mpich", true)))
                .isInstanceOfSatisfying(CliFailure.class, failure -> {
                    assertThat(failure.getMessage())
                            .endsWith("works there, and this machine is of another kind: B, not A");
                    assertThat(failure.hint().orElseThrow())
                            .startsWith("'sciabc provision node1 --launcher mpich --set mpich.compilers=c++' ");
                });
    }

    @Test
    void aLauncherThatBringsNoCompilersSaysWhatIsMissing() {
        assertThatThrownBy(() -> BuildSite.choose(build, nodes(unable("a")), unable("a"), launcher("own", false)))
                .isInstanceOfSatisfying(
                        CliFailure.class,
                        failure -> assertThat(failure.hint()).hasValue("install mpicxx with its compiler on node1"));
    }

    @Test
    void theEndingOfASourceTellsItsLanguage() throws Exception {
        assertThat(language("a.c")).isEqualTo(JobBuild.Language.C);
        assertThat(language("a.C")).isEqualTo(JobBuild.Language.CXX);
        assertThat(language("a.cxx")).isEqualTo(JobBuild.Language.CXX);
        assertThat(language("a.F90")).isEqualTo(JobBuild.Language.FORTRAN);
        assertThatThrownBy(() -> language("a.py")).isInstanceOfSatisfying(CliFailure.class, failure -> {
            assertThat(failure.status()).isEqualTo(ExitCode.USAGE);
            assertThat(failure.hint()).hasValue("a program in Python runs as it is: leave out --build");
        });
        assertThatThrownBy(() -> language("makefile")).hasMessageContaining("--build knows C (.c), C++");
        assertThatThrownBy(() -> JobBuild.of(Path.of("gone.c"), folder))
                .hasMessageContaining("there is no file gone.c to compile");
    }

    private JobBuild.Language language(String name) throws Exception {
        Files.writeString(folder.resolve(name), "");
        return JobBuild.of(Path.of(name), folder).language();
    }

    private static Map<Node, Machine> nodes(Machine... machines) {
        Map<Node, Machine> nodes = new LinkedHashMap<>();
        List<Node> names = List.of(ONE, TWO, THREE);
        for (int i = 0; i < machines.length; i++) {
            nodes.put(names.get(i), machines[i]);
        }
        return nodes;
    }

    private static Machine able(String kind) {
        return new Machine(kind, kind.toUpperCase(java.util.Locale.ROOT), Optional.of("/bin/mpicxx"));
    }

    private static Machine unable(String kind) {
        return new Machine(kind, kind.toUpperCase(java.util.Locale.ROOT), Optional.empty());
    }

    private static JobLauncher openMpi() {
        return launcher("openmpi", true);
    }

    private static JobLauncher launcher(String id, boolean bringsCompilers) {
        return new JobLauncher() {
            @Override
            public String id() {
                return id;
            }

            @Override
            public String summary() {
                return "for tests";
            }

            @Override
            public List<Setting> settings() {
                return bringsCompilers ? List.of(Compilers.setting()) : List.of();
            }

            @Override
            public String hostfile(HostfileRequest request) {
                return "";
            }

            @Override
            public ExitStatus launch(LaunchRequest request, CommandStreams streams) {
                return ExitStatus.OK;
            }
        };
    }
}
