// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jgroups.Address;
import org.jgroups.util.UUID;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Node;
import org.sciabc.spi.Notice;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.SightingListener;

/**
 * Views and words in, sightings out, for one network. A member is reported once it has said what it is and as long as it is in
 * the view. Not for several threads.
 */
final class Members {
    /** Words may come before the view that their speaker is in; more speakers than these are made up. */
    private static final int MOST = 4_000;

    /** Who said goodbye and is still there after this long did not say it: anybody can, in an open group. */
    private static final long GOODBYE_DOUBTED = Duration.ofSeconds(3).toNanos();

    private final LocalInterface on;
    private final SightingListener listener;
    private final Strangers strangers;
    private final LongSupplier clock;
    private final Map<Address, Node> said = new LinkedHashMap<>();
    private final Map<Address, Node> reported = new LinkedHashMap<>();
    private final Map<Address, Long> goodbyes = new HashMap<>();
    private Set<Address> view = Set.of();
    private String finding = "";
    private boolean complained;

    /**
     * A group of which nothing is known yet.
     *
     * @param clock nanoseconds that only ever grow
     */
    Members(LocalInterface on, SightingListener listener, Strangers strangers, LongSupplier clock) {
        this.on = on;
        this.listener = listener;
        this.strangers = strangers;
        this.clock = clock;
    }

    /** The network, for people. */
    String place() {
        return on.name()
                + on.addresses().stream()
                        .findFirst()
                        .map(first -> " " + first.address().getHostAddress().replaceFirst("%.*", ""))
                        .orElse("");
    }

    /** Takes it that the members are these. */
    void are(List<Address> members) {
        view = new HashSet<>(members);
        said.keySet().retainAll(view);
        goodbyes.keySet().retainAll(view);
        List.copyOf(reported.keySet()).stream()
                .filter(member -> !view.contains(member))
                .forEach(member -> lose(member, Sighting.Reason.FAILED));
        describe();
    }

    /** Takes it that a member said this. */
    void said(Address member, byte[] text) {
        if (NodeText.isGoodbye(text)) {
            if (reported.containsKey(member)) {
                goodbyes.put(member, clock.getAsLong());
                lose(member, Sighting.Reason.LEFT);
            }
            return;
        }
        Optional<Node> node = NodeText.read(text, on);
        if (node.isPresent() && (said.size() < MOST || said.containsKey(member))) {
            said.put(member, node.get());
            goodbyes.remove(member);
            report(member);
        } else if (node.isEmpty() && !complained) {
            complained = true;
            listener.notice(Notice.warning("a member of the group on " + on.name()
                    + " says what no node says, perhaps in another version of the protocol: it is left out"));
        }
        describe();
    }

    /** Takes it that somebody is there who is not of this group. */
    void stranger(InetAddress sender, Envelope.Verdict verdict) {
        strangers.met(sender, verdict).ifPresent(listener::notice);
        describe();
    }

    /** Looks after what takes time. */
    void glance() {
        long now = clock.getAsLong();
        for (Map.Entry<Address, Long> goodbye : List.copyOf(goodbyes.entrySet())) {
            if (now - goodbye.getValue() > GOODBYE_DOUBTED) {
                goodbyes.remove(goodbye.getKey());
                report(goodbye.getKey());
            }
        }
        said.keySet().forEach(this::report);
    }

    private void report(Address member) {
        Node node = said.get(member);
        boolean there = view.contains(member) && !goodbyes.containsKey(member);
        if (node != null && there && !node.equals(reported.put(member, node))) {
            listener.sighted(new Sighting.Seen(source(member), node, Optional.of(on.name())));
            describe();
        }
    }

    private void lose(Address member, Sighting.Reason reason) {
        reported.remove(member);
        listener.sighted(new Sighting.Lost(source(member), reason));
        describe();
    }

    private void describe() {
        int others = Math.max(0, view.size() - 1);
        String members = others == 0
                ? "alone in the view"
                : (others == 1 ? "1 other member" : others + " other members") + ", " + reported.size()
                        + (reported.size() == 1 ? " of them a node" : " of them nodes");
        String now = members + strangers.finding();
        if (!now.equals(finding) && !view.isEmpty()) {
            finding = now;
            listener.listening(place(), now);
        }
    }

    private String source(Address member) {
        String name = member instanceof UUID uuid ? uuid.toStringLong() : member.toString();
        return name + "%" + on.name();
    }
}
