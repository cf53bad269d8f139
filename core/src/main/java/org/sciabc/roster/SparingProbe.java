// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Visits a node's SSH server now and then, and asks its kernel in between: a visit costs the node a process, and a refusal at a
 * port where nobody listens costs it next to nothing. Only a visit tells of a node that hangs, so that none is put off when the
 * last one was not answered. Where a kernel does not refuse, as behind many a firewall, all are visits.
 */
final class SparingProbe implements NodeProbe {
    /** IANA has given it to nobody (its registry of port numbers), and no kernel gives it to a process of a job. */
    private static final int QUIET_PORT = 8;

    private final NodeProbe probe;
    private final long betweenVisits;
    private final LongSupplier clock;
    private final boolean wereVisited;
    private final long begun;
    private final Map<Endpoint, Known> all = new ConcurrentHashMap<>();

    /**
     * A probe of nodes.
     *
     * @param probe makes the attempts of both kinds, and is closed with this
     * @param betweenVisits how long a visit that was answered is good for
     * @param clock nanoseconds, as of {@link System#nanoTime}
     * @param wereVisited whether all of them have let somebody in just now
     */
    SparingProbe(NodeProbe probe, Duration betweenVisits, LongSupplier clock, boolean wereVisited) {
        this.probe = probe;
        this.betweenVisits = betweenVisits.toNanos();
        this.clock = clock;
        this.wereVisited = wereVisited;
        this.begun = clock.getAsLong();
    }

    /** Where the kernel of an endpoint's machine is asked. */
    static Endpoint quiet(Endpoint endpoint) {
        return new Endpoint(endpoint.address(), QUIET_PORT);
    }

    @Override
    public Attempt attempt(Endpoint endpoint, Consumer<Reply> replies) {
        Known known = all.computeIfAbsent(endpoint, first -> new Known());
        return known.mayBeSpared(clock.getAsLong())
                ? askKernel(endpoint, known, replies)
                : probe.attempt(endpoint, said -> replies.accept(known.visited(said, clock.getAsLong())));
    }

    /** Whatever else listens there, or says so, is no answer: the next attempt is a visit. */
    private Attempt askKernel(Endpoint endpoint, Known known, Consumer<Reply> replies) {
        return probe.attempt(quiet(endpoint), said -> {
            if (said == Reply.REFUSED) {
                known.kernelAnswered();
                replies.accept(Reply.ANSWERED);
            } else if (said == Reply.FAILED) {
                replies.accept(Reply.FAILED);
            }
        });
    }

    @Override
    public void close() {
        probe.close();
    }

    /** What is known of an endpoint. */
    private final class Known {
        private long lastVisit = begun;
        private boolean isVisitOpen = !wereVisited;
        private boolean isKernelSilent;
        private boolean hasKernelAnswered;

        /** Taken as silent until it answers. */
        synchronized boolean mayBeSpared(long now) {
            boolean maybe = !isKernelSilent && !isVisitOpen && now - lastVisit < betweenVisits;
            isKernelSilent |= maybe;
            isVisitOpen |= !maybe;
            return maybe;
        }

        synchronized void kernelAnswered() {
            isKernelSilent = false;
            hasKernelAnswered = true;
        }

        /** What a visit brought. Who counts visits may count ones as rare as these. */
        synchronized Reply visited(Reply said, long now) {
            if (said == Reply.ACCEPTED || said == Reply.FAILED) {
                return said;
            }
            lastVisit = now;
            isVisitOpen = false;
            // A packet that was lost is no firewall.
            isKernelSilent &= !hasKernelAnswered;
            return said == Reply.ANSWERED_COUNTING && !isKernelSilent ? Reply.ANSWERED : said;
        }
    }
}
