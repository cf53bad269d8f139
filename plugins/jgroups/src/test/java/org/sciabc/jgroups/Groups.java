// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.ObjectMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Node;
import org.sciabc.spi.Notice;
import org.sciabc.spi.Settings;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.WatchRequest;
import org.sciabc.testkit.RecordingListener;
import org.sciabc.testkit.SampleNodes;

/** Groups for real, on a loopback interface; what {@link JgroupsContractTest} runs in a network of its own. */
class Groups {
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    private Path folder;

    private final LocalInterface loopback = SampleNodes.loopback();
    private final RecordingListener listener = new RecordingListener();
    private final List<String> announcerNotices = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<Future<Boolean>> watches = new ArrayList<>();
    private final ExecutorService watching = Executors.newCachedThreadPool();
    private Map<String, String> rightSecret = Map.of();
    private Map<String, String> wrongSecret = Map.of();

    @BeforeEach
    void writeSecrets() throws IOException {
        rightSecret = Map.of("secret-file", secret("right", "the secret of this cluster"));
        wrongSecret = Map.of("secret-file", secret("wrong", "the secret of another one"));
    }

    @AfterEach
    void end() throws Exception {
        watches.forEach(watch -> watch.cancel(true));
        watching.shutdown();
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void nodeIsSeenWithAllThatItSaysAndItsGoodbyeIsHeard() throws Exception {
        Node self = SampleNodes.known("node1", "lab", "127.0.0.1");
        watch("lab", Map.of());
        Announcement announcement = announce(self, Map.of());

        Sighting.Seen seen = listener.awaitSeen("node1", SOON);

        assertThat(seen.node().withAddresses(List.of())).isEqualTo(self.withAddresses(List.of()));
        assertThat(seen.node().addresses()).first().isEqualTo(SampleNodes.address("127.0.0.1"));
        assertThat(seen.networkInterface()).contains(loopback.name());
        announcement.close();
        assertThat(listener.awaitLost(seen.source(), SOON).reason()).isEqualTo(Sighting.Reason.LEFT);
    }

    @Test
    void clustersDoNotSeeEachOther() throws Exception {
        announce(SampleNodes.known("stranger", "lab2", "127.0.0.1"), Map.of());
        watch("lab", Map.of());
        announce(SampleNodes.known("node1", "lab", "127.0.0.1"), Map.of());

        listener.awaitSeen("node1", SOON);

        assertThat(listener.seen()).extracting(seen -> seen.node().name()).containsExactly("node1");
        assertThat(listener.notices()).isEmpty();
    }

    @Test
    void whoHasAnotherSecretIsKeptOutAndBothSidesAreTold() throws Exception {
        watch("lab", rightSecret);
        announce(SampleNodes.known("intruder", "lab", "127.0.0.1"), wrongSecret);
        announce(SampleNodes.known("node1", "lab", "127.0.0.1"), rightSecret);

        listener.awaitSeen("node1", SOON);
        awaitNotice("with another secret");
        listener.await(
                "finding",
                SOON,
                seen -> seen.findings().values().stream()
                        .filter(finding -> finding.endsWith(", 1 machine with another secret or none"))
                        .findFirst());

        assertThat(listener.seen()).extracting(seen -> seen.node().name()).containsExactly("node1");
        assertThat(announcerNotices).anyMatch(notice -> notice.contains("with another secret"));
    }

    @Test
    void whoHasNoSecretIsKeptOutAndToldWhatIsMissing() throws Exception {
        announce(SampleNodes.known("node1", "lab", "127.0.0.1"), rightSecret);
        watch("lab", Map.of());

        awaitNotice("is protected by a secret");
        listener.await(
                "finding",
                SOON,
                seen -> seen.findings().values().stream()
                        .filter(finding -> finding.startsWith("alone in the view, 1 machine with a secret"))
                        .findFirst());

        assertThat(listener.seen()).isEmpty();
    }

    @Test
    void memberThatSaysNonsenseIsNoNodeAndThatIsSaid() throws Exception {
        watch("lab", Map.of());
        try (JChannel rogue = Stack.channel(
                SampleNodes.address("127.0.0.1"),
                "lab",
                JgroupsSettings.parse(settings(Map.of())),
                new EnvelopeSockets(Envelope.unsealed(), sender -> true, (sender, verdict) -> {}))) {
            rogue.connect(Stack.name("lab"));
            rogue.send(new BytesMessage(null, "v=1\nname=\u001b[2J\naddress=x\n".getBytes(StandardCharsets.UTF_8)));
            rogue.send(new ObjectMessage(null, new java.util.ArrayList<>(List.of("a Java object"))));

            awaitNotice("what no node says");
            assertThat(listener.seen()).isEmpty();
        }
    }

    @Test
    void noiseAtTheGroupsAddressIsSurvived() throws Exception {
        watch("lab", rightSecret);
        announce(SampleNodes.known("node1", "lab", "127.0.0.1"), rightSecret);
        listener.awaitSeen("node1", SOON);
        InetAddress group = Stack.group(SampleNodes.address("127.0.0.1"), "lab");
        Random random = new Random(11);
        try (MulticastSocket socket = new MulticastSocket(0)) {
            socket.setNetworkInterface(NetworkInterface.getByName(loopback.name()));
            for (int i = 0; i < 2_000; i++) {
                byte[] noise = new byte[random.nextInt(1, 1_400)];
                random.nextBytes(noise);
                if (i % 2 == 0 && noise.length > Envelope.PREFIX) {
                    ByteBuffer.wrap(noise).putInt(Envelope.MARK).put((byte) random.nextInt(3));
                }
                socket.send(new DatagramPacket(noise, noise.length, group, 34_344));
            }
        }

        announce(SampleNodes.known("node2", "lab", "127.0.0.1"), rightSecret);

        listener.awaitSeen("node2", SOON);
        assertThat(stillThere()).containsExactlyInAnyOrder("node1", "node2");
    }

    private List<String> stillThere() {
        List<String> lost = listener.lost().stream().map(Sighting.Lost::source).toList();
        return listener.seen().stream()
                .filter(seen -> !lost.contains(seen.source()))
                .map(seen -> seen.node().name())
                .toList();
    }

    private void awaitNotice(String part) throws Exception {
        listener.await(
                "notice",
                SOON,
                seen -> seen.notices().stream()
                        .map(Notice::text)
                        .filter(text -> text.contains(part))
                        .findFirst());
    }

    private void watch(String cluster, Map<String, String> given) throws Exception {
        WatchRequest request = new WatchRequest(cluster, settings(given), List.of(loopback), folder, Optional.empty());
        watches.add(watching.submit(() -> {
            new JgroupsDiscovery().watch(request, listener);
            return true;
        }));
        listener.await(
                "view",
                SOON,
                seen -> seen.findings().values().stream()
                        .filter(finding -> !finding.equals("joining"))
                        .findFirst());
    }

    private Announcement announce(Node self, Map<String, String> given) throws Exception {
        Announcement announcement = new JgroupsDiscovery()
                .announce(new AnnounceRequest(
                        self,
                        settings(given),
                        List.of(loopback),
                        folder,
                        notice -> announcerNotices.add(notice.text())));
        open.add(announcement);
        return announcement;
    }

    private static Settings settings(Map<String, String> given) throws Exception {
        return Settings.of(JgroupsSettings.DECLARED, given);
    }

    private String secret(String name, String text) throws IOException {
        Path file = Files.createFile(
                folder.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, text + "\n").toString();
    }
}
