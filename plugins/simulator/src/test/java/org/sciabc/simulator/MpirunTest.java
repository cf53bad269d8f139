// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.Node;

/** Real MPI programs on simulated nodes, where Open MPI is on this machine. */
final class MpirunTest {
    private static final Path EXAMPLES =
            Path.of("../../examples").toAbsolutePath().normalize();

    @TempDir
    private Path folder;

    @Test
    void ranksRunOnTheirNodesAndShareMemoryWithinEachOnly() throws Exception {
        assumeInstalled("mpirun", "mpicc", "ssh", "ssh-keygen");
        assumeHeaders();
        run(
                "mpicc",
                "-o",
                folder.resolve("pi").toString(),
                EXAMPLES.resolve("pi.c").toString(),
                "-lm");
        Path state = Files.createDirectory(folder.resolve("state"));
        try (Classroom classroom =
                Classroom.open(state, Map.of("address", Classroom.freshAddress(), "port", "2300", "nodes", "3"))) {
            String result = mpirun(classroom, folder.resolve("pi").toString(), "1000000");
            assertThat(result)
                    .contains("pi      = 3.14159265358")
                    .contains("ranks   = 6")
                    .contains("node1                2 ranks\n")
                    .contains("node2                2 ranks\n")
                    .contains("node3                2 ranks\n");
        }
        assertThat(state).isEmptyDirectory();
    }

    private String mpirun(Classroom classroom, String... program) throws Exception {
        Path key = folder.resolve("key");
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString());
        StringBuilder hostfile = new StringBuilder();
        for (int number = 1; number <= classroom.nodes().size(); number++) {
            Node node = classroom.node(number);
            hostfile.append(node.addresses().get(0).getHostAddress()).append(" slots=2\n");
            Path ssh = Files.createDirectory(
                    classroom.home(number).resolve(".ssh"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.copy(folder.resolve("key.pub"), ssh.resolve("authorized_keys"));
        }
        Path config =
                Files.writeString(folder.resolve("ssh_config"), """
                Host *
                  Port 2300
                  User %s
                  IdentityFile %s
                  IdentitiesOnly yes
                  BatchMode yes
                  UserKnownHostsFile /dev/null
                  StrictHostKeyChecking no
                  LogLevel ERROR
                """.formatted(System.getProperty("user.name"), key));
        List<String> words = new ArrayList<>(List.of(
                "mpirun",
                "--hostfile",
                Files.writeString(folder.resolve("hostfile"), hostfile).toString(),
                "--mca",
                "plm_rsh_agent",
                "ssh -F " + config,
                "--mca",
                "oob_tcp_if_include",
                "127.0.0.0/8",
                "--mca",
                "btl_tcp_if_include",
                "127.0.0.0/8"));
        words.addAll(List.of(program));
        return run(words.toArray(String[]::new));
    }

    private String run(String... command) throws Exception {
        Path output = Files.createTempFile(folder, "output", "");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("OMPI_ALLOW_RUN_AS_ROOT", "1");
        builder.environment().put("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
        Process process = builder.start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        String said = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(ended).as("%s ended; it said: %s", command[0], said).isTrue();
        assertThat(process.exitValue())
                .as("status of %s, which said: %s", command[0], said)
                .isZero();
        return said;
    }

    private static void assumeInstalled(String... programs) {
        for (String program : programs) {
            assumeThat(Surroundings.ofThisProcess().program(program))
                    .as(program + " is not on this machine")
                    .isPresent();
        }
    }

    /** Debian has mpicc in one package and mpi.h in another. */
    private static void assumeHeaders() throws Exception {
        Process process = new ProcessBuilder("mpicc", "-E", "-include", "mpi.h", "-x", "c", "/dev/null")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assumeThat(process.waitFor()).as("mpi.h is not on this machine").isZero();
    }
}
