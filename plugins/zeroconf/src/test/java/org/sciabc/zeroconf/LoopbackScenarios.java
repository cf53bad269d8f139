// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.BrowseRequest;
import org.sciabc.spi.Hardware;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.NetworkService;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Settings;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.WatchRequest;

/** What {@link LoopbackTest} runs in a network of its own: multicast DNS for real, on the loopback interface. */
final class LoopbackScenarios {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Node SELF = Node.of("pi", List.of())
            .withId(new NodeId("0f8fad5b-d9cb"))
            .withCluster("lab")
            .withUser("ada")
            .withPort(2222)
            .withHostKey("SHA256:" + "A".repeat(43))
            .withHardware(new Hardware(
                    OptionalInt.of(4), OptionalLong.of(8L << 30), Optional.of("aarch64"), Optional.of("debian-12")));

    private final ZeroconfDiscovery discovery = new ZeroconfDiscovery();
    private final Settings settings = Settings.of(discovery.settings(), Map.of("through", "library"));
    private final LocalInterface loopback = Interfaces.ofSystem("lo").orElseThrow();
    private final Recorder recorder = new Recorder();
    private final ExecutorService watching = Executors.newSingleThreadExecutor();

    private LoopbackScenarios() throws SciabcException {}

    /** Runs the scenario of this name. */
    public static void main(String[] arguments) throws Exception {
        LoopbackScenarios scenarios = new LoopbackScenarios();
        try {
            scenarios.run(arguments[0]);
        } finally {
            scenarios.watching.shutdownNow();
        }
    }

    private void run(String scenario) throws Exception {
        switch (scenario) {
            case "announcedNodeIsFoundAndItsGoodbyeIsHeard" -> announcedNodeIsFoundAndItsGoodbyeIsHeard();
            case "hostileMessagesAreSurvivedAndSaidOnce" -> hostileMessagesAreSurvivedAndSaidOnce();
            case "forgedGoodbyeIsContradicted" -> forgedGoodbyeIsContradicted();
            case "takenPortIsSaid" -> takenPortIsSaid();
            case "everyServiceIsListedAndWhatAStrangerSaysIsHarmless" ->
                everyServiceIsListedAndWhatAStrangerSaysIsHarmless();
            case "nothingIsLeftBehind" -> nothingIsLeftBehind();
            default -> throw new IllegalArgumentException(scenario);
        }
    }

    private void announcedNodeIsFoundAndItsGoodbyeIsHeard() throws Exception {
        Future<?> watch = watch();
        Announcement announcement = announce(SELF);
        assertThat(announcement.told()).contains("SupercomputerInABriefcase on pi, port 34343", "user=ada", "cores=4");

        Node node = awaitNode("pi");
        assertThat(node.withAddresses(List.of())).isEqualTo(SELF);
        assertThat(node.addresses()).first().isEqualTo(Packet.literal("127.0.0.1"));

        long begin = System.nanoTime();
        announcement.close();
        assertThat(since(begin)).as("saying goodbye").isLessThan(Duration.ofSeconds(5));
        assertThat(awaitLost().reason()).isEqualTo(Sighting.Reason.LEFT);
        assertThat(since(begin)).as("goodbye to loss").isLessThan(Duration.ofSeconds(5));
        end(watch);
    }

    private void hostileMessagesAreSurvivedAndSaidOnce() throws Exception {
        Future<?> watch = watch();
        recorder.await("line", SOON, seen -> seen.findings().keySet().stream().findFirst());
        byte[] whole = Packet.node("pi", "127.0.0.1", "v=1").array();
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            byte[] changed = whole.clone();
            for (int changes = random.nextInt(1, 6); changes > 0; changes--) {
                changed[random.nextInt(2, changed.length)] = (byte) random.nextInt();
            }
            send(changed);
        }
        send(new byte[0]);
        send(new byte[9_000]);
        send(Packet.node("honest", "127.0.0.1", "v=1", "cluster=lab", "user=ada")
                .array());

        assertThat(awaitNode("honest").user()).contains("ada");
        assertThat(recorder.notices().stream().map(Notice::text))
                .filteredOn(text -> text.contains("malformed"))
                .hasSize(1);
        assertThat(recorder.sightings())
                .allSatisfy(sighting -> assertThat(sighting.toString()).doesNotMatch("(?s).*\\p{Cntrl}.*"));
        end(watch);
    }

    private void forgedGoodbyeIsContradicted() throws Exception {
        Future<?> watch = watch();
        try (Announcement announcement = announce(SELF)) {
            awaitNode("pi");
            send(Packet.response().pointer(Packet.instance("pi"), 0).array());
            awaitLost();
            recorder.await(
                    "node that comes back",
                    SOON,
                    seen -> Optional.of(seen.sightings())
                            .filter(all -> all.get(all.size() - 1) instanceof Sighting.Seen));
            assertThat(announcement.told()).contains("user=ada");
        }
        end(watch);
    }

    private void takenPortIsSaid() throws Exception {
        try (DatagramSocket other = new DatagramSocket(null)) {
            other.setReuseAddress(false);
            other.bind(new InetSocketAddress(Link.PORT));
            Future<?> watch = watch();
            recorder.await(
                    "line that says so",
                    SOON,
                    seen -> seen.findings().values().stream()
                            .filter(finding -> finding.contains("port 5353 is taken: asking, but not listening"))
                            .findFirst());
            end(watch);
        }
    }

    private void everyServiceIsListedAndWhatAStrangerSaysIsHarmless() throws Exception {
        DnsName type = DnsName.of("_http", "_tcp", "local");
        DnsName instance = type.child("page\u001b[2J");
        byte[] stranger = Packet.response()
                .pointer(DnsName.of("_services", "_dns-sd", "_udp", "local"), type)
                .pointer(type, instance)
                .pointer(type, type.child("silent"))
                .server(instance, DnsName.of("box", "local"), 120)
                .text(instance, 4_500, "path=/\u0007", "secure")
                .address(DnsName.of("box", "local"), "127.0.0.9", 120)
                .array();
        ServiceRecorder services = new ServiceRecorder();
        Future<?> said = watching.submit(() -> {
            services.awaitListening();
            for (int i = 0; i < 3; i++) {
                send(stranger);
            }
            return null;
        });
        try (Announcement announcement = announce(SELF)) {
            assertThat(announcement.told()).contains("user=ada");
            discovery.browse(new BrowseRequest(settings, List.of(loopback), Duration.ofSeconds(3)), services);
        }
        said.get();

        assertThat(services.types()).contains("_sciabc._tcp", "_http._tcp");
        NetworkService node = services.service("_sciabc._tcp SupercomputerInABriefcase on pi");
        assertThat(node.port()).hasValue(34_343);
        assertThat(node.host()).contains("pi.local");
        assertThat(node.text()).contains("user=ada", "cores=4");
        NetworkService page = services.service("_http._tcp page[2J");
        assertThat(page.text()).containsExactly("path=/", "secure");
        assertThat(page.addresses()).containsExactly(Packet.literal("127.0.0.9"));
        assertThat(services.service("_http._tcp silent").host()).isEmpty();
        assertThat(services.findings().values())
                .anySatisfy(finding -> assertThat(finding).endsWith("of 2 types"));
    }

    private void nothingIsLeftBehind() throws Exception {
        Future<?> watch = watch();
        Announcement announcement = announce(SELF);
        awaitNode("pi");
        long begin = System.nanoTime();
        end(watch);
        assertThat(since(begin)).as("obeying interruption").isLessThan(Duration.ofSeconds(5));
        announcement.close();
        announcement.close();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (!ownThreads().isEmpty() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(ownThreads()).isEmpty();
    }

    private static List<String> ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains("zeroconf") || name.contains("JmDNS") || name.contains("Socket"))
                .toList();
    }

    private Future<?> watch() {
        return watching.submit(() -> {
            discovery.watch(
                    new WatchRequest("lab", settings, List.of(loopback), Path.of("unused"), Optional.empty()),
                    recorder);
            return null;
        });
    }

    private Announcement announce(Node self) throws SciabcException, InterruptedException {
        return discovery.announce(
                new AnnounceRequest(self, settings, List.of(loopback), Path.of("unused"), recorder::notice));
    }

    private Node awaitNode(String name) throws InterruptedException {
        return recorder.await(
                "node " + name,
                SOON,
                seen -> seen.sightings().stream()
                        .filter(Sighting.Seen.class::isInstance)
                        .map(sighting -> ((Sighting.Seen) sighting).node())
                        .filter(node -> node.name().equals(name))
                        .findFirst());
    }

    private Sighting.Lost awaitLost() throws InterruptedException {
        return recorder.await(
                "loss",
                SOON,
                seen -> seen.sightings().stream()
                        .filter(Sighting.Lost.class::isInstance)
                        .map(Sighting.Lost.class::cast)
                        .findFirst());
    }

    /** Interrupts the watch, which has to end without an error. */
    private static void end(Future<?> watch) throws InterruptedException, ExecutionException {
        try {
            watch.get(0, TimeUnit.SECONDS);
        } catch (TimeoutException stillWatching) {
            assertThat(watch.cancel(true)).isTrue();
            return;
        }
        throw new AssertionError("the watch ended by itself");
    }

    private static void send(byte[] message) throws IOException {
        try (MulticastSocket socket = new MulticastSocket(0)) {
            socket.setNetworkInterface(NetworkInterface.getByName("lo"));
            socket.send(new DatagramPacket(message, message.length, InetAddress.getByName("224.0.0.251"), Link.PORT));
        }
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
