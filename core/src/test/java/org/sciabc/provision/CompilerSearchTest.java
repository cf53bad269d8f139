// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.provision.Staging.Machine;
import org.sciabc.spi.LocalProcesses;
import org.sciabc.spi.RemoteCommand;

/** What a job asks a machine before it compiles; compilers are small scripts on the node's PATH. */
class CompilerSearchTest {

    /** Makes what it is asked for, as a compiler that is complete. */
    private static final String WORKS = "while [ $# -gt 0 ] && [ \"$1\" != -o ]; do shift; done; : >\"$2\"\n";

    @TempDir
    Path folder;

    private LocalNode node;

    @BeforeEach
    void prepare() throws Exception {
        node = LocalNode.in(folder.resolve("node"));
    }

    @Test
    void theLaunchersOwnCompilerComesFirst() throws Exception {
        node.with("mpicc", WORKS).with("mpicc.openmpi", WORKS);

        assertThat(look("openmpi", "cc").compiler())
                .hasValue(node.bin().resolve("mpicc.openmpi").toString());
    }

    /** As gcc has it, which takes a file that ends in .cc for C++, and has no compiler for that. */
    @Test
    void aCompilerForOneLanguageIsAskedForThatLanguage() throws Exception {
        String forC = "for file; do case $file in *.cc | *.cpp | *.f90) exit 1 ;; esac; done\n" + WORKS;
        node.with("mpicc.openmpi", forC);

        assertThat(look("openmpi", "cc").compiler()).isPresent();
    }

    @Test
    void aCompilerThatCannotCompileIsNone() throws Exception {
        node.with("mpicc.openmpi", "echo 'gcc: not found' >&2; exit 127\n");

        assertThat(look("openmpi", "cc").compiler()).isEmpty();
        assertThat(look("openmpi", "fort").compiler()).isEmpty();
    }

    @Test
    void aCompilerOfTheOtherFamilyIsNone() throws Exception {
        node.with(
                        "mpicc",
                        "[ \"$1\" = --showme:version ] && echo 'mpicc: Open MPI 4.1.4 (Language: C)' && exit\n" + WORKS)
                .with("mpicxx", "[ \"$1\" = -v ] && echo 'mpicxx for MPICH version 4.0.2' && exit\n" + WORKS);

        assertThat(look("openmpi", "cc").compiler()).isPresent();
        assertThat(look("mpich", "cc").compiler()).isEmpty();
        assertThat(look("openmpi", "cxx").compiler()).isEmpty();
        assertThat(look("mpich", "cxx").compiler()).isPresent();
        assertThat(look("another", "cc").compiler()).isPresent();
    }

    @Test
    void thisMachineIsOfItsOwnKind() throws Exception {
        LocalProcesses here = (command, environment, streams) -> new OneNode(node, folder)
                .access()
                .connection(OneNode.NODE, new Deadline(Duration.ofSeconds(30), System::nanoTime))
                .run(RemoteCommand.of(command.get(2)), streams);

        assertThat(Staging.lookForCompilerHere(here, "openmpi", "cc").kind())
                .isEqualTo(look("openmpi", "cc").kind())
                .matches("Linux 0[12]0[12]-\\w+(-\\w+)? .*");
    }

    @Test
    void nothingIsLeftOfTheTrial() throws Exception {
        Path temporary = Files.createDirectories(folder.resolve("temporary"));
        node.with("TMPDIR=" + temporary).with("mpicc", WORKS);

        look("openmpi", "cc");

        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void filesOfTheManagerAreFoundWhereTheyAre() throws Exception {
        Path there = Files.writeString(folder.resolve("it's there "), "");

        Crowd.Result<Set<String>> looked = new OneNode(node, folder)
                .staging()
                .look(List.of(OneNode.NODE), List.of(there, folder.resolve("gone")))
                .get(0);

        assertThat(looked)
                .isInstanceOfSatisfying(
                        Crowd.Done.class, done -> assertThat(done.value()).isEqualTo(Set.of(there.toString())));
    }

    private Machine look(String launcher, String language) throws Exception {
        return OneNode.only(
                new OneNode(node, folder).staging().lookForCompilers(List.of(OneNode.NODE), launcher, language));
    }
}
