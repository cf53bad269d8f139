// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Endpoints that answer, hang, refuse or are not there, as a test wants it; for any thread. */
final class FakeNetwork implements NodeProbe {
    /** Ten times as impatient as in life. */
    static final WatchdogSettings QUICK = new WatchdogSettings(
            Duration.ofMillis(100),
            Duration.ofMillis(160),
            Duration.ofMillis(460),
            Duration.ofMillis(50),
            Duration.ofMillis(100));

    /** How an endpoint behaves. */
    enum Behaviour {
        /** Answers at once. */
        UP,
        /** Answers at once, and counts who asks. */
        COUNTS,
        /** Its kernel accepts, and nobody speaks. */
        HANGS,
        /** Nothing listens there. */
        REFUSES,
        /** Packets get lost. */
        UNPLUGGED,
        /** Says that it has had enough. */
        TURNS_AWAY
    }

    private record Pending(Endpoint endpoint, Consumer<Reply> replies, List<Reply> said) {}

    private final Map<Endpoint, Behaviour> behaviours = new HashMap<>();
    private final List<Pending> pending = new ArrayList<>();
    private final Map<Endpoint, Long> begun = new HashMap<>();
    private boolean closed;

    synchronized void set(Endpoint endpoint, Behaviour behaviour) {
        behaviours.put(endpoint, behaviour);
        // A connection that stands survives; one whose first packet was lost does not.
        List.copyOf(pending).stream()
                .filter(each -> each.endpoint().equals(endpoint) && each.said().contains(Reply.ACCEPTED))
                .forEach(this::react);
    }

    /** How many attempts were begun there. */
    synchronized long attempts(Endpoint endpoint) {
        return begun.getOrDefault(endpoint, 0L);
    }

    /** How many attempts were begun anywhere. */
    synchronized long attempts() {
        return begun.values().stream().mapToLong(Long::longValue).sum();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** How many are open there now. */
    synchronized long open(Endpoint endpoint) {
        return pending.stream().filter(each -> each.endpoint().equals(endpoint)).count();
    }

    @Override
    public synchronized Attempt attempt(Endpoint endpoint, Consumer<Reply> replies) {
        begun.merge(endpoint, 1L, Long::sum);
        Pending begins = new Pending(endpoint, replies, new ArrayList<>());
        pending.add(begins);
        react(begins);
        return () -> forget(begins);
    }

    private synchronized void forget(Pending each) {
        pending.remove(each);
    }

    @Override
    public synchronized void close() {
        closed = true;
        pending.clear();
    }

    private void react(Pending each) {
        switch (behaviours.getOrDefault(each.endpoint(), Behaviour.UNPLUGGED)) {
            case UP -> {
                accept(each);
                end(each, Reply.ANSWERED);
            }
            case COUNTS -> {
                accept(each);
                end(each, Reply.ANSWERED_COUNTING);
            }
            case HANGS -> accept(each);
            case REFUSES -> end(each, Reply.REFUSED);
            case TURNS_AWAY -> end(each, Reply.TURNED_AWAY);
            case UNPLUGGED -> {}
        }
    }

    private static void accept(Pending each) {
        if (!each.said().contains(Reply.ACCEPTED)) {
            each.said().add(Reply.ACCEPTED);
            each.replies().accept(Reply.ACCEPTED);
        }
    }

    private void end(Pending each, Reply reply) {
        pending.remove(each);
        each.replies().accept(reply);
    }
}
