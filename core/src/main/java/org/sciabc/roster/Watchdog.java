// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Confirms by its own probes which nodes are there. A node that is alive is probed in a steady rhythm; one that has been
 * silent for a while is suspect and tried harder, at all its addresses; one that stays silent is gone, and tried now and then.
 *
 * <p>Belongs to one thread. Times are nanoseconds of a clock that never jumps, such as {@link System#nanoTime}.
 */
final class Watchdog {
    /** How often {@link #tick} wants to be called. */
    static final Duration TICK = Duration.ofMillis(50);

    /** When it was not called for this long, it was this machine that slept, and not the nodes. */
    private static final long OVERSLEPT = Duration.ofMillis(500).toNanos();

    /** Time for one address to answer before the others are tried, too. */
    private static final long HEAD_START = Duration.ofMillis(300).toNanos();

    /** A machine that accepts and says nothing hangs. Connections pile up there, to be answered for when it wakes. */
    private static final long PATIENCE_WITH_HANGING = Duration.ofSeconds(20).toNanos();

    /** How long a server that turned us away is left more in peace. */
    private static final long EASING = Duration.ofMinutes(10).toNanos();

    private static final int MOST_EASING = 8;

    /**
     * Where probes are counted, one a second is all that a machine may do: a watch and a job's watch side by side take that
     * together, and leave room for a login that fails.
     */
    private static final int EASING_WHERE_COUNTED = 2;

    private static final int MOST_ATTEMPTS_EACH = 4;
    private static final int MOST_ATTEMPTS = 1_000;

    private final WatchdogSettings settings;
    private final NodeProbe probe;
    private final Judge judge;
    private final Consumer<Runnable> inbox;
    private final RandomGenerator random;
    private final Map<Claim.Key, Target> targets = new LinkedHashMap<>();
    private long now;
    private boolean awake;
    private int underWay;
    private int ofStrangers;

    /** Hears what the watchdog finds out. */
    interface Judge {
        /** It answered. */
        void answered(Endpoint endpoint);

        /** A node was silent for a while at all of these. */
        void missed(Collection<Endpoint> endpoints);

        /** Nothing is there. */
        void absent(Collection<Endpoint> endpoints);

        /** Whether this machine's own network keeps it from finding out. */
        boolean isCutOffFrom(Endpoint endpoint);
    }

    /**
     * A watchdog without nodes.
     *
     * @param inbox brings replies, which come on other threads, to this watchdog's thread
     */
    Watchdog(
            WatchdogSettings settings, NodeProbe probe, Judge judge, Consumer<Runnable> inbox, RandomGenerator random) {
        this.settings = settings;
        this.probe = probe;
        this.judge = judge;
        this.inbox = inbox;
        this.random = random;
    }

    /** Watches these nodes and no others. A node that was just heard of is probed soon. */
    void follow(List<RosterEntry> entries, long time) {
        now = time;
        Set<Claim.Key> followed = new HashSet<>();
        for (RosterEntry entry : entries) {
            List<Endpoint> endpoints = entry.endpoints();
            if (!endpoints.isEmpty()) {
                Claim.Key key = entry.claims().get(0).key();
                followed.add(key);
                Target target = targets.computeIfAbsent(key, unseen -> begin(entry, endpoints));
                refresh(target, entry, endpoints);
            }
        }
        targets.entrySet().removeIf(each -> {
            boolean dropped = !followed.contains(each.getKey());
            if (dropped) {
                each.getValue().cancelAll();
                each.getValue().secondChance.over();
            }
            return dropped;
        });
    }

    /**
     * Probes all of them at once, and from then on in their rhythm.
     *
     * @param silent how long nothing had been heard of them. As in a steady rhythm, at most one of it counts, and nobody is
     *     suspected before there was time to answer.
     */
    void probeAll(Duration silent) {
        long most = Math.min(
                settings.rhythm().toNanos(), Math.max(0, settings.suspectAfter().toNanos() - HEAD_START));
        awake = true;
        targets.values().forEach(target -> {
            target.lastSignOfLife = now - Math.min(most, silent.toNanos());
            startRound(target, rhythm(target));
            start(target, target.preferred);
        });
    }

    /** Begins and gives up probes as their time comes, and judges. */
    void tick(long time) {
        long slept = time - now;
        now = time;
        if (awake && slept > OVERSLEPT) {
            targets.values().forEach(target -> target.lastSignOfLife += slept);
        }
        awake = true;
        underWay = targets.values().stream()
                .mapToInt(each -> each.outstanding.size())
                .sum();
        ofStrangers = targets.values().stream()
                .filter(each -> !each.everAnswered)
                .mapToInt(each -> each.outstanding.size())
                .sum();
        targets.values().forEach(this::advance);
    }

    private Target begin(RosterEntry entry, List<Endpoint> endpoints) {
        Target.Phase phase = entry.state() == NodeState.GONE ? Target.Phase.ABSENT : Target.Phase.STEADY;
        Target target = new Target(endpoints, phase, entry.lastSeen(), now);
        if (entry.state() == NodeState.ALIVE) {
            // Spread, or five hundred nodes that were found together would be probed together for ever.
            target.nextStart = now + random.nextLong(settings.rhythm().toNanos());
        }
        return target;
    }

    private void refresh(Target target, RosterEntry entry, List<Endpoint> endpoints) {
        boolean moved = endpoints.stream().anyMatch(endpoint -> !target.endpoints.contains(endpoint));
        boolean heard = entry.lastSeen().isAfter(target.lastHeard);
        boolean anotherIsBest = !endpoints.get(0).equals(target.endpoints.get(0));
        target.endpoints = endpoints;
        target.lastHeard = entry.lastSeen();
        if (anotherIsBest || !endpoints.contains(target.preferred)) {
            target.preferred = endpoints.get(0);
        }
        if (moved && target.phase != Target.Phase.STEADY) {
            target.phase = Target.Phase.STEADY;
            target.lastSignOfLife = now;
            target.preferred = endpoints.get(0);
        }
        boolean doubted = target.phase == Target.Phase.STEADY && entry.state() == NodeState.SUSPECT;
        if (moved || doubted || (heard && target.phase != Target.Phase.STEADY)) {
            target.nextStart = Math.min(
                    target.nextStart,
                    Math.max(now, target.lastStart + settings.retry().toNanos()));
        }
    }

    private void advance(Target target) {
        if (target.phase == Target.Phase.STEADY) {
            target.secondChance.tick(now, target.endpoints, probe, inbox, judge::answered);
        } else {
            target.secondChance.over();
        }
        switch (target.phase) {
            case STEADY -> advanceSteady(target);
            case SUSPICIOUS -> advanceSuspicious(target);
            case ABSENT -> advanceAbsent(target);
        }
    }

    private void advanceSteady(Target target) {
        if (silence(target) >= settings.suspectAfter().toNanos()) {
            target.phase = Target.Phase.SUSPICIOUS;
            target.nextStart = now;
            judge.missed(target.endpoints);
            advanceSuspicious(target);
        } else if (target.outstanding.isEmpty()) {
            if (now >= target.nextStart) {
                startRound(target, rhythm(target));
                start(target, target.preferred);
            }
        } else if (now - target.lastStart >= HEAD_START) {
            tryOthers(target);
        }
    }

    private void advanceSuspicious(Target target) {
        if (target.endpoints.stream().allMatch(judge::isCutOffFrom)) {
            // Once the network is back, the node has the whole time to answer.
            target.lastSignOfLife = now - settings.suspectAfter().toNanos();
        } else if (silence(target) >= settings.goneAfter().toNanos()) {
            target.phase = Target.Phase.ABSENT;
            target.absentSince = now;
            target.cancelAll();
            startRound(target, absentRhythm(target));
            judge.absent(target.endpoints);
            return;
        }
        if (now >= target.nextStart) {
            startRound(target, settings.retry());
            giveUp(target, each -> !each.accepted && now - each.started >= patience());
            target.endpoints.forEach(endpoint -> startAgain(target, endpoint));
        }
    }

    private void advanceAbsent(Target target) {
        if (now >= target.nextStart) {
            startRound(target, absentRhythm(target));
            giveUp(target, each -> !each.accepted || now - each.started >= PATIENCE_WITH_HANGING);
            target.endpoints.stream()
                    .filter(endpoint -> !target.isTrying(endpoint))
                    .forEach(endpoint -> start(target, endpoint));
        }
    }

    /** A lost packet is sent again for a connection that stands, so that it is waited for; then begun anew. */
    private long patience() {
        return settings.retry().toNanos() * MOST_ATTEMPTS_EACH;
    }

    private Duration rhythm(Target target) {
        if (target.easing > leastEasing(target) && now - target.easedAt > EASING) {
            target.easing = Math.max(leastEasing(target), target.easing / 2);
            target.easedAt = now;
        }
        return settings.rhythm().multipliedBy(target.easing);
    }

    private static int leastEasing(Target target) {
        return target.isCounting ? EASING_WHERE_COUNTED : 1;
    }

    /** How long nothing was heard, without the rest that the node asked for. */
    private long silence(Target target) {
        return now - target.lastSignOfLife - settings.rhythm().toNanos() * (target.easing - 1);
    }

    /** Somebody may announce machines that never were: those are not worth a packet every second. */
    private Duration absentRhythm(Target target) {
        long absent = now - target.absentSince;
        Duration known = settings.absentRhythm();
        if (target.everAnswered) {
            return absent < Duration.ofMinutes(10).toNanos() ? known : known.multipliedBy(10);
        }
        return known.multipliedBy(absent < Duration.ofMinutes(1).toNanos() ? 5 : 60);
    }

    /** A tenth more, at random: never faster than the rhythm, and never in step with others. */
    private void startRound(Target target, Duration until) {
        target.lastStart = now;
        target.nextStart = now + until.toNanos() + random.nextLong(until.toNanos() / 10 + 1);
    }

    private static void giveUp(Target target, Predicate<Target.Outstanding> which) {
        target.outstanding.removeIf(each -> {
            boolean given = which.test(each);
            if (given) {
                each.attempt.cancel();
            }
            return given;
        });
    }

    /** A connection that was accepted is waited for; one that was not may have lost its packet. */
    private void startAgain(Target target, Endpoint endpoint) {
        List<Target.Outstanding> trying = target.outstanding.stream()
                .filter(each -> each.endpoint.equals(endpoint))
                .toList();
        boolean waiting = trying.stream().anyMatch(each -> each.accepted && now - each.started < patience());
        if (!waiting && trying.size() < MOST_ATTEMPTS_EACH) {
            start(target, endpoint);
        }
    }

    private void tryOthers(Target target) {
        for (Endpoint endpoint : target.endpoints) {
            if (!target.isTrying(endpoint) && !target.failed.contains(endpoint)) {
                start(target, endpoint);
            }
        }
    }

    /** Whoever makes up machines that never answer must not take the probes from those that do. */
    private boolean isRoomFor(Target target) {
        return underWay < MOST_ATTEMPTS && (target.everAnswered || ofStrangers < MOST_ATTEMPTS / 2);
    }

    private void start(Target target, Endpoint endpoint) {
        if (!isRoomFor(target)) {
            return;
        }
        underWay++;
        ofStrangers += target.everAnswered ? 0 : 1;
        Target.Outstanding begun = new Target.Outstanding(endpoint, now);
        target.outstanding.add(begun);
        begun.attempt = probe.attempt(endpoint, reply -> inbox.accept(() -> replied(target, begun, reply)));
    }

    private void replied(Target target, Target.Outstanding begun, NodeProbe.Reply reply) {
        if (!target.outstanding.contains(begun)) {
            return;
        }
        switch (reply) {
            case ACCEPTED -> begun.accepted = true;
            case ANSWERED -> {
                target.isCounting = false;
                answered(target, begun.endpoint);
            }
            case ANSWERED_COUNTING -> answeredCounting(target, begun.endpoint);
            case TURNED_AWAY -> turnedAway(target, begun.endpoint);
            case REFUSED, FAILED -> failed(target, begun);
        }
    }

    private void answered(Target target, Endpoint endpoint) {
        Set<Endpoint> silent = new HashSet<>(target.failed);
        target.outstanding.forEach(each -> silent.add(each.endpoint));
        silent.remove(endpoint);
        target.cancelAll();
        target.failed.clear();
        target.preferred = endpoint;
        target.everAnswered = true;
        target.lastSignOfLife = now;
        if (target.phase != Target.Phase.STEADY) {
            target.phase = Target.Phase.STEADY;
            startRound(target, rhythm(target));
        }
        target.secondChance.settled(endpoint);
        target.secondChance.missed(silent, now);
        judge.missed(silent);
        judge.answered(endpoint);
    }

    /** The round began before it was known that it is to be a slow one. */
    private void answeredCounting(Target target, Endpoint endpoint) {
        boolean isNews = !target.isCounting;
        target.isCounting = true;
        target.easing = Math.max(target.easing, EASING_WHERE_COUNTED);
        answered(target, endpoint);
        if (isNews) {
            startRound(target, rhythm(target));
        }
    }

    /** It lives, but somebody there counts connections: OpenSSH's PerSourcePenalties would come to refuse logins, too. */
    private void turnedAway(Target target, Endpoint endpoint) {
        target.easing = Math.min(MOST_EASING, target.easing * 2);
        target.easedAt = now;
        answered(target, endpoint);
        startRound(target, rhythm(target));
    }

    private void failed(Target target, Target.Outstanding begun) {
        target.outstanding.remove(begun);
        if (!target.failed.contains(begun.endpoint)) {
            target.failed.add(begun.endpoint);
        }
        if (target.phase == Target.Phase.STEADY) {
            tryOthers(target);
            target.nextStart = Math.min(target.nextStart, now + settings.retry().toNanos());
        }
    }
}
