// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jgroups.Address;
import org.jgroups.View;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;

/** This machine as a member of its cluster's group, on each network, until it is closed. */
final class JgroupsAnnouncement implements Announcement {
    private final List<Membership> memberships = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    private JgroupsAnnouncement() {}

    static JgroupsAnnouncement begin(AnnounceRequest request) throws SciabcException, InterruptedException {
        JgroupsSettings settings = JgroupsSettings.parse(request.settings());
        JgroupsAnnouncement announcement = new JgroupsAnnouncement();
        List<SciabcException> failures = new ArrayList<>();
        for (LocalInterface each : request.interfaces()) {
            try {
                announcement.join(request, settings, each);
            } catch (SciabcException failure) {
                failures.add(failure);
            }
            if (Thread.interrupted()) {
                announcement.close();
                throw new InterruptedException();
            }
        }
        if (announcement.memberships.isEmpty()) {
            throw failures.get(0);
        }
        failures.forEach(failure -> request.notices().accept(Notice.warning(failure.what() + ": " + failure.why())));
        return announcement;
    }

    @Override
    public List<String> told() {
        return List.copyOf(told);
    }

    @Override
    public synchronized void close() {
        memberships.forEach(Membership::close);
        memberships.clear();
    }

    private void join(AnnounceRequest request, JgroupsSettings settings, LocalInterface on) throws SciabcException {
        String cluster = request.self().cluster().orElse("default");
        List<String> text = NodeText.write(request.self(), on);
        memberships.add(Membership.join(
                cluster, settings, on, Optional.of(NodeText.bytes(text)), new Watchful(cluster, request)));
        if (told.isEmpty()) {
            told.add("group " + Stack.name(cluster) + ", UDP port " + settings.port() + ", "
                    + (settings.secret().isPresent() ? "sealed with the cluster's secret" : "open to everybody"));
        }
        text.stream().filter(line -> !told.contains(line)).forEach(told::add);
    }

    /** Says who is kept out, and leaves the rest to those who look. */
    private static final class Watchful implements Membership.Observer {
        private final Strangers strangers;
        private final AnnounceRequest request;

        Watchful(String cluster, AnnounceRequest request) {
            this.strangers = new Strangers(cluster);
            this.request = request;
        }

        @Override
        public void members(View view) {
            // A node is looked at, and does not look.
        }

        @Override
        public void said(Address member, byte[] text) {
            // What other nodes are is not this one's business.
        }

        @Override
        public void stranger(InetAddress sender, Envelope.Verdict verdict) {
            strangers.met(sender, verdict).ifPresent(request.notices());
        }
    }
}
