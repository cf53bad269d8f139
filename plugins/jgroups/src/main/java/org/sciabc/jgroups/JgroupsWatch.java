// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jgroups.Address;
import org.jgroups.View;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.SightingListener;
import org.sciabc.spi.WatchRequest;

/** Joins the group on each network, as a member that says nothing of itself, and reports who else is there. */
final class JgroupsWatch {
    private static final long GLANCE = Duration.ofMillis(500).toMillis();

    /** What JGroups' threads have to say and nobody has taken; more is somebody's mischief. */
    private static final int MOST_WAITING = 100_000;

    private final WatchRequest request;
    private final JgroupsSettings settings;
    private final SightingListener listener;
    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>(MOST_WAITING);

    JgroupsWatch(WatchRequest request, JgroupsSettings settings, SightingListener listener) {
        this.request = request;
        this.settings = settings;
        this.listener = listener;
    }

    void run() throws SciabcException, InterruptedException {
        long begin = System.nanoTime();
        List<Membership> memberships = new ArrayList<>();
        List<Members> groups = new ArrayList<>();
        try {
            List<SciabcException> failures = new ArrayList<>();
            for (LocalInterface each : request.interfaces()) {
                // Joining cannot be interrupted: it is not begun when somebody has asked for the end already.
                work(0);
                try {
                    Members members = new Members(each, listener, new Strangers(request.cluster()), System::nanoTime);
                    listener.listening(members.place(), "joining");
                    memberships.add(
                            Membership.join(request.cluster(), settings, each, Optional.empty(), new Mailing(members)));
                    groups.add(members);
                } catch (SciabcException failure) {
                    failures.add(failure);
                }
            }
            if (groups.isEmpty()) {
                throw failures.get(0);
            }
            failures.forEach(failure -> listener.notice(Notice.warning(failure.what() + ": " + failure.why())));
            long end = request.limit().map(limit -> begin + limit.toNanos()).orElse(begin - 1);
            watch(groups, end, request.limit().isPresent());
        } finally {
            memberships.forEach(Membership::close);
        }
    }

    private void watch(List<Members> groups, long end, boolean ends) throws InterruptedException {
        while (true) {
            long left = ends ? TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()) : GLANCE;
            if (ends && left <= 0) {
                return;
            }
            work(Math.min(GLANCE, left));
            groups.forEach(Members::glance);
        }
    }

    /** Does what is waiting, and waits for something when nothing is. */
    private void work(long millis) throws InterruptedException {
        for (Runnable next = inbox.poll(millis, TimeUnit.MILLISECONDS); next != null; next = inbox.poll()) {
            next.run();
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Brings what JGroups' threads hear to the thread that watches. */
    private final class Mailing implements Membership.Observer {
        private final Members members;

        Mailing(Members members) {
            this.members = members;
        }

        @Override
        public void members(View view) {
            inbox.offer(() -> members.are(view.getMembers()));
        }

        @Override
        public void said(Address member, byte[] text) {
            inbox.offer(() -> members.said(member, text));
        }

        @Override
        public void stranger(InetAddress sender, Envelope.Verdict verdict) {
            inbox.offer(() -> members.stranger(sender, verdict));
        }
    }
}
