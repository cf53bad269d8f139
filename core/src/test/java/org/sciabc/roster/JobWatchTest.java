// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sciabc.roster.FakeNetwork.QUICK;
import static org.sciabc.roster.Seeing.address;
import static org.sciabc.roster.Seeing.at;
import static org.sciabc.roster.Seeing.node;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sciabc.roster.FakeNetwork.Behaviour;
import org.sciabc.roster.JobWatch.Silence;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Node;

/** The watch over the nodes of a job, on a network that is not real. */
@Timeout(60)
final class JobWatchTest {
    private static final Node ONE = node("node1", "10.0.0.1");
    private static final Node TWO = node("node2", "10.0.0.2");
    private static final Endpoint AT_ONE = new Endpoint(address("10.0.0.1"), 22);
    private static final Endpoint AT_TWO = new Endpoint(address("10.0.0.2"), 22);

    private static final Set<InetAddress> BOTH = Set.of(AT_ONE.address(), AT_TWO.address());

    /** It asks once, at the beginning. */
    private static final WatchdogSettings NEVER = new WatchdogSettings(
            Duration.ofDays(1), Duration.ofDays(2), Duration.ofDays(3), Duration.ofDays(1), Duration.ofDays(1));

    private final FakeNetwork network = new FakeNetwork();
    private final List<Silence> heard = new CopyOnWriteArrayList<>();
    private volatile Instant now = at(0);
    private volatile List<LocalInterfaces.Found> interfaces = List.of(found("eth0", "10.0.0.99", false));
    private Optional<JobWatch> begun = Optional.empty();

    @BeforeEach
    void bothAreThere() {
        network.set(AT_ONE, Behaviour.UP);
        network.set(AT_TWO, Behaviour.UP);
    }

    @AfterEach
    void end() {
        begun.ifPresent(JobWatch::close);
    }

    @Test
    void aNodeThatStopsAnsweringIsNamedOnceWithTheTime() {
        begin(QUICK, Optional.empty());
        awaitAttempts(AT_ONE, 3);
        now = at(10);
        awaitAttempts(AT_ONE, 2);
        network.set(AT_ONE, Behaviour.UNPLUGGED);
        awaitAttempts(AT_ONE, 3);
        now = at(15);

        await(() -> !heard.isEmpty());

        awaitAttempts(AT_ONE, 10);
        awaitAttempts(AT_TWO, 10);
        assertThat(heard).containsExactly(new Silence(ONE, at(10)));
    }

    @Test
    void thatItLetUsInBeforeIsTheFirstSignOfItsLife() {
        network.set(AT_ONE, Behaviour.UNPLUGGED);
        now = at(5);
        begin(QUICK, Optional.of(at(2)));

        await(() -> !heard.isEmpty());

        assertThat(heard).containsExactly(new Silence(ONE, at(2)));
    }

    @Test
    void oneThatHangsIsNamedThoughItsKernelAnswers() {
        network.set(SparingProbe.quiet(AT_ONE), Behaviour.REFUSES);
        network.set(SparingProbe.quiet(AT_TWO), Behaviour.REFUSES);
        begin(QUICK, Optional.of(at(0)));
        awaitAttempts(SparingProbe.quiet(AT_ONE), 3);

        network.set(AT_ONE, Behaviour.HANGS);

        await(() -> !heard.isEmpty());
        awaitAttempts(AT_TWO, 3);
        assertThat(heard).extracting(Silence::node).containsExactly(ONE);
        assertThat(network.attempts(SparingProbe.quiet(AT_TWO))).isGreaterThan(network.attempts(AT_TWO));
    }

    /** By itself, that would take a day. */
    @Test
    void silenceFromBeforeTheWatchCounts() {
        Duration day = Duration.ofDays(1);
        WatchdogSettings slow = new WatchdogSettings(day, day.plusSeconds(1), day.plusSeconds(2), day, day);
        network.set(AT_ONE, Behaviour.UNPLUGGED);
        now = at(500_000);
        begin(slow, Optional.of(at(2)));

        await(() -> !heard.isEmpty());

        assertThat(heard).containsExactly(new Silence(ONE, at(2)));
    }

    @Test
    void oneThatNobodyHasEverReachedIsNamedOnlyWhenAskedFor() throws Exception {
        network.set(AT_ONE, Behaviour.UNPLUGGED);
        network.set(AT_TWO, Behaviour.HANGS);
        now = at(5);
        JobWatch watch = begin(QUICK, Optional.empty());

        awaitAttempts(AT_ONE, 12);

        assertThat(heard).isEmpty();
        assertThat(watch.silent(BOTH, Duration.ofMillis(100))).containsExactly(new Silence(ONE, at(5)));
    }

    @Test
    void oneThatRefusesConnectionsFromTheBeginningIsNeverNamed() throws Exception {
        network.set(AT_ONE, Behaviour.REFUSES);
        network.set(AT_TWO, Behaviour.UNPLUGGED);
        JobWatch watch = begin(QUICK, Optional.of(at(0)));

        await(() -> !heard.isEmpty());

        awaitAttempts(AT_ONE, 3);
        assertThat(heard).extracting(Silence::node).containsExactly(TWO);
        assertThat(watch.silent(BOTH, Duration.ofSeconds(2)))
                .extracting(Silence::node)
                .containsExactly(TWO);
    }

    @Test
    void oneThatBeginsToRefuseLivesUntilItIsSilent() {
        begin(QUICK, Optional.of(at(0)));
        awaitAttempts(AT_ONE, 3);
        network.set(AT_ONE, Behaviour.REFUSES);
        awaitAttempts(AT_ONE, 15);
        assertThat(heard).isEmpty();
        now = at(10);
        awaitAttempts(AT_ONE, 2);

        network.set(AT_ONE, Behaviour.UNPLUGGED);

        await(() -> !heard.isEmpty());
        assertThat(heard).containsExactly(new Silence(ONE, at(10)));
    }

    @Test
    void oneThatRefusesOnceWhileItDiesIsNamed() throws Exception {
        network.set(AT_ONE, Behaviour.HANGS);
        JobWatch watch = begin(NEVER, Optional.empty());
        await(() -> network.attempts(AT_ONE) == 1);
        now = at(10);
        network.set(AT_ONE, Behaviour.REFUSES);
        FutureTask<List<Silence>> looking = new FutureTask<>(() -> watch.silent(BOTH, Duration.ofSeconds(3)));
        new Thread(looking, "looking").start();
        await(() -> network.attempts(AT_ONE) == 2);
        network.set(AT_ONE, Behaviour.UNPLUGGED);

        assertThat(looking.get()).containsExactly(new Silence(ONE, at(0)));
    }

    @Test
    void whoAsksIsAnsweredAsSoonAsAllNodesHave() throws Exception {
        network.set(AT_TWO, Behaviour.TURNS_AWAY);

        assertThat(begin(NEVER, Optional.empty()).silent(BOTH, Duration.ofDays(1)))
                .isEmpty();
    }

    @Test
    void whoIsNotDoubtedIsNotVisited() throws Exception {
        JobWatch watch = begin(NEVER, Optional.empty());
        await(() -> network.attempts() == 2);
        network.set(AT_TWO, Behaviour.UNPLUGGED);

        assertThat(watch.silent(Set.of(AT_ONE.address()), Duration.ofDays(1))).isEmpty();

        assertThat(network.attempts(AT_ONE)).isEqualTo(2);
        assertThat(network.attempts(AT_TWO)).isEqualTo(1);
    }

    /** A server may hold visits against who makes them: jobs in a row are not to be more than one a second. */
    @Test
    void theFirstLookAtANodeIsTheFirstOfItsRhythm() {
        WatchdogSettings slow = new WatchdogSettings(
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(4),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1));
        long begun = System.nanoTime();
        begin(slow, Optional.empty());
        await(() -> network.attempts(AT_ONE) == 2);

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void theEndOfTheJobEndsTheWatch() {
        JobWatch watch = begin(QUICK, Optional.empty());
        awaitAttempts(AT_ONE, 3);

        watch.close();

        await(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(each -> each.getName().equals("job-watch")));
        network.set(AT_ONE, Behaviour.UNPLUGGED);
        assertThat(network.isClosed()).isTrue();
        assertThat(heard).isEmpty();
    }

    @Test
    void whileThisMachineIsCutOffNobodyIsBlamed() throws Exception {
        JobWatch watch = begin(QUICK, Optional.empty());
        awaitAttempts(AT_ONE, 3);
        assertThat(watch.isCutOff()).isFalse();
        interfaces = List.of(found("lo", "127.0.0.1", true));
        await(watch::isCutOff);
        network.set(AT_ONE, Behaviour.UNPLUGGED);

        awaitAttempts(AT_ONE, 30);

        assertThat(heard).isEmpty();
        assertThat(watch.silent(BOTH, Duration.ofMillis(100))).isEmpty();

        interfaces = List.of(found("eth0", "10.0.0.99", false));
        await(() -> !heard.isEmpty());
        assertThat(heard).extracting(Silence::node).containsExactly(ONE);
    }

    private JobWatch begin(WatchdogSettings settings, Optional<Instant> answered) {
        JobWatch watch = new JobWatch(
                        network,
                        List.of(ONE, TWO),
                        answered,
                        settings,
                        () -> new LocalInterfaces(interfaces),
                        () -> now,
                        new Random(1),
                        heard::add)
                .started();
        begun = Optional.of(watch);
        return watch;
    }

    /** So many more than there were. */
    private void awaitAttempts(Endpoint endpoint, int more) {
        long before = network.attempts(endpoint);
        await(() -> network.attempts(endpoint) - before >= more);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it never came").isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static LocalInterfaces.Found found(String name, String address, boolean loopback) {
        LocalInterface itself = new LocalInterface(
                name, List.of(new LocalInterface.Address(address(address), 24)), loopback, !loopback);
        return new LocalInterfaces.Found(itself, true, false);
    }
}
