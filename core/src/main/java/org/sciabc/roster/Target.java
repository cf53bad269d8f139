// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the watchdog remembers of one node. Times are nanoseconds of a clock that never jumps. */
final class Target {
    /** How the node has been answering. */
    enum Phase {
        STEADY,
        SUSPICIOUS,
        ABSENT
    }

    /** An attempt that is under way. */
    static final class Outstanding {
        final Endpoint endpoint;
        final long started;
        boolean accepted;
        NodeProbe.Attempt attempt = () -> {};

        Outstanding(Endpoint endpoint, long started) {
            this.endpoint = endpoint;
            this.started = started;
        }
    }

    final List<Outstanding> outstanding = new ArrayList<>();

    /** Those that failed since the last answer. */
    final List<Endpoint> failed = new ArrayList<>();

    final SecondChance secondChance = new SecondChance();

    List<Endpoint> endpoints;
    Endpoint preferred;
    Phase phase;
    long lastSignOfLife;
    long lastStart;
    long nextStart;
    long absentSince;
    boolean everAnswered;

    /** How many times slower than usual the node is probed, because it asked for rest or would come to. */
    int easing = 1;

    /** Whether its server counts probes. */
    boolean isCounting;

    long easedAt;
    Instant lastHeard;

    Target(List<Endpoint> endpoints, Phase phase, Instant lastHeard, long now) {
        this.endpoints = endpoints;
        this.preferred = endpoints.get(0);
        this.phase = phase;
        this.lastHeard = lastHeard;
        this.lastSignOfLife = now;
        this.lastStart = now;
        this.nextStart = now;
        this.absentSince = now;
    }

    boolean isTrying(Endpoint endpoint) {
        return outstanding.stream().anyMatch(each -> each.endpoint.equals(endpoint));
    }

    void cancelAll() {
        outstanding.forEach(each -> each.attempt.cancel());
        outstanding.clear();
    }
}
