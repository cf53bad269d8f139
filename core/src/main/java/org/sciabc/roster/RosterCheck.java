// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;

/** Finds out at once which nodes of a roster answer, without asking any backend. */
public final class RosterCheck {
    private final InstantSource clock;

    /**
     * What a check found out.
     *
     * @param entries the nodes, sorted by name
     * @param notices what is worth telling
     * @param changes those of the notices that only say who is where another one was
     */
    public record Checked(List<RosterEntry> entries, List<Notice> notices, List<Notice> changes) {
        public Checked {
            entries = List.copyOf(entries);
            notices = List.copyOf(notices);
            changes = List.copyOf(changes);
        }

        /** Those that answered. */
        public List<RosterEntry> answering() {
            return entries.stream()
                    .filter(entry -> entry.state() != NodeState.GONE)
                    .toList();
        }
    }

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
     * @return the same nodes
     * @throws SciabcException when probing is impossible
     * @throws InterruptedException when the thread was interrupted
     */
    public Checked check(List<RosterEntry> stored, String cluster, Duration limit)
            throws SciabcException, InterruptedException {
        try (SshProbe probe = SshProbe.open()) {
            return check(stored, cluster, limit, probe);
        }
    }

    Checked check(List<RosterEntry> stored, String cluster, Duration limit, NodeProbe probe)
            throws InterruptedException {
        Roster roster = new Roster(cluster);
        roster.restored(stored, clock.instant());
        Map<Endpoint, List<Endpoint>> pathsOfSameNode = new HashMap<>();
        // As they were stored: before anything has answered, copies of one machine cannot be told from it.
        stored.forEach(
                entry -> entry.endpoints().forEach(endpoint -> pathsOfSameNode.put(endpoint, entry.endpoints())));
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
                case REFUSED, FAILED -> open.remove(reply.endpoint());
                case ANSWERED, ANSWERED_COUNTING, TURNED_AWAY -> {
                    pathsOfSameNode.getOrDefault(reply.endpoint(), List.of()).forEach(open::remove);
                    roster.answered(reply.endpoint(), clock.instant());
                }
            }
        }
        List<Notice> changes = roster.takeChanges();
        List<Notice> notices = new ArrayList<>(changes);
        notices.addAll(roster.takeNotices());
        return new Checked(roster.entries(), notices, changes);
    }
}
