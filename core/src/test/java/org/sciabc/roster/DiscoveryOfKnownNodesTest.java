// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sciabc.roster.FakeBackend.untilLimit;
import static org.sciabc.roster.Seeing.address;
import static org.sciabc.roster.Seeing.at;
import static org.sciabc.roster.Seeing.lost;
import static org.sciabc.roster.Seeing.seen;
import static org.sciabc.roster.Seeing.withId;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.roster.DiscoverRequest.Ending;
import org.sciabc.roster.FakeNetwork.Behaviour;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.Node;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Settings;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.SightingListener;
import org.sciabc.spi.WatchRequest;

@Timeout(60)
final class DiscoveryOfKnownNodesTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(50);

    @TempDir
    Path stateFolder;

    private final FakeNetwork network = new FakeNetwork();
    private final Roster earlier = new Roster(Node.DEFAULT_CLUSTER);

    @Test
    void whoAnswersIsFoundWithoutBeingSeen() throws Exception {
        IntStream.rangeClosed(1, 100).forEach(number -> known("pi" + number, "10.0.0." + number, Behaviour.UP));
        Discovered discovered = discover(LONG, OptionalInt.empty(), Ending.WHEN_SETTLED, silent());
        assertThat(discovered.nodes()).hasSize(100).allMatch(entry -> entry.state() == NodeState.ALIVE);
        assertThat(discovered.elapsed()).isLessThan(LONG);
        assertThat(discovered.silent()).isEmpty();
        assertThat(discovered.notices()).isEmpty();
    }

    @Test
    void whoIsExpectedAndAnswersEndsTheSearchAtOnce() throws Exception {
        known("pi1", "10.0.0.1", Behaviour.UP);
        known("pi2", "10.0.0.2", Behaviour.UP);
        assertThat(names(discover(LONG, OptionalInt.of(2), Ending.AT_LIMIT, silent())))
                .containsExactly("pi1", "pi2");
    }

    @Test
    void aNewcomerJoinsThem() throws Exception {
        known("pi1", "10.0.0.1", Behaviour.UP);
        Discovered discovered = discover(
                LONG, OptionalInt.empty(), Ending.WHEN_SETTLED, seeing(seen(withId("id-of-pi2", "pi2", "10.0.0.2"))));
        assertThat(names(discovered)).containsExactly("pi1", "pi2");
        assertThat(discovered.elapsed()).isBetween(Settling.QUIET, LONG);
    }

    @Test
    void whoDoesNotAnswerIsWaitedForAndSaid() throws Exception {
        known("pi1", "10.0.0.1", Behaviour.UP);
        known("pi2", "10.0.0.2", Behaviour.REFUSES);
        Discovered discovered = discover(
                Duration.ofMillis(1_500),
                OptionalInt.empty(),
                Ending.WHEN_SETTLED,
                seeing(seen(withId("id-of-pi1", "pi1", "10.0.0.1"))));
        assertThat(discovered.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(1_500));
        assertThat(names(discovered)).containsExactly("pi1");
        assertThat(discovered.silent()).singleElement().satisfies(entry -> {
            assertThat(entry.node().name()).isEqualTo("pi2");
            assertThat(entry.state()).isEqualTo(NodeState.GONE);
        });
        assertThat(discovered.notices()).containsExactly(Notice.warning("pi2 is known, and does not answer"));
    }

    @Test
    void whoWasSilentLastTimeIsNotWaitedForAndCountsWhenItAnswers() throws Exception {
        known("pi1", "10.0.0.1", Behaviour.UP);
        known("pi2", "10.0.0.2", Behaviour.UNPLUGGED);
        known("pi3", "10.0.0.3", Behaviour.UP);
        earlier.absent(List.of(endpoint("10.0.0.2"), endpoint("10.0.0.3")), at(1));
        Discovered discovered = discover(LONG, OptionalInt.empty(), Ending.WHEN_SETTLED, silent());
        assertThat(names(discovered)).containsExactly("pi1", "pi3");
        assertThat(discovered.notices()).isEmpty();
    }

    @Test
    void whoSaidGoodbyeIsNotAsked() throws Exception {
        known("pi1", "10.0.0.1", Behaviour.UP);
        earlier.sighted("zeroconf", lost("pi1", Sighting.Reason.LEFT), at(1));
        assertThat(discover(SHORT, OptionalInt.empty(), Ending.AT_LIMIT, silent())
                        .nodes())
                .isEmpty();
        assertThat(network.attempts()).isZero();
    }

    @Test
    void whoWantsToHearTheNetworkOutDoes() throws Exception {
        known("pi1", "10.0.0.1", Behaviour.UP);
        Discovered discovered = discover(SHORT, OptionalInt.empty(), Ending.AT_LIMIT, silent());
        assertThat(discovered.elapsed()).isGreaterThanOrEqualTo(SHORT);
        assertThat(discovered.nodes()).isEmpty();
        assertThat(discovered.notices())
                .containsExactly(Notice.warning("pi1 is known and answers, but was not seen in 50ms"));
    }

    @Test
    void aSweepIsNotCutShort() throws Exception {
        known("pi1", "10.0.0.1", Behaviour.UP);
        Discovered discovered =
                discover(SHORT.multipliedBy(40), OptionalInt.empty(), Ending.WHEN_SETTLED, silent(), new Sweeping());
        assertThat(discovered.elapsed()).isGreaterThanOrEqualTo(SHORT.multipliedBy(40));
    }

    @Test
    void anotherMachineAtAnOldAddressIsNotTakenForTheKnownOne() throws Exception {
        known("pi1", "10.0.0.1", Behaviour.UP);
        Discovered discovered = discover(
                Duration.ofMillis(1_500),
                OptionalInt.empty(),
                Ending.WHEN_SETTLED,
                seeing(seen(withId("id-of-new", "new", "10.0.0.1"))));
        assertThat(names(discovered)).containsExactly("new");
        Notice change = Notice.info("'new' is now at 10.0.0.1, where 'pi1' was: they are different machines");
        assertThat(discovered.notices()).contains(change);
        assertThat(discovered.changes()).containsExactly(change);
    }

    @Test
    void whoMovedIsWhereItSaysAndNotWhereItWas() throws Exception {
        known("pi1", "10.0.0.1", Behaviour.UP);
        Discovered discovered = discover(
                LONG, OptionalInt.empty(), Ending.WHEN_SETTLED, seeing(seen(withId("id-of-pi1", "pi1", "10.0.0.9"))));
        assertThat(discovered.changes()).containsExactly(Notice.info("'pi1' is now at 10.0.0.9 and was at 10.0.0.1"));
        assertThat(discovered.nodes())
                .singleElement()
                .satisfies(entry -> assertThat(entry.node().addresses()).containsExactly(address("10.0.0.9")));
    }

    @Test
    void whoMovedToAnotherClusterIsNeitherUsedNorWaitedFor() throws Exception {
        known("pi1", "10.0.0.1", Behaviour.UP);
        known("pi2", "10.0.0.2", Behaviour.UP);
        Discovered discovered = discover(
                LONG,
                OptionalInt.empty(),
                Ending.WHEN_SETTLED,
                seeing(seen(withId("id-of-pi1", "pi1", "10.0.0.1").withCluster("lab"))));
        assertThat(names(discovered)).containsExactly("pi2");
        assertThat(discovered.silent()).isEmpty();
        assertThat(discovered.notices())
                .containsExactly(Notice.info("nodes of cluster 'lab' are there and were left out"));
    }

    @Test
    void whoFindsNobodyIsWarnedThatOthersAreThere() throws Exception {
        Discovered discovered = discover(
                SHORT,
                OptionalInt.empty(),
                Ending.WHEN_SETTLED,
                seeing(seen(withId("id-of-pi1", "pi1", "10.0.0.1").withCluster("lab"))));
        assertThat(discovered.notices())
                .containsExactly(Notice.warning("nodes of cluster 'lab' are there and were left out"));
    }

    @Test
    void whoIsOnlyAnnouncedAndDoesNotReactIsSaidAndLeftOut() throws Exception {
        known("pi1", "10.0.0.1", Behaviour.UP);
        known("pi2", "10.0.0.2", Behaviour.UNPLUGGED);
        Discovered discovered = discover(
                LONG, OptionalInt.empty(), Ending.WHEN_SETTLED, seeing(seen(withId("id-of-pi2", "pi2", "10.0.0.2"))));
        assertThat(names(discovered)).containsExactly("pi1");
        assertThat(discovered.elapsed()).isLessThan(LONG);
        assertThat(discovered.notices()).containsExactly(Notice.warning("pi2 is announced, and does not answer"));
    }

    @Test
    void whoIsAnnouncedAndReactsIsUsedAlthoughNoServerSpeaks() throws Exception {
        known("pi1", "10.0.0.1", Behaviour.HANGS);
        known("pi2", "10.0.0.2", Behaviour.REFUSES);
        Discovered discovered = discover(
                LONG,
                OptionalInt.empty(),
                Ending.WHEN_SETTLED,
                seeing(seen(withId("id-of-pi1", "pi1", "10.0.0.1")), seen(withId("id-of-pi2", "pi2", "10.0.0.2"))));
        assertThat(names(discovered)).containsExactly("pi1", "pi2");
        assertThat(discovered.notices()).isEmpty();
    }

    @Test
    void whoHearsTheNetworkOutIsToldOfEveryAnnouncement() throws Exception {
        known("pi1", "10.0.0.1", Behaviour.UNPLUGGED);
        assertThat(names(discover(
                        Duration.ofMillis(1_500),
                        OptionalInt.empty(),
                        Ending.AT_LIMIT,
                        seeing(seen(withId("id-of-pi1", "pi1", "10.0.0.1"))))))
                .containsExactly("pi1");
    }

    /** Does not announce anything: it looks for whatever there is. */
    private static final class Sweeping implements DiscoveryBackend {
        @Override
        public String id() {
            return "sweeping";
        }

        @Override
        public String summary() {
            return "looks everywhere";
        }

        @Override
        public boolean supports(Feature feature) {
            return feature != Feature.ANNOUNCE;
        }

        @Override
        public Announcement announce(AnnounceRequest request) throws SciabcException {
            throw new SciabcException("cannot announce", "it only looks", "");
        }

        @Override
        public void watch(WatchRequest request, SightingListener listener) throws InterruptedException {
            untilLimit(request);
        }
    }

    private static FakeBackend silent() {
        return seeing();
    }

    private static FakeBackend seeing(Sighting... sightings) {
        return new FakeBackend("zeroconf", (request, listener) -> {
            Arrays.stream(sightings).forEach(listener::sighted);
            untilLimit(request);
        });
    }

    private Discovered discover(Duration limit, OptionalInt expect, Ending ending, DiscoveryBackend... backends)
            throws InterruptedException {
        List<DiscoverRequest.Source> sources = Arrays.stream(backends)
                .map(backend -> new DiscoverRequest.Source(backend, Settings.defaults(List.of()), List.of()))
                .toList();
        return new Discovery(InstantSource.system(), found -> {})
                .run(
                        new DiscoverRequest(Node.DEFAULT_CLUSTER, sources, stateFolder, limit, expect)
                                .startingWith(earlier.entries(), ending),
                        network);
    }

    private void known(String name, String address, Behaviour behaviour) {
        earlier.sighted("zeroconf", seen(withId("id-of-" + name, name, address)), at(0));
        network.set(endpoint(address), behaviour);
    }

    private static Endpoint endpoint(String address) {
        return new Endpoint(address(address), Node.SSH_PORT);
    }

    private static List<String> names(Discovered discovered) {
        return discovered.nodes().stream().map(entry -> entry.node().name()).toList();
    }
}
