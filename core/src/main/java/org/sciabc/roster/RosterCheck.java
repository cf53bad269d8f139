// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.sciabc.spi.SciabcException;

/** Finds out at once which nodes of a roster answer, without asking any backend. */
public final class RosterCheck {
    private final InstantSource clock;

    private record Reply(Endpoint endpoint, NodeProbe.Reply said) {}

    /**
     * A check.
     *
     * @param clock what dates the answers
     */
    public RosterCheck(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Probes all nodes at once. Those that answer are alive, the others gone.
     *
     * @param stored what is known
     * @param cluster the cluster of which it is known
     * @param limit the longest that it takes; less when all have answered or refused
     * @return the same nodes, sorted by name
     * @throws SciabcException when probing is impossible
     * @throws InterruptedException when the thread was interrupted
     */
    public List<RosterEntry> check(List<RosterEntry> stored, String cluster, Duration limit)
            throws SciabcException, InterruptedException {
        try (SshProbe probe = SshProbe.open()) {
            return check(stored, cluster, limit, probe);
        }
    }

    List<RosterEntry> check(List<RosterEntry> stored, String cluster, Duration limit, NodeProbe probe)
            throws InterruptedException {
        Roster roster = new Roster(cluster);
        roster.restored(stored, clock.instant());
        Map<Endpoint, List<Endpoint>> pathsOfSameNode = new HashMap<>();
        roster.entries()
                .forEach(entry ->
                        entry.endpoints().forEach(endpoint -> pathsOfSameNode.put(endpoint, entry.endpoints())));
        Set<Endpoint> open = new HashSet<>(pathsOfSameNode.keySet());

        BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
        pathsOfSameNode
                .keySet()
                .forEach(endpoint -> probe.attempt(endpoint, said -> replies.add(new Reply(endpoint, said))));
        long deadline = System.nanoTime() + limit.toNanos();
        while (!open.isEmpty()) {
            Reply reply = replies.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (reply == null) {
                break;
            }
            switch (reply.said()) {
                case ACCEPTED -> {}
                case FAILED -> open.remove(reply.endpoint());
                case ANSWERED, TURNED_AWAY -> {
                    pathsOfSameNode.getOrDefault(reply.endpoint(), List.of()).forEach(open::remove);
                    roster.answered(reply.endpoint(), clock.instant());
                }
            }
        }
        return roster.entries();
    }
}
