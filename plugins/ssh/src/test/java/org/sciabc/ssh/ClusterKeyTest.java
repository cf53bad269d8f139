// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.SciabcException;

class ClusterKeyTest {
    @TempDir
    private Path folder;

    private ManagerSide manager;

    @BeforeEach
    void makeManager() throws Exception {
        manager = new ManagerSide(folder);
    }

    @Test
    void pairIsMadeOnceWithTheModesThatOpenSshWants() throws Exception {
        String line = manager.clusterKey();
        assertThat(line).matches("ssh-ed25519 [A-Za-z0-9+/]{68} sciabc lab");
        assertThat(manager.clusterKey()).isEqualTo(line);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key())))
                .isEqualTo("rw-------");
        assertThat(manager.state.resolve("id_ed25519.pub")).hasContent(line);
    }

    @Test
    void opensshReadsThePrivateHalf() throws Exception {
        String line = manager.clusterKey();
        assertThat(Tools.run(List.of(Tools.program("ssh-keygen"), "-y", "-f", key().toString())))
                .isEqualTo(line + "\n0");
    }

    @Test
    void publicHalfIsMadeAgainWhenItIsLost() throws Exception {
        String line = manager.clusterKey();
        Files.delete(manager.state.resolve("id_ed25519.pub"));
        assertThat(manager.clusterKey()).isEqualTo(line);
        assertThat(manager.state.resolve("id_ed25519.pub")).hasContent(line);
    }

    @Test
    void manyAtOnceGetTheSamePair() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Callable<String>> all = IntStream.range(0, 32)
                    .<Callable<String>>mapToObj(i -> manager::clusterKey)
                    .toList();
            Set<String> lines = new HashSet<>();
            for (Future<String> future : threads.invokeAll(all)) {
                lines.add(future.get());
            }
            assertThat(lines).hasSize(1);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void nothingIsLeftBesideThePair() throws Exception {
        manager.clusterKey();
        try (Stream<Path> files = Files.list(manager.state)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> !name.endsWith(".lock"))
                            .collect(Collectors.toSet()))
                    .containsExactlyInAnyOrder("id_ed25519", "id_ed25519.pub");
        }
    }

    @Test
    void spoiltKeyIsNotReplacedBehindAnybodysBack() throws Exception {
        Files.writeString(key(), "this is not a key");
        assertThatThrownBy(() -> manager.clusterKey()).isInstanceOfSatisfying(SciabcException.class, failure -> {
            assertThat(failure).hasMessage("cannot use the key " + key() + ": encrypted, or not a private key");
            assertThat(failure.hint()).get().asString().startsWith("move it away");
        });
        assertThat(key()).hasContent("this is not a key");
    }

    private Path key() {
        return manager.state.resolve("id_ed25519");
    }
}
