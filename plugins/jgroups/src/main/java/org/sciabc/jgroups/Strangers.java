// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.sciabc.spi.Notice;

/** Who speaks at the group's address without being let in, each said once. May be used by many threads at once. */
final class Strangers {
    /** Senders of datagrams can be made up: more than these are not worth a line. */
    private static final int MOST = 50;

    private final String cluster;
    private final Set<String> told = new HashSet<>();
    private final Set<InetAddress> sealedToUs = new HashSet<>();
    private final Set<InetAddress> keptOut = new HashSet<>();

    Strangers(String cluster) {
        this.cluster = cluster;
    }

    /** Takes a datagram that was refused; what is to be said about it, if that was not said before. */
    synchronized Optional<Notice> met(InetAddress sender, Envelope.Verdict verdict) {
        String from = sender.getHostAddress();
        return switch (verdict) {
            case SEALED_TO_US -> {
                remember(sealedToUs, sender);
                yield once(
                        "sealed",
                        "cluster '" + cluster + "' is protected by a secret on " + from
                                + ", and none is given here: --set jgroups.secret-file=FILE joins it");
            }
            case UNSEALED -> {
                remember(keptOut, sender);
                yield once(
                        "open " + from,
                        from + " speaks to cluster '" + cluster
                                + "' without its secret: it is not let in, and reads nothing");
            }
            case FORGED -> {
                remember(keptOut, sender);
                yield once(
                        "forged " + from,
                        from + " speaks to cluster '" + cluster
                                + "' with another secret: one of us has the wrong one, and neither reads the other");
            }
            case OURS, NOISE, REPLAYED -> Optional.empty();
        };
    }

    /** For the line about the network; empty when nobody else was heard. */
    synchronized String finding() {
        int others = sealedToUs.size() + keptOut.size();
        if (others == 0) {
            return "";
        }
        String machines = others == 1 ? "1 machine" : others + " machines";
        return sealedToUs.isEmpty()
                ? ", " + machines + " with another secret or none"
                : ", " + machines + " with a secret that is not given here";
    }

    private Optional<Notice> once(String key, String text) {
        return told.size() < MOST && told.add(key) ? Optional.of(Notice.warning(text)) : Optional.empty();
    }

    private static void remember(Set<InetAddress> senders, InetAddress sender) {
        if (senders.size() < MOST) {
            senders.add(sender);
        }
    }
}
