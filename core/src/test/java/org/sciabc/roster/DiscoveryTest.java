// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.sciabc.roster.FakeBackend.untilLimit;
import static org.sciabc.roster.Seeing.node;
import static org.sciabc.roster.Seeing.seen;
import static org.sciabc.roster.Seeing.withId;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.Node;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Settings;

@Timeout(20)
final class DiscoveryTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(50);

    @TempDir
    Path stateFolder;

    private final List<List<RosterEntry>> progress = new CopyOnWriteArrayList<>();

    @Test
    void returnsAsSoonAsEnoughNodesAreThere() throws Exception {
        Discovered discovered = discover(LONG, 2, finding("zeroconf", "pi1"), finding("jgroups", "pi2"));
        assertThat(names(discovered)).containsExactly("pi1", "pi2");
        assertThat(discovered.elapsed()).isLessThan(LONG);
        assertThat(progress.get(progress.size() - 1)).isEqualTo(discovered.nodes());
    }

    @Test
    void countsANodeThatTwoBackendsSeeOnce() throws Exception {
        Discovered discovered = discover(SHORT, 2, finding("zeroconf", "pi1"), finding("jgroups", "pi1"));
        assertThat(names(discovered)).containsExactly("pi1");
        assertThat(discovered.nodes().get(0).seenBy()).containsExactly("jgroups", "zeroconf");
    }

    @Test
    void waitsForTheRestOfAHalfRecord() throws Exception {
        CountDownLatch halfTaken = new CountDownLatch(1);
        FakeBackend backend = new FakeBackend("zeroconf", (request, listener) -> {
            listener.sighted(seen("s", node("pi1", "10.0.0.1")));
            halfTaken.await();
            listener.sighted(seen("s", withId("pi-id-0001", "pi1", "10.0.0.1")));
            untilLimit(request);
        });
        InstantSource frozen = InstantSource.fixed(Seeing.START);
        Discovered discovered =
                new Discovery(frozen, found -> halfTaken.countDown()).run(request(LONG, OptionalInt.of(1), backend));
        assertThat(discovered.nodes().get(0).node().id()).isPresent();
    }

    @Test
    void countsANodeOf2016AfterTheGrace() throws Exception {
        FakeBackend backend = new FakeBackend("zeroconf", (request, listener) -> {
            listener.sighted(seen(node("pi1", "10.0.0.1")));
            untilLimit(request);
        });
        Discovered discovered = discover(LONG, 1, backend);
        assertThat(discovered.elapsed()).isBetween(Expectation.GRACE, LONG.dividedBy(2));
    }

    @Test
    void looksUntilTheLimitWhenNothingIsExpected() throws Exception {
        Discovered discovered = discover(SHORT, finding("zeroconf", "pi1"));
        assertThat(names(discovered)).containsExactly("pi1");
        assertThat(discovered.elapsed()).isGreaterThanOrEqualTo(SHORT);
        assertThat(discovered.notices()).isEmpty();
    }

    @Test
    void tellsWhatEachBackendListenedTo() throws Exception {
        FakeBackend backend = new FakeBackend("zeroconf", (request, listener) -> {
            listener.listening("eth0 10.0.3.12", "0 answers");
            listener.listening("wlan0 10.0.4.12", "0 answers");
            listener.listening("eth0 10.0.3.12", "2 answers");
            listener.notice(Notice.info("something"));
            listener.notice(Notice.info("something"));
            untilLimit(request);
        });
        Discovered discovered = discover(SHORT, backend);
        assertThat(discovered.reports()).singleElement().satisfies(report -> {
            assertThat(report.backend()).isEqualTo("zeroconf");
            assertThat(report.listening())
                    .containsExactly(entry("eth0 10.0.3.12", "2 answers"), entry("wlan0 10.0.4.12", "0 answers"));
            assertThat(report.failure()).isEmpty();
        });
        assertThat(discovered.notices()).containsExactly(Notice.info("something"));
    }

    @Test
    void aFailingBackendDoesNotStopTheOthers() throws Exception {
        FakeBackend refusing = new FakeBackend("jgroups", (request, listener) -> {
            throw new SciabcException("no multicast", "the interface carries none", "");
        });
        FakeBackend broken = new FakeBackend("third", (request, listener) -> {
            throw new NoClassDefFoundError("org/example/Missing");
        });
        Discovered discovered = discover(LONG, 1, refusing, broken, finding("zeroconf", "pi1"));
        assertThat(names(discovered)).containsExactly("pi1");
    }

    @Test
    @SuppressWarnings("NullAway")
    void aBackendThatReportsNullFailsAloneAndIsNotTakenForADefectOfOurs() throws Exception {
        FakeBackend sightings = new FakeBackend("one", (request, listener) -> listener.sighted(null));
        FakeBackend findings = new FakeBackend("two", (request, listener) -> listener.listening("eth0", null));
        FakeBackend notices = new FakeBackend("three", (request, listener) -> listener.notice(null));
        Discovered discovered = discover(LONG, 1, sightings, findings, notices);
        assertThat(discovered.reports())
                .extracting(report -> report.failure().orElseThrow().why())
                .containsExactly(
                        "the plugin has a defect: the sighting is null",
                        "the plugin has a defect: the finding is null",
                        "the plugin has a defect: the notice is null");
    }

    @Test
    void endsAtOnceWhenAllBackendsFailAndSaysWhy() throws Exception {
        FakeBackend refusing = new FakeBackend("jgroups", (request, listener) -> {
            throw new SciabcException("no multicast", "the interface carries none", "");
        });
        FakeBackend broken = new FakeBackend("third", (request, listener) -> {
            throw new NoClassDefFoundError("org/example/Missing");
        });
        Discovered discovered = discover(LONG, 1, refusing, broken);
        assertThat(discovered.nodes()).isEmpty();
        assertThat(discovered.elapsed()).isLessThan(LONG);
        assertThat(discovered.reports())
                .extracting(report -> report.failure().orElseThrow().getMessage())
                .containsExactly(
                        "no multicast: the interface carries none",
                        "discovery through third failed: the plugin has a defect: org/example/Missing");
    }

    @Test
    void aBackendThatHangsIsLeftBehindWithANotice() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        FakeBackend hanging = new FakeBackend("stuck", (request, listener) -> uninterruptibly(release));
        Discovered discovered = discover(SHORT, hanging, finding("zeroconf", "pi1"));
        release.countDown();
        assertThat(names(discovered)).containsExactly("pi1");
        assertThat(discovered.notices())
                .containsExactly(Notice.warning("discovery through stuck did not stop within 1s and was left behind"));
    }

    @Test
    void backendsAreToldToStopWhenEnoughWasFound() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        FakeBackend backend = new FakeBackend("zeroconf", (request, listener) -> {
            listener.sighted(seen(withId("pi-id-0001", "pi1", "10.0.0.1")));
            try {
                untilLimit(request);
            } finally {
                interrupted.countDown();
            }
        });
        discover(LONG, 1, backend);
        assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anInterruptionReachesTheBackends() throws Exception {
        CountDownLatch watching = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        FakeBackend backend = new FakeBackend("zeroconf", (request, listener) -> {
            watching.countDown();
            try {
                untilLimit(request);
            } finally {
                interrupted.countDown();
            }
        });
        Thread discovering = Thread.currentThread();
        Thread person = new Thread(() -> {
            try {
                watching.await();
            } catch (InterruptedException ended) {
                return;
            }
            discovering.interrupt();
        });
        person.start();
        assertThatThrownBy(() -> discover(LONG, backend)).isInstanceOf(InterruptedException.class);
        assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aBackendThatFloodsIsHeardWithoutEnd() throws Exception {
        FakeBackend flooding = new FakeBackend("rogue", (request, listener) -> {
            while (!Thread.currentThread().isInterrupted()) {
                listener.sighted(seen(withId("rogue-id-" + System.nanoTime(), "rogue", "10.0.0.9")));
            }
        });
        Discovered discovered = discover(LONG, 2, flooding, finding("zeroconf", "pi1"));
        assertThat(names(discovered)).contains("pi1");
    }

    private static void uninterruptibly(CountDownLatch latch) {
        boolean released = false;
        while (!released) {
            try {
                released = latch.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException ignoredOnPurpose) {
                released = false;
            }
        }
    }

    private static FakeBackend finding(String backend, String... names) {
        return new FakeBackend(backend, (request, listener) -> {
            for (String name : names) {
                listener.sighted(seen(withId("id-of-the-" + name, name, "10.0.0." + name.replaceAll("\\D", ""))));
            }
            untilLimit(request);
        });
    }

    private Discovered discover(Duration limit, FakeBackend... backends) throws Exception {
        return discovery().run(request(limit, OptionalInt.empty(), backends));
    }

    private Discovered discover(Duration limit, int expect, FakeBackend... backends) throws Exception {
        return discovery().run(request(limit, OptionalInt.of(expect), backends));
    }

    private Discovery discovery() {
        return new Discovery(InstantSource.system(), progress::add);
    }

    private DiscoverRequest request(Duration limit, OptionalInt expect, FakeBackend... backends) {
        List<DiscoverRequest.Source> sources = Arrays.stream(backends)
                .map(backend -> new DiscoverRequest.Source(backend, Settings.defaults(List.of()), List.of()))
                .toList();
        return new DiscoverRequest(Node.DEFAULT_CLUSTER, sources, stateFolder, limit, expect);
    }

    private static List<String> names(Discovered discovered) {
        return discovered.nodes().stream().map(entry -> entry.node().name()).toList();
    }
}
