// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sciabc.roster.FakeNetwork.QUICK;
import static org.sciabc.roster.Seeing.address;
import static org.sciabc.roster.Seeing.lost;
import static org.sciabc.roster.Seeing.seen;
import static org.sciabc.roster.Seeing.withId;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.roster.FakeNetwork.Behaviour;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Node;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Settings;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.Sighting.Reason;
import org.sciabc.spi.SightingListener;

@Timeout(30)
final class WatchTest implements RosterListener {
    private static final Endpoint PI = new Endpoint(address("10.0.0.1"), Node.SSH_PORT);
    private static final LocalInterfaces.Found ETH0 = ready("eth0", "10.0.0.99", 24);
    private static final LocalInterfaces.Found WLAN0 = ready("wlan0", "192.168.4.99", 24);

    @TempDir
    Path stateFolder;

    private final FakeNetwork network = new FakeNetwork();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final BlockingQueue<Sighting> toSight = new LinkedBlockingQueue<>();
    private final BlockingQueue<List<String>> watchedOn = new LinkedBlockingQueue<>();
    private volatile List<LocalInterfaces.Found> interfaces = List.of(ETH0);
    private final Roster roster = new Roster(Node.DEFAULT_CLUSTER);
    private final CountDownLatch ended = new CountDownLatch(1);
    private Thread watching = new Thread(() -> {});

    @AfterEach
    void stop() throws InterruptedException {
        watching.interrupt();
        watching.join();
    }

    @Test
    void nodesJoinAreDoubtedAndLeave() throws Exception {
        network.set(PI, Behaviour.UP);
        watch(forwarding());
        toSight.add(seen("s", withId("pi-id-0001", "pi1", "10.0.0.1")));
        await("JOINED pi1 ALIVE");
        network.set(PI, Behaviour.UNPLUGGED);
        await("SUSPECT pi1 SUSPECT");
        await("LEFT pi1 GONE");
        network.set(PI, Behaviour.UP);
        await("JOINED pi1 ALIVE");
        toSight.add(lost("s", Reason.LEFT));
        await("LEFT pi1 GONE");
    }

    @Test
    void whatIsKnownAlreadyIsCheckedAtOnce() throws Exception {
        Roster earlier = new Roster(Node.DEFAULT_CLUSTER);
        earlier.sighted("zeroconf", seen("s", withId("pi-id-0001", "pi1", "10.0.0.1")), Seeing.START);
        earlier.sighted("zeroconf", seen("t", withId("pi-id-0002", "pi2", "10.0.0.2")), Seeing.START);
        roster.restored(earlier.entries(), InstantSource.system().instant());
        network.set(PI, Behaviour.UP);
        watch(forwarding());
        await("JOINED pi1 ALIVE");
    }

    @Test
    void aBackendThatFailsIsToldAndBegunAgainWhileTheOthersGoOn() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        FakeBackend failing = new FakeBackend("jgroups", (request, listener) -> {
            runs.incrementAndGet();
            throw new SciabcException("port 7800 is taken", "by another program", "choose another");
        });
        network.set(PI, Behaviour.UP);
        watch(failing, forwarding());
        await("FAILED port 7800 is taken");
        await("WARNING port 7800 is taken: by another program (choose another)");
        toSight.add(seen("s", withId("pi-id-0001", "pi1", "10.0.0.1")));
        await("JOINED pi1 ALIVE");
        while (runs.get() < 2) {
            Thread.onSpinWait();
        }
    }

    @Test
    void backendsFollowTheInterfaces() throws Exception {
        watch(forwarding());
        assertThat(watchedOn.poll(10, TimeUnit.SECONDS)).containsExactly("eth0");
        interfaces = List.of(ETH0, WLAN0);
        assertThat(watchedOn.poll(10, TimeUnit.SECONDS)).containsExactly("eth0", "wlan0");
        await("INFO this machine's networks are now eth0, wlan0");
    }

    @Test
    void aBackendThatIsNotToldOfInterfacesWaitsForNone() throws Exception {
        interfaces = List.of();
        watch(new Watch.Source(forwarding(), Settings.defaults(List.of()), false));
        assertThat(watchedOn.poll(10, TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void aLostCableIsToldAndMakesNobodyGone() throws Exception {
        network.set(PI, Behaviour.UP);
        watch(forwarding());
        toSight.add(seen("s", withId("pi-id-0001", "pi1", "10.0.0.1")));
        await("JOINED pi1 ALIVE");
        interfaces = List.of();
        await("WARNING no network interface: this machine has only none");
        network.set(PI, Behaviour.UNPLUGGED);
        await(
                "WARNING this machine has lost its network on eth0: nodes that were reached through it are suspect, and not"
                        + " given up, until it is back");
        long patience = 4 * QUICK.goneAfter().toMillis();
        String next = heard.poll(patience, TimeUnit.MILLISECONDS);
        while (next != null) {
            assertThat(next).doesNotContain("LEFT");
            next = heard.poll(patience, TimeUnit.MILLISECONDS);
        }
        interfaces = List.of(ETH0);
        network.set(PI, Behaviour.UP);
        await("UPDATED pi1 ALIVE");
    }

    @Test
    void whatWasHeardOnALostNetworkIsDoubtedUntilItAnswers() throws Exception {
        network.set(PI, Behaviour.UP);
        interfaces = List.of(ETH0, WLAN0);
        watch(forwarding());
        toSight.add(seen("s", withId("pi-id-0001", "pi1", "10.0.0.1")));
        await("JOINED pi1 ALIVE");
        interfaces = List.of(WLAN0);
        await("SUSPECT pi1 SUSPECT");
        await("UPDATED pi1 ALIVE");
    }

    @Test
    void whatADismissedBackendSaysIsNotHeard() throws Exception {
        network.set(PI, Behaviour.UP);
        CountDownLatch released = new CountDownLatch(1);
        FakeBackend closing = new FakeBackend("zeroconf", (request, listener) -> {
            listener.sighted(seen("s", withId("pi-id-0001", "pi1", "10.0.0.1")));
            try {
                FakeBackend.untilLimit(request);
            } finally {
                listener.sighted(lost("s", Reason.LEFT));
                released.countDown();
            }
        });
        watch(closing);
        await("JOINED pi1 ALIVE");
        interfaces = List.of(WLAN0);
        assertThat(released.await(10, TimeUnit.SECONDS)).isTrue();
        await(
                "WARNING this machine has lost its network on eth0: nodes that were reached through it are suspect, and not"
                        + " given up, until it is back");
        assertThat(heard).noneMatch(line -> line.contains("LEFT"));
    }

    @Test
    void anInterruptionEndsItAndItsBackends() throws Exception {
        CountDownLatch backendEnded = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        watch(new FakeBackend("zeroconf", (request, listener) -> {
            begun.countDown();
            try {
                FakeBackend.untilLimit(request);
            } finally {
                backendEnded.countDown();
            }
        }));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        watching.interrupt();
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(backendEnded.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void changed(List<RosterEvent> events, List<RosterEntry> entries) {
        events.forEach(event -> heard.add(event.kind() + " "
                + event.entry().node().name() + " " + event.entry().state()));
    }

    @Override
    public void networks(List<String> names) {
        heard.add("networks " + names);
    }

    @Override
    public void listening(String backend, String place, String finding) {
        heard.add(backend + " " + place + " " + finding);
    }

    @Override
    public void notice(Notice notice) {
        heard.add(notice.level() + " " + notice.text());
    }

    @Override
    public void failed(SciabcException failure) {
        heard.add("FAILED " + failure.what());
    }

    private void watch(FakeBackend... backends) {
        watch(Arrays.stream(backends)
                .map(backend -> new Watch.Source(backend, Settings.defaults(List.of()), true))
                .toArray(Watch.Source[]::new));
    }

    private void watch(Watch.Source... sources) {
        Watch.Request request = new Watch.Request(List.of(sources), List.of(), stateFolder, QUICK);
        Watch watch = new Watch(request, () -> new LocalInterfaces(interfaces), InstantSource.system(), new Random(1));
        watching = new Thread(() -> {
            try {
                watch.run(roster, this, network);
            } catch (InterruptedException asked) {
                ended.countDown();
            }
        });
        watching.start();
    }

    /** Reports what the test wants it to. */
    private FakeBackend forwarding() {
        return new FakeBackend("zeroconf", (request, listener) -> {
            watchedOn.add(
                    request.interfaces().stream().map(LocalInterface::name).toList());
            forward(listener);
        });
    }

    private void forward(SightingListener listener) throws InterruptedException {
        while (true) {
            listener.sighted(toSight.take());
        }
    }

    private void await(String line) throws InterruptedException {
        Predicate<String> isIt = line::equals;
        String next = heard.poll(10, TimeUnit.SECONDS);
        while (next != null && !isIt.test(next)) {
            next = heard.poll(10, TimeUnit.SECONDS);
        }
        assertThat(next).isEqualTo(line);
    }

    private static LocalInterfaces.Found ready(String name, String address, int prefix) {
        return new LocalInterfaces.Found(
                new LocalInterface(name, List.of(new LocalInterface.Address(address(address), prefix)), false, true),
                true,
                false);
    }
}
