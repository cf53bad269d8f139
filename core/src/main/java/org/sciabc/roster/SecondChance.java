// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The addresses of one node that were silent while another of it answered: a lost packet is enough for that. Each is tried
 * again after a while, and more and more seldom; it counts for nothing else. Belongs to the watchdog's thread.
 */
final class SecondChance {
    private static final long FIRST_PAUSE = Duration.ofSeconds(5).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofMinutes(5).toNanos();
    private static final long PATIENCE = Duration.ofSeconds(2).toNanos();

    private final Set<Endpoint> missed = new LinkedHashSet<>();
    private Optional<Target.Outstanding> attempt = Optional.empty();
    private long pause = FIRST_PAUSE;
    private long next;

    /** Takes it that these were silent while another one answered. */
    void missed(Collection<Endpoint> endpoints, long now) {
        if (missed.addAll(endpoints)) {
            pause = FIRST_PAUSE;
            next = now + pause;
        }
    }

    /** Takes it that this one has answered, or is not to be tried. */
    void settled(Endpoint endpoint) {
        missed.remove(endpoint);
    }

    /**
     * Tries one of them when it is time.
     *
     * @param current where the node may be now
     * @param answered hears of one that answers, on the watchdog's thread
     */
    void tick(
            long now,
            Collection<Endpoint> current,
            NodeProbe probe,
            Consumer<Runnable> inbox,
            Consumer<Endpoint> answered) {
        missed.retainAll(current);
        if (attempt.filter(each -> now - each.started >= PATIENCE).isPresent()) {
            over();
        }
        if (attempt.isEmpty() && !missed.isEmpty() && now >= next) {
            Endpoint chosen = missed.iterator().next();
            // The others have their turn before it comes to this one again.
            missed.remove(chosen);
            missed.add(chosen);
            next = now + pause;
            pause = Math.min(LONGEST_PAUSE, pause * 2);
            Target.Outstanding begun = new Target.Outstanding(chosen, now);
            attempt = Optional.of(begun);
            begun.attempt = probe.attempt(chosen, reply -> inbox.accept(() -> replied(begun, reply, answered)));
        }
    }

    /** Gives up what is under way. */
    void over() {
        attempt.ifPresent(each -> each.attempt.cancel());
        attempt = Optional.empty();
    }

    private void replied(Target.Outstanding begun, NodeProbe.Reply reply, Consumer<Endpoint> answered) {
        if (attempt.filter(begun::equals).isEmpty() || reply == NodeProbe.Reply.ACCEPTED) {
            return;
        }
        over();
        if (reply.isWord()) {
            missed.remove(begun.endpoint);
            answered.accept(begun.endpoint);
        }
    }
}
