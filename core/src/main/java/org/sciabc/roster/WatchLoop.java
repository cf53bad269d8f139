// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;

/** One run of a {@link Watch}: takes in what the other threads have to say, and publishes what follows from it. */
final class WatchLoop implements AutoCloseable {
    private static final long INTERFACE_RHYTHM = Duration.ofSeconds(1).toNanos();
    private static final long TELLINGS_LAST = Duration.ofMinutes(10).toNanos();
    private static final Duration MEMORY = Duration.ofHours(24);

    private final Watch.Request request;
    private final Watch.Networks networks;
    private final InstantSource clock;
    private final Roster roster;
    private final RosterListener listener;
    private final Sightings sightings = new Sightings();
    private final OwnNetwork ownNetwork = new OwnNetwork();
    private final RunningBackends backends;
    private final Watchdog watchdog;
    private List<LocalInterface> chosen = List.of();
    private List<LocalInterface> proposed = List.of();
    private List<RosterEntry> published = List.of();
    private Tellings tellings = new Tellings();
    private long tellingsBegun;
    private String networkProblem = "";
    private boolean begun;
    private long nextTick;
    private long nextInterfaces;

    WatchLoop(
            Watch.Request request,
            Watch.Networks networks,
            InstantSource clock,
            RandomGenerator random,
            Roster roster,
            RosterListener listener,
            NodeProbe probe) {
        long now = System.nanoTime();
        this.request = request;
        this.networks = networks;
        this.clock = clock;
        this.roster = roster;
        this.listener = listener;
        this.backends = new RunningBackends(
                request, roster.cluster(), sightings, notice -> tellings.tell(notice.text(), notice), now);
        this.watchdog = new Watchdog(
                request.watchdog(),
                probe,
                new Findings(),
                reaction -> sightings.put(new Sightings.Replied(reaction)),
                random);
        this.tellingsBegun = now;
        this.nextTick = now;
        this.nextInterfaces = now;
    }

    /**
     * Takes in what there is, and does what is due.
     *
     * @param collecting for how long sightings are collected before what follows from them is worked out: nodes come in
     *     crowds
     */
    void turn(Duration collecting) throws InterruptedException {
        long start = System.nanoTime();
        if (start - nextInterfaces >= 0) {
            nextInterfaces = start + INTERFACE_RHYTHM;
            lookAtInterfaces(start);
        }
        backends.tick(start);
        if (start - nextTick >= 0) {
            nextTick = start + Watchdog.TICK.toNanos();
            watchdog.tick(start);
        }
        publish(start);
        long end = start + collecting.toNanos();
        for (long left = end - start; left > 0; left = end - System.nanoTime()) {
            sightings.take(left).forEach(this::takeIn);
        }
    }

    @Override
    public void close() {
        backends.close();
        sightings.close();
    }

    private void takeIn(Sightings.Report report) {
        if (report instanceof Sightings.Sighted sighted) {
            roster.sighted(sighted.backend(), sighted.sighting(), clock.instant());
        } else if (report instanceof Sightings.Replied replied) {
            replied.reaction().run();
        } else if (report instanceof Sightings.Listening heard) {
            listener.listening(heard.backend(), heard.place(), heard.finding());
        } else if (report instanceof Sightings.Noticed noticed) {
            tellings.tell(noticed.backend() + noticed.notice(), noticed.notice());
        } else if (report instanceof Sightings.Failed failed) {
            if (backends.failed(failed)) {
                listener.failed(failed.failure());
            }
        } else if (report instanceof Sightings.Ended ended) {
            if (backends.ended(ended.run(), System.nanoTime())) {
                roster.ended(ended.run().id(), clock.instant());
            }
        }
    }

    private void publish(long now) {
        List<RosterEntry> entries = roster.entries();
        if (!begun || !entries.equals(published)) {
            List<RosterEvent> events = RosterEvent.between(published, entries, clock.instant());
            published = entries;
            watchdog.follow(entries, now);
            if (!begun || !events.isEmpty()) {
                listener.changed(events, entries);
            }
            begun = true;
        }
        roster.takeNotices().forEach(listener::notice);
        tellings.take().forEach(listener::notice);
    }

    private void lookAtInterfaces(long now) {
        renewTellings(now);
        roster.forget(clock.instant().minus(MEMORY), clock.instant());
        List<LocalInterface> fresh;
        String problem = "";
        try {
            LocalInterfaces all = networks.now();
            ownNetwork.update(all.ready());
            fresh = all.choose(request.interfaces());
        } catch (SciabcException failure) {
            problem = failure.why().isEmpty() ? failure.what() : failure.what() + ": " + failure.why();
            fresh = List.of();
        }
        if (!problem.isEmpty() && !problem.equals(networkProblem)) {
            listener.notice(Notice.warning(problem));
        }
        networkProblem = problem;
        // An interface that comes up gets its addresses one after the other: what has settled is used.
        boolean settled = fresh.equals(proposed) || chosen.isEmpty();
        proposed = fresh;
        if (!begun && fresh.isEmpty()) {
            listener.networks(List.of());
        }
        if (settled && !fresh.equals(chosen)) {
            tellOfChange(chosen, fresh);
            roster.lostNetworks(lost(chosen, fresh), clock.instant());
            chosen = fresh;
            listener.networks(fresh.stream().map(LocalInterface::name).toList());
            backends.use(fresh, now);
        }
    }

    /** The interfaces that are gone, or are in another network now. One that got a further address has lost nothing. */
    private static Set<String> lost(List<LocalInterface> before, List<LocalInterface> after) {
        return before.stream()
                .filter(old -> after.stream()
                        .noneMatch(each -> each.name().equals(old.name())
                                && !Collections.disjoint(each.addresses(), old.addresses())))
                .map(LocalInterface::name)
                .collect(Collectors.toSet());
    }

    private void tellOfChange(List<LocalInterface> before, List<LocalInterface> after) {
        if (!begun) {
            return;
        }
        List<String> namesAfter = after.stream().map(LocalInterface::name).toList();
        String lost = before.stream()
                .map(LocalInterface::name)
                .filter(name -> !namesAfter.contains(name))
                .collect(Collectors.joining(", "));
        listener.notice(
                lost.isEmpty()
                        ? Notice.info("this machine's networks are now " + String.join(", ", namesAfter))
                        : Notice.warning(
                                "this machine has lost its network on " + lost
                                        + ": nodes that were reached through it are suspect, and not given up, until it is back"));
    }

    /** What was told long ago may be told again when it still is so. */
    private void renewTellings(long now) {
        if (now - tellingsBegun > TELLINGS_LAST) {
            tellingsBegun = now;
            tellings = new Tellings();
        }
    }

    /** Brings what the watchdog finds out to the roster. */
    private final class Findings implements Watchdog.Judge {
        @Override
        public void answered(Endpoint endpoint) {
            roster.answered(endpoint, clock.instant());
        }

        @Override
        public void missed(Collection<Endpoint> endpoints) {
            roster.missed(endpoints, clock.instant());
        }

        @Override
        public void absent(Collection<Endpoint> endpoints) {
            roster.absent(endpoints, clock.instant());
        }

        @Override
        public boolean isCutOffFrom(Endpoint endpoint) {
            return ownNetwork.isCutOffFrom(endpoint.address());
        }
    }
}
