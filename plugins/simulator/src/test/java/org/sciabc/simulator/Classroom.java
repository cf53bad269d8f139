// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Settings;

/** A running simulation with addresses of its own, and what is known of it from outside. */
final class Classroom implements AutoCloseable {
    private final Announcement announcement;
    private final List<Node> nodes;
    private final List<Notice> notices;
    private final Path runFolder;

    private Classroom(Announcement announcement, List<Node> nodes, List<Notice> notices, Path runFolder) {
        this.announcement = announcement;
        this.nodes = nodes;
        this.notices = notices;
        this.runFolder = runFolder;
    }

    static Classroom open(Path stateFolder, Map<String, String> settings) throws Exception {
        return open(new SimulatorDiscovery(), stateFolder, settings);
    }

    static Classroom open(SimulatorDiscovery simulator, Path stateFolder, Map<String, String> settings)
            throws Exception {
        List<Notice> notices = new ArrayList<>();
        Announcement announcement = simulator.announce(request(simulator, stateFolder, settings, notices));
        var run = Runs.of(stateFolder).alive().entrySet().iterator().next();
        Path runFolder = Runs.of(stateFolder).folder().resolve(run.getKey());
        return new Classroom(announcement, run.getValue().nodes(), notices, runFolder);
    }

    static AnnounceRequest request(SimulatorDiscovery simulator, Path stateFolder, Map<String, String> settings)
            throws SciabcException {
        return request(simulator, stateFolder, settings, new ArrayList<>());
    }

    private static AnnounceRequest request(
            SimulatorDiscovery simulator, Path stateFolder, Map<String, String> settings, List<Notice> notices)
            throws SciabcException {
        Node self = Node.of("manager", List.of())
                .withId(new NodeId("a-manager-of-a-test"))
                .withCluster("lab");
        return new AnnounceRequest(
                self, Settings.of(simulator.settings(), settings), List.of(), stateFolder, notices::add);
    }

    /** A loopback address that no other test uses. */
    static String freshAddress() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "127." + random.nextInt(20, 250) + "." + random.nextInt(250) + ".1";
    }

    Announcement announcement() {
        return announcement;
    }

    List<Node> nodes() {
        return nodes;
    }

    Node node(int number) {
        return nodes.get(number - 1);
    }

    List<Notice> notices() {
        return notices;
    }

    Path runFolder() {
        return runFolder;
    }

    String runId() {
        return runFolder.getFileName().toString();
    }

    Path home(int number) {
        return runFolder.resolve(node(number).name());
    }

    String password() {
        try {
            return Files.readString(runFolder.resolve("password")).strip();
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    @Override
    public void close() {
        announcement.close();
    }
}
