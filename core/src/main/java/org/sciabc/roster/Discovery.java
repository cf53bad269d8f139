// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.sciabc.spi.Durations;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.WatchRequest;

/** Finds the nodes that are there now: several backends at once, until enough are found or the time is up. */
public final class Discovery {
    /** What the contract gives a backend to obey an interruption. */
    private static final Duration OBEDIENCE = Duration.ofSeconds(1);

    /** A first packet that was lost is sent again after a second. */
    private static final Duration TIME_TO_ANSWER = Duration.ofMillis(1_200);

    private static final int MOST_PLACES = 100;

    private final InstantSource clock;
    private final Consumer<List<RosterEntry>> progress;

    /**
     * A discovery that tells how it goes.
     *
     * @param clock what dates the sightings
     * @param progress takes the nodes found so far, after each change, on the thread that discovers
     */
    public Discovery(InstantSource clock, Consumer<List<RosterEntry>> progress) {
        this.clock = clock;
        this.progress = progress;
    }

    /**
     * Runs all backends, and probes what is known, until as many nodes are there as are expected, or until the limit, or as
     * the request says, or until all backends have failed. A backend that does not stop is left behind; none keeps the
     * others from being heard.
     *
     * @throws SciabcException when probing is impossible
     * @throws InterruptedException when the thread was interrupted; the backends have been told to stop
     */
    public Discovered run(DiscoverRequest request) throws SciabcException, InterruptedException {
        try (SshProbe probe = SshProbe.open()) {
            return run(request, probe);
        }
    }

    Discovered run(DiscoverRequest request, NodeProbe probe) throws InterruptedException {
        return new Run(request, probe).run();
    }

    private final class Run {
        private final DiscoverRequest request;
        private final Expectation expectation;
        private final Roster roster;
        private final Sightings sightings = new Sightings();
        private final Tellings tellings = new Tellings();
        private final Map<String, Map<String, String>> listening = new LinkedHashMap<>();
        private final Map<String, SciabcException> failures = new LinkedHashMap<>();
        private final Set<String> working = new LinkedHashSet<>();
        private final long start = System.nanoTime();
        private final KnownProbes known;
        private final Settling settling;
        private List<RosterEntry> found = List.of();

        Run(DiscoverRequest request, NodeProbe probe) {
            this.request = request;
            this.expectation = new Expectation(request.expect());
            this.roster = new Roster(request.cluster());
            this.known = new KnownProbes(
                    request.known(), probe, roster, clock, reaction -> sightings.put(new Sightings.Replied(reaction)));
            this.settling = new Settling(request.sources(), start);
        }

        Discovered run() throws InterruptedException {
            List<BackendThread> threads = new ArrayList<>();
            boolean enough;
            try {
                known.begin();
                for (DiscoverRequest.Source source : request.sources()) {
                    listening.put(source.backend().id(), new LinkedHashMap<>());
                    working.add(source.backend().id());
                    threads.add(BackendThread.start(source.backend(), watchRequest(source), sightings));
                }
                enough = collect(start + request.limit().toNanos());
                threads.forEach(BackendThread::interrupt);
                if (!enough) {
                    awaitEnd();
                }
            } finally {
                threads.forEach(BackendThread::interrupt);
                sightings.close();
            }
            return discovered(enough, Duration.ofNanos(System.nanoTime() - start));
        }

        private WatchRequest watchRequest(DiscoverRequest.Source source) {
            return new WatchRequest(
                    request.cluster(),
                    source.settings(),
                    source.interfaces(),
                    request.stateFolder(),
                    Optional.of(request.limit()));
        }

        /** Takes sightings in; returns whether enough nodes were found before the deadline. */
        private boolean collect(long deadline) throws InterruptedException {
            while (true) {
                long untilEnough = untilEnough();
                if (untilEnough <= 0) {
                    return true;
                }
                long left = deadline - System.nanoTime();
                if (left <= 0 || (working.isEmpty() && known.areDecided())) {
                    return false;
                }
                sightings.take(Math.min(untilEnough, left)).forEach(this::takeIn);
                tellProgress();
            }
        }

        /** The time until what is there is enough; longer than anybody waits when it is not. */
        private long untilEnough() {
            List<RosterEntry> mute = mute();
            // Who is announced from somebody's memory, and does not react, is not used: nor is it one of those
            // expected.
            Optional<Instant> met = expectation.metAt(without(mute, roster.entries()));
            if (met.isPresent()) {
                return Duration.between(clock.instant(), met.get()).toNanos();
            }
            boolean mayEnd = request.ending() == DiscoverRequest.Ending.WHEN_SETTLED
                    && request.expect().isEmpty()
                    && known.areAllHere();
            long now = System.nanoTime();
            return mayEnd ? Math.max(settling.nanosLeft(now), mute.isEmpty() ? 0 : untilMute(now)) : Long.MAX_VALUE;
        }

        private static List<RosterEntry> without(List<RosterEntry> some, List<RosterEntry> all) {
            return all.stream().filter(entry -> !some.contains(entry)).toList();
        }

        private List<RosterEntry> mute() {
            return request.ending() == DiscoverRequest.Ending.WHEN_SETTLED ? known.withoutReaction() : List.of();
        }

        /** The time until those that have not reacted by then are taken for absent. */
        private long untilMute(long now) {
            return Math.max(0, start + TIME_TO_ANSWER.toNanos() - now);
        }

        /** Hears out the backends, for as long as the contract gives them, and names those that go on. */
        private void awaitEnd() throws InterruptedException {
            long deadline = System.nanoTime() + OBEDIENCE.toNanos();
            while (!working.isEmpty() && deadline - System.nanoTime() > 0) {
                sightings.take(deadline - System.nanoTime()).forEach(this::takeIn);
            }
            for (String backend : working) {
                tellings.tell(
                        "still working " + backend,
                        Notice.warning("discovery through " + backend + " did not stop within "
                                + Durations.format(OBEDIENCE) + " and was left behind"));
            }
        }

        private void takeIn(Sightings.Report report) {
            if (report instanceof Sightings.Sighted sighted) {
                roster.sighted(sighted.backend(), sighted.sighting(), clock.instant());
                settling.heard(sighted.backend());
            } else if (report instanceof Sightings.Replied replied) {
                replied.reaction().run();
            } else if (report instanceof Sightings.Listening heard) {
                listenedAt(listening.getOrDefault(heard.backend(), new LinkedHashMap<>()), heard);
            } else if (report instanceof Sightings.Noticed noticed) {
                tellings.tell(noticed.backend() + noticed.notice(), noticed.notice());
            } else if (report instanceof Sightings.Failed failed) {
                failures.put(failed.run().id(), failed.failure());
            } else if (report instanceof Sightings.Ended ended) {
                working.remove(ended.run().id());
                settling.ended(ended.run().id());
            }
        }

        private void listenedAt(Map<String, String> places, Sightings.Listening heard) {
            if (places.size() < MOST_PLACES || places.containsKey(heard.place())) {
                places.put(heard.place(), heard.finding());
            }
        }

        private void tellProgress() {
            List<RosterEntry> usable = usable();
            if (!usable.equals(found)) {
                if (usable.size() != found.size()) {
                    settling.news(System.nanoTime());
                }
                found = usable;
                progress.accept(usable);
            }
        }

        private List<RosterEntry> usable() {
            return roster.entries().stream().filter(RosterEntry::isUsable).toList();
        }

        private Discovered discovered(boolean enough, Duration elapsed) {
            boolean hadTime = elapsed.compareTo(TIME_TO_ANSWER) >= 0;
            List<RosterEntry> silent = known.silent(hadTime, clock.instant());
            tellOfKnown(silent, "known, and does not answer", "known, and do not answer");
            List<RosterEntry> mute = hadTime || request.expect().isPresent() ? mute() : List.of();
            tellOfKnown(mute, "announced, and does not answer", "announced, and do not answer");
            List<RosterEntry> nodes = without(mute, usable());
            boolean heardOut = !enough && elapsed.compareTo(request.limit()) >= 0;
            if (heardOut) {
                List<RosterEntry> unseen =
                        nodes.stream().filter(Run::isUnannounced).toList();
                String time = Durations.format(request.limit());
                tellOfKnown(
                        unseen,
                        "known and answers, but was not seen in " + time,
                        "known and answer, but were not seen in " + time);
                // Who wanted to know what the network tells is not told what it does not.
                nodes = request.ending() == DiscoverRequest.Ending.AT_LIMIT ? without(unseen, nodes) : nodes;
            }
            List<Notice> notices = new ArrayList<>(tellings.take());
            // Whoever finds nobody wonders why: perhaps the nodes are another cluster's.
            boolean nobody = nodes.isEmpty();
            List<Notice> changes = nobody ? List.of() : roster.takeChanges();
            notices.addAll(changes);
            roster.takeNotices().forEach(notice -> notices.add(nobody ? Notice.warning(notice.text()) : notice));
            List<Discovered.BackendReport> reports = listening.entrySet().stream()
                    .map(entry -> new Discovered.BackendReport(
                            entry.getKey(), entry.getValue(), Optional.ofNullable(failures.get(entry.getKey()))))
                    .toList();
            return new Discovered(nodes, silent, notices, changes, reports, elapsed);
        }

        private void tellOfKnown(List<RosterEntry> entries, String one, String several) {
            if (!entries.isEmpty()) {
                String names = NodeSet.of(entries.stream()
                                .map(entry -> entry.node().name())
                                .toList())
                        .toString();
                String text = names + (entries.size() == 1 ? " is " + one : " are " + several);
                tellings.tell(text, Notice.warning(text));
            }
        }

        private static boolean isUnannounced(RosterEntry entry) {
            return entry.claims().stream().noneMatch(claim -> claim.standing() == Claim.Standing.CURRENT);
        }
    }
}
