// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the script of the probe says where several programs are called alike: here they are scripts that note being asked. */
class OpenMpiBuildTest {
    private static final String SAYS = "mpirun (Open MPI) 4.1.4\n\nReport bugs to nobody";

    @TempDir
    private Path folder;

    private Path own;
    private Path other;

    @BeforeEach
    void haveOpenMpi() throws IOException {
        own = Files.createDirectory(folder.resolve("own"));
        other = Files.createDirectory(folder.resolve("other"));
        program(own.resolve("orted"), "");
        program(own.resolve("mpirun"), SAYS);
    }

    @Test
    void whatStartsJobsIsAskedNoSecondTimeForItsVersion() throws Exception {
        Files.createSymbolicLink(other.resolve("mpirun"), own.resolve("mpirun"));

        assertThat(answer("mpirun")).contains("version 4.1.4\n", "starter\n").doesNotContain("stranger");
        assertThat(Files.readAllLines(folder.resolve("asked"))).hasSize(1);
    }

    @Test
    void anotherFamilysMpirunThatComesFirstIsAStranger() throws Exception {
        program(other.resolve("mpirun"), "HYDRA build details:");

        assertThat(answer("mpirun"))
                .contains("version 4.1.4\n", "stranger " + own.resolve("mpirun") + "\n")
                .doesNotContain("starter");
        assertThat(answer(other.resolve("mpirun").toString())).contains("stranger ");
        assertThat(answer(own.resolve("mpirun").toString())).contains("starter\n");
    }

    @Test
    void anotherProgramOfOpenMpiMayStartJobs() throws Exception {
        program(other.resolve("mpirun"), SAYS);
        program(other.resolve("prterun"), "prterun (PRRTE) 3.0.8");

        assertThat(answer("mpirun")).contains("starter\n");
        assertThat(answer("prterun")).contains("starter\n");
    }

    @Test
    void whereNothingStartsJobsNobodyIsAStranger() throws Exception {
        assertThat(answer("nothing")).contains("version 4.1.4\n").doesNotContain("starter", "stranger");
    }

    private void program(Path file, String says) throws IOException {
        Files.writeString(file, "#!/bin/sh\necho >>'" + folder.resolve("asked") + "'\necho '" + says + "'\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private String answer(String mpirun) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder("/bin/sh", "-c", OpenMpiBuild.probe(mpirun).script());
        builder.environment().put("PATH", other + ":" + own);
        Process shell = builder.start();
        return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
