// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.BrowseRequest;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.DiscoveryBackend.Feature;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Settings;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.WatchRequest;

/**
 * The contract of {@link DiscoveryBackend} as tests. A backend's own test extends it, says how the backend is created, and,
 * where announcing through the backend itself is not how nodes come, how they do:
 *
 * <pre>{@code
 * class InventoryContractTest extends DiscoveryContractTest {
 *     @Override
 *     protected DiscoveryBackend create() {
 *         return new InventoryDiscovery();
 *     }
 *
 *     @Override
 *     protected Presence appear(Node node) {
 *         return Presence.of(node, inventory.list(node));
 *     }
 * }
 * }</pre>
 *
 * <p>What a backend declares not to support is tested to be refused, or not to happen. A backend that sends multicast is best
 * tested in a network of its own: see {@link OwnNetwork}.
 */
public abstract class DiscoveryContractTest extends WatchEndContractTest {
    private static final String LITERAL = "127.0.0.1";

    /** For subclasses. */
    protected DiscoveryContractTest() {}

    /**
     * Makes a node findable, as if it were another machine. Announces it with a second instance of the backend unless
     * overridden: a backend that cannot announce has to override this.
     *
     * @param node the node to show, in the cluster {@link #CLUSTER}; where the backend's nodes are other ones, they are what
     *     the presence has to say
     * @return what the backend has to see until it is closed
     * @throws Exception when that fails, which fails the test
     */
    protected Presence appear(Node node) throws Exception {
        DiscoveryBackend other = create();
        AnnounceRequest request = announceRequest(node);
        Announcement announcement = Call.make(() -> other.announce(request));
        return Presence.of(node, announcement);
    }

    /**
     * Whether a watch that has begun sees nodes that come later.
     *
     * @return true unless overridden, such as for a fixed list of nodes
     */
    protected boolean seesArrivals() {
        return true;
    }

    /**
     * How long it may take until a node that came is seen, and until one that left is given up.
     *
     * @return ten seconds unless overridden
     */
    protected Duration patience() {
        return Duration.ofSeconds(10);
    }

    /**
     * What a machine that announces itself is asked to announce.
     *
     * @param self the node that it is
     * @return the request
     * @throws Exception when that fails, which fails the test
     */
    protected final AnnounceRequest announceRequest(Node self) throws Exception {
        return new AnnounceRequest(self, settings(), networks(), stateFolder(), notice -> {});
    }

    @Override
    final void useOnce() throws Exception {
        useWith(settings());
    }

    @Override
    final void useWith(Settings settings) throws Exception {
        DiscoveryBackend backend = create();
        if (backend.supports(Feature.ANNOUNCE)) {
            AnnounceRequest request =
                    new AnnounceRequest(sample("used"), settings, networks(), stateFolder(), notice -> {});
            Call.make(() -> backend.announce(request)).close();
        }
        RecordingListener listener = new RecordingListener();
        WatchRequest request = new WatchRequest(CLUSTER, settings, networks(), stateFolder(), Optional.of(shortly()));
        Call.make(() -> {
            backend.watch(request, listener);
            return true;
        });
    }

    @Test
    final void reportsNodesThatAreThere() throws Exception {
        try (Presence presence = appear(sample("there"));
                Watching watching = watch(new RecordingListener(), Optional.empty())) {
            for (Node node : presence.nodes()) {
                requireNoContradiction(node, watching.awaitSeen(node, patience()));
            }
        }
    }

    @Test
    final void reportsNodesThatComeLater() throws Exception {
        assumeTrue(seesArrivals(), "this backend does not see nodes that come later");
        try (Watching watching = watch(new RecordingListener(), Optional.empty())) {
            watching.call().endsWithin(shortly());
            try (Presence presence = appear(sample("later"))) {
                for (Node node : presence.nodes()) {
                    watching.awaitSeen(node, patience());
                }
            }
        }
    }

    @Test
    final void reportsThatANodeLeftOrDeclaresThatItCannot() throws Exception {
        boolean reportsLeaving = create().supports(Feature.LEAVING);
        try (Presence presence = appear(sample("leaving"));
                Watching watching = watch(new RecordingListener(), Optional.empty())) {
            List<String> sources = new ArrayList<>();
            for (Node node : presence.nodes()) {
                sources.add(watching.awaitSeen(node, patience()).source());
            }
            presence.close();
            if (reportsLeaving) {
                for (String source : sources) {
                    watching.listener().awaitLost(source, patience());
                }
            } else {
                watching.call().endsWithin(aWhile());
                assertThat(watching.listener().lost())
                        .as("a backend that declares that it does not report leaving must not report it")
                        .isEmpty();
            }
            assertThat(watching.listener().violations())
                    .as("what is lost must have been reported under the same source before")
                    .noneMatch(violation -> violation.startsWith("lost "));
        }
    }

    @Test
    final void saysWhatItListensOn() throws Exception {
        try (Watching watching = watch(new RecordingListener(), Optional.empty())) {
            watching.awaitListening(patience());
            assertThat(watching.listener().findings()).allSatisfy((place, finding) -> {
                assertThat(Said.wrongInPhrase(place))
                        .as("what is wrong with the place '%s'", place)
                        .isEmpty();
                assertThat(Said.wrongInPhrase(finding))
                        .as("what is wrong with the finding '%s'", finding)
                        .isEmpty();
            });
        }
    }

    @Test
    final void callsTheListenerFromOneThreadAtATime() throws Exception {
        RecordingListener lingering = RecordingListener.lingering(Duration.ofMillis(20));
        try (Presence presence = appear(sample("crowded"));
                Watching watching = watch(lingering, Optional.empty())) {
            for (Node node : presence.nodes()) {
                watching.awaitSeen(node, patience());
            }
            watching.call().endsWithin(shortly());
        }
        assertThat(lingering.violations())
                .as("the listener must not be called from two threads at once")
                .noneMatch(violation -> violation.contains("while another"));
    }

    @Test
    final void leavesTheListenerAloneAfterItReturned() throws Exception {
        RecordingListener listener = new RecordingListener();
        try (Presence presence = appear(sample("after"));
                Watching watching = watch(listener, Optional.of(aWhile()))) {
            requireEnd(watching.call(), Call.TOO_LONG, "it has to return");
            listener.watchReturned();
            // The node leaves meanwhile, which a backend that still listens would pass on.
            presence.close();
            Call.letPass(aWhile());
        }
        assertThat(listener.violations())
                .as("the listener must not be called after watch returned")
                .noneMatch(violation -> violation.contains("after watch"));
    }

    @Test
    final void watchesTwiceAtOnce() throws Exception {
        DiscoveryBackend backend = create();
        try (Presence presence = appear(sample("twice"));
                Watching one = watch(backend, new RecordingListener(), Optional.empty());
                Watching two = watch(backend, new RecordingListener(), Optional.empty())) {
            for (Node node : presence.nodes()) {
                one.awaitSeen(node, patience());
                two.awaitSeen(node, patience());
            }
        }
    }

    @Test
    final void announcesAndWithdrawsOrRefusesToAnnounce() throws Exception {
        DiscoveryBackend backend = create();
        AnnounceRequest request = announceRequest(sample("told"));
        if (!backend.supports(Feature.ANNOUNCE)) {
            Refusal.require("announcing, which it declares not to support,", () -> backend.announce(request));
            return;
        }
        Announcement announcement = Call.make(() -> backend.announce(request));
        List<String> told = announcement.told();
        Call.make(() -> {
            announcement.close();
            announcement.close();
            return true;
        });
        assertThat(told)
                .as("what the network is told, for the owner of the machine to read")
                .isNotEmpty();
        assertThat(told).allSatisfy(line -> assertThat(Said.wrongInLine(line)).isEmpty());
        RecordingListener afterwards = new RecordingListener();
        try (Watching watching = watch(afterwards, Optional.of(aWhile()))) {
            requireEnd(watching.call(), Call.TOO_LONG, "it has to return");
        }
        assertThat(stillThere(request.self().name(), afterwards))
                .as("what was withdrawn must not be found any more")
                .isEmpty();
    }

    @Test
    final void keepsToTheInterfacesOfTheRequestOrRefusesThem() throws Exception {
        DiscoveryBackend backend = create();
        if (!backend.supports(Feature.INTERFACES)) {
            WatchRequest request = new WatchRequest(
                    CLUSTER, settings(), List.of(SampleNodes.loopback()), stateFolder(), Optional.of(shortly()));
            Refusal.require("an interface, which it declares not to support,", () -> {
                backend.watch(request, new RecordingListener());
                return true;
            });
            return;
        }
        List<String> names = interfaces().stream().map(LocalInterface::name).toList();
        try (Presence presence = appear(sample("near"));
                Watching watching = watch(backend, new RecordingListener(), Optional.empty())) {
            for (Node node : presence.nodes()) {
                Sighting.Seen seen = watching.awaitSeen(node, patience());
                assertThat(seen.networkInterface().stream().toList())
                        .as("only interfaces of the request may be used")
                        .allMatch(names::contains);
            }
        }
    }

    @Test
    final void listsServicesOrRefusesTo() throws Exception {
        DiscoveryBackend backend = create();
        BrowseRequest request = new BrowseRequest(settings(), networks(), aWhile());
        RecordingServices services = new RecordingServices();
        Call<Boolean> call = Call.begin(() -> {
            backend.browse(request, services);
            return true;
        });
        requireEnd(call, aWhile().plus(Call.A_SECOND), "listing services has to end when its limit has passed");
        try {
            call.result();
            assertThat(services.places())
                    .as("where it listened, which is what a person sees when nothing was found")
                    .isNotEmpty();
        } catch (SciabcException knowsOfNodesOnly) {
            assertThat(Said.wrongInFailure(knowsOfNodesOnly))
                    .as("what is wrong with the refusal")
                    .isEmpty();
        }
    }

    /** What belongs to this cluster or has that name: nodes of others may be there, and are none of ours. */
    private static List<String> stillThere(String name, RecordingListener listener) {
        List<String> lost = listener.lost().stream().map(Sighting.Lost::source).toList();
        return listener.seen().stream()
                .filter(seen ->
                        seen.node().name().equals(name) || seen.node().cluster().equals(Optional.of(CLUSTER)))
                .map(Sighting.Seen::source)
                .filter(source -> !lost.contains(source))
                .toList();
    }

    private static void requireNoContradiction(Node announced, Sighting.Seen seen) {
        Node reported = seen.node();
        Map<String, List<Optional<?>>> facts = Map.of(
                "id", List.of(announced.id(), reported.id()),
                "user", List.of(announced.user(), reported.user()),
                "host key", List.of(announced.hostKey(), reported.hostKey()),
                "cluster", List.of(announced.cluster(), reported.cluster()));
        facts.forEach((fact, both) -> assertThat(
                        both.get(1).isEmpty() || both.get(0).equals(both.get(1)))
                .as("the %s of %s is %s, and was reported as %s", fact, announced.name(), both.get(0), both.get(1))
                .isTrue());
        assertThat(Said.wrongInLine(seen.source()))
                .as("what is wrong with the source")
                .isEmpty();
    }

    private static Node sample(String name) {
        return SampleNodes.known(name, CLUSTER, LITERAL);
    }
}
