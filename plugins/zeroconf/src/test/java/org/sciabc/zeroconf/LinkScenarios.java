// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Settings;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.WatchRequest;

/** What {@link LoopbackTest} runs about links in a network of its own: many nodes, several interfaces, and their troubles. */
final class LinkScenarios {
    static final Set<String> NAMES = Set.of(
            "fiveHundredNodesAreFound",
            "interfaceThatGoesAndComesBackIsFollowed",
            "multicastThatIsNotHeardBackIsSaidTogetherWithWhatNeedsNone");

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int MANY = 500;

    private final ZeroconfDiscovery discovery = new ZeroconfDiscovery();
    private final Settings settings = Settings.of(discovery.settings(), Map.of("through", "library"));
    private final Recorder recorder = new Recorder();
    /** Of threads that do not keep the program: one that waits for a packet cannot be interrupted. */
    private final ExecutorService watching = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });

    private LinkScenarios() throws SciabcException {}

    /** Runs the scenario of this name. */
    public static void main(String[] arguments) throws Exception {
        LinkScenarios scenarios = new LinkScenarios();
        try {
            switch (arguments[0]) {
                case "fiveHundredNodesAreFound" -> scenarios.fiveHundredNodesAreFound();
                case "interfaceThatGoesAndComesBackIsFollowed" -> scenarios.interfaceThatGoesAndComesBackIsFollowed();
                default -> scenarios.multicastThatIsNotHeardBackIsSaidTogetherWithWhatNeedsNone();
            }
        } finally {
            scenarios.watching.shutdownNow();
        }
    }

    private void fiveHundredNodesAreFound() throws Exception {
        Future<?> responding = watching.submit(() -> {
            answerForMany();
            return null;
        });
        long begin = System.nanoTime();
        Future<?> watch = watch(interfaces("lo"));

        int found = await("all of them", seen -> Optional.of(names(seen).size()).filter(count -> count == MANY));

        System.out.printf("%d nodes after %d ms%n", found, (System.nanoTime() - begin) / 1_000_000);
        assertThat(watch.isDone()).isFalse();
        responding.cancel(true);
    }

    /** One responder in the place of many: it answers each question for nodes with all that there is of each of them. */
    private static void answerForMany() throws IOException {
        try (MulticastSocket socket = new MulticastSocket(Link.PORT)) {
            NetworkInterface loopback = NetworkInterface.getByName("lo");
            socket.joinGroup(new java.net.InetSocketAddress(Packet.literal("224.0.0.251"), Link.PORT), loopback);
            DatagramPacket question = new DatagramPacket(new byte[9_000], 9_000);
            while (true) {
                socket.receive(question);
                boolean isQuestion = question.getLength() > 2 && (question.getData()[2] & 0x80) == 0;
                if (isQuestion && question.getPort() != Link.PORT) {
                    for (int number = 1; number <= MANY; number++) {
                        byte[] answer = Packet.node("n" + number, "127.0.0.1", "v=1", "cluster=lab", "id=n-" + number)
                                .array();
                        socket.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
                    }
                }
            }
        }
    }

    private void interfaceThatGoesAndComesBackIsFollowed() throws Exception {
        ip("link add v0 type veth peer name v1");
        ip("link set v1 up");
        ip("address add 192.0.2.1/24 dev v0");
        ip("address add fd00::1/64 dev v0 nodad");
        ip("link set v0 up");
        List<LocalInterface> both =
                List.of(interfaces("lo").get(0), interfaces("v0").get(0));
        Future<?> watch = watch(both);
        Node self = Node.of("pi", List.of()).withId(new NodeId("0f8fad5b-d9cb")).withCluster("lab");
        try (Announcement announcement =
                discovery.announce(new AnnounceRequest(self, settings, both, Path.of("unused"), recorder::notice))) {
            assertThat(announcement.told()).contains("on lo 127.0.0.1", "on v0 192.0.2.1");
            await(
                    "node on both interfaces",
                    seen -> on(seen).containsAll(Set.of("lo", "v0")) ? Optional.of(true) : Optional.empty());
            await(
                    "IPv6 address",
                    seen -> addresses(seen).stream()
                            .filter(Inet6Address.class::isInstance)
                            .findFirst());

            ip("link set v0 down");
            await(
                    "line that says so",
                    seen -> seen.findings().entrySet().stream()
                            .filter(line -> line.getKey().equals("v0 192.0.2.1"))
                            .filter(line -> line.getValue().equals("the interface is down or has another address"))
                            .findFirst());
            int before = recorder.sightings().size();
            ip("link set v0 up");
            long begin = System.nanoTime();
            await(
                    "node that is heard there again",
                    seen -> seen.sightings().stream()
                            .skip(before)
                            .filter(Sighting.Seen.class::isInstance)
                            .filter(sighting -> ((Sighting.Seen) sighting)
                                    .networkInterface()
                                    .equals(Optional.of("v0")))
                            .findFirst());
            assertThat(watch.isDone()).isFalse();
            System.out.printf("heard on it again after %d ms%n", (System.nanoTime() - begin) / 1_000_000);
        }
    }

    private void multicastThatIsNotHeardBackIsSaidTogetherWithWhatNeedsNone() throws Exception {
        // What a firewall does that lets nothing in.
        ip("link add v0 type veth peer name v1");
        ip("link set v1 up");
        ip("address add 192.0.2.1/24 dev v0");
        ip("link set v0 up");
        run("iptables -A INPUT -i v0 -p udp --dport 5353 -j DROP");
        run("ip6tables -A INPUT -i v0 -p udp --dport 5353 -j DROP");
        List<LocalInterface> only = interfaces("v0");
        Future<?> watch = watch(only);

        Notice notice = await(
                "notice",
                seen -> seen.notices().stream()
                        .filter(each -> each.text().startsWith("multicast is sent on v0 but not heard back"))
                        .findFirst());

        assertThat(notice.text()).contains("--discovery sweep", "--discovery static");
        assertThat(watch.isDone()).isFalse();
        assertThat(notice.level()).isEqualTo(Notice.Level.WARNING);
    }

    private Future<?> watch(List<LocalInterface> interfaces) {
        return watching.submit(() -> {
            discovery.watch(
                    new WatchRequest("lab", settings, interfaces, Path.of("unused"), Optional.empty()), recorder);
            return null;
        });
    }

    private <T> T await(String what, Function<Recorder, Optional<T>> look) throws InterruptedException {
        return recorder.await(what, SOON, look);
    }

    private static Set<String> names(Recorder seen) {
        return nodes(seen).stream().map(Node::name).collect(Collectors.toSet());
    }

    private static Set<InetAddress> addresses(Recorder seen) {
        return nodes(seen).stream().flatMap(node -> node.addresses().stream()).collect(Collectors.toSet());
    }

    private static List<Node> nodes(Recorder seen) {
        return seen.sightings().stream()
                .filter(Sighting.Seen.class::isInstance)
                .map(sighting -> ((Sighting.Seen) sighting).node())
                .toList();
    }

    private static Set<String> on(Recorder seen) {
        return seen.sightings().stream()
                .filter(Sighting.Seen.class::isInstance)
                .flatMap(sighting -> ((Sighting.Seen) sighting).networkInterface().stream())
                .collect(Collectors.toSet());
    }

    private static List<LocalInterface> interfaces(String name) {
        return List.of(Interfaces.ofSystem(name).orElseThrow());
    }

    private static void ip(String words) throws IOException, InterruptedException {
        run("ip " + words);
    }

    private static void run(String words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words.split(" ", -1))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(words + ": " + said).isZero();
    }
}
