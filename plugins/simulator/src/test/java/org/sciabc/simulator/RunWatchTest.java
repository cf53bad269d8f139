// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Settings;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.WatchRequest;

final class RunWatchTest {
    private final SimulatorDiscovery simulator = new SimulatorDiscovery();
    private final Sightings sightings = new Sightings();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Thread watching = new Thread(this::watch, "watching");

    @TempDir
    private Path state;

    private final Map<String, String> settings =
            Map.of("address", Classroom.freshAddress(), "port", "2300", "nodes", "2");

    @AfterEach
    void endWatching() throws Exception {
        watching.interrupt();
        watching.join(SshUser.PATIENCE.toMillis());
    }

    private void watch() {
        try {
            simulator.watch(request("lab", Optional.empty()), sightings);
            ended.complete(null);
        } catch (InterruptedException asked) {
            ended.complete(null);
        } catch (SciabcException | RuntimeException failure) {
            ended.completeExceptionally(failure);
        }
    }

    private WatchRequest request(String cluster, Optional<Duration> limit) {
        return new WatchRequest(cluster, Settings.defaults(simulator.settings()), List.of(), state, limit);
    }

    @Test
    void nodesThatAreThereAreReportedAtOnce() throws Exception {
        try (Classroom classroom = Classroom.open(state, settings)) {
            simulator.watch(request("lab", Optional.of(Duration.ZERO)), sightings);
            assertThat(sightings.seen()).containsExactlyInAnyOrder("node1", "node2");
            assertThat(sightings.findings())
                    .containsExactly("this machine: no simulated nodes", "this machine: 2 simulated nodes");
            assertThat(classroom.nodes()).hasSize(2);
        }
    }

    @Test
    void nodesOfAnotherClusterAreNotReported() throws Exception {
        try (Classroom classroom = Classroom.open(state, settings)) {
            simulator.watch(request("other", Optional.of(Duration.ofMillis(150))), sightings);
            assertThat(sightings.seen()).isEmpty();
            assertThat(classroom.nodes()).hasSize(2);
        }
    }

    @Test
    void nodesThatComeAndGoAreReported() throws Exception {
        watching.start();
        Waiting.until("it listens", () -> !sightings.findings().isEmpty());
        try (Classroom classroom = Classroom.open(state, settings)) {
            Waiting.until(
                    "both are seen",
                    () -> sightings.seen().size() == classroom.nodes().size());
        }
        Waiting.until("both are lost", () -> sightings.lost().size() == 2);
        assertThat(sightings.lost()).extracting(Sighting.Lost::reason).containsOnly(Sighting.Reason.LEFT);
    }

    @Test
    void interruptionEndsTheWatchWithinASecond() throws Exception {
        watching.start();
        Waiting.until("it listens", () -> !sightings.findings().isEmpty());
        watching.interrupt();
        ended.get(1, TimeUnit.SECONDS);
    }

    @Test
    void nodesOfAnotherProcessAreFoundAndLeaveWithIt() throws Exception {
        Process other = AnotherProcess.start(state, Classroom.freshAddress());
        try {
            watching.start();
            Waiting.until("both are seen", () -> sightings.seen().size() == 2);
            other.getOutputStream().close();
            Waiting.until("both are lost", () -> sightings.lost().size() == 2);
            assertThat(sightings.lost()).extracting(Sighting.Lost::reason).containsOnly(Sighting.Reason.LEFT);
            assertThat(other.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(state).isEmptyDirectory();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void whatAKilledProcessLeftIsRemoved() throws Exception {
        Process other = AnotherProcess.start(state, Classroom.freshAddress());
        try {
            String run = Runs.of(state).alive().keySet().iterator().next();
            assertThat(new MarkedProcesses(run).find()).isNotEmpty();
            watching.start();
            Waiting.until("both are seen", () -> sightings.seen().size() == 2);
            other.destroyForcibly().waitFor();
            Waiting.until("both are lost", () -> sightings.lost().size() == 2);
            assertThat(sightings.lost()).extracting(Sighting.Lost::reason).containsOnly(Sighting.Reason.FAILED);
            assertThat(new MarkedProcesses(run).find()).isEmpty();
            assertThat(state).isEmptyDirectory();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void announcingRemovesWhatAKilledProcessLeft() throws Exception {
        Process other = AnotherProcess.start(state, Classroom.freshAddress());
        String run = Runs.of(state).alive().keySet().iterator().next();
        other.destroyForcibly().waitFor();
        try (Classroom classroom = Classroom.open(state, settings)) {
            assertThat(classroom.runId()).isNotEqualTo(run);
            assertThat(Runs.of(state).folder().resolve(run)).doesNotExist();
            assertThat(new MarkedProcesses(run).find()).isEmpty();
        }
    }

    @Test
    void foldersThatAreNoRunsAreLeftAlone() throws Exception {
        Path strange = Files.createDirectories(state.resolve("simulator/strange"));
        Files.writeString(strange.resolve("record"), "pid=many\n");
        Path foreign = Files.createDirectories(state.resolve("simulator/foreign"));
        Owner elsewhere =
                new Owner("another machine", "", ProcessHandle.current().pid(), "1");
        Files.writeString(foreign.resolve("record"), new RunRecord(elsewhere, List.of()).text());
        simulator.watch(request("lab", Optional.of(Duration.ZERO)), sightings);
        assertThat(sightings.seen()).isEmpty();
        assertThat(sightings.notices()).isEmpty();
        assertThat(strange).exists();
        assertThat(foreign).exists();
    }
}
