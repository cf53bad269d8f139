// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.net.InetAddress;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ThreadLocalRandom;
import javax.jmdns.impl.DNSIncoming;
import javax.jmdns.impl.DNSTaskStarter;
import javax.jmdns.impl.JmDNSImpl;
import javax.jmdns.impl.ServiceInfoImpl;
import javax.jmdns.impl.tasks.RecordReaper;
import javax.jmdns.impl.tasks.Responder;
import javax.jmdns.impl.tasks.resolver.ServiceInfoResolver;
import javax.jmdns.impl.tasks.resolver.ServiceResolver;
import javax.jmdns.impl.tasks.resolver.TypeResolver;
import javax.jmdns.impl.tasks.state.Announcer;
import javax.jmdns.impl.tasks.state.Canceler;
import javax.jmdns.impl.tasks.state.Prober;
import javax.jmdns.impl.tasks.state.Renewer;

/**
 * The library's tasks at the pace of RFC 6762, section 8, instead of the library's own.
 *
 * <p>jmdns 3.6.5 waits 1 s before and between its three probes and 1 s before its first announcement: 4 s until others see it.
 * It spreads three goodbyes over 2 s. The standard asks for three probes 250 ms apart after a random wait below 250 ms, for the
 * first announcement right after them and the second a second later, and for nothing between goodbyes.
 */
final class PromptTasks implements DNSTaskStarter {
    private static final long PROBE_EVERY = 250;
    private static final long ANNOUNCE_EVERY = 1_000;
    private static final long GOODBYE_EVERY = 30;

    private final JmDNSImpl library;
    private final Timer timer;
    private final Timer stateTimer;

    PromptTasks(JmDNSImpl library) {
        this.library = library;
        this.timer = new PromptTimer("sciabc zeroconf answers");
        this.stateTimer = new PromptTimer("sciabc zeroconf announces");
    }

    /** Has the library use these tasks from now on. */
    static void install() {
        DNSTaskStarter.Factory.setClassDelegate(PromptTasks::new);
    }

    /** Puts its own delays in place of those that tasks bring along, and ends with the program. */
    private final class PromptTimer extends DNSTaskStarterImpl.StarterTimer {
        PromptTimer(String name) {
            super(name, true);
        }

        @Override
        public synchronized void schedule(TimerTask task, long delay, long period) {
            if (task instanceof Prober) {
                // The random wait keeps machines that start together apart; what is probed for next already is.
                long first = library.isProbing() ? ThreadLocalRandom.current().nextLong(PROBE_EVERY) : 0;
                super.schedule(task, first, PROBE_EVERY);
            } else if (task instanceof Announcer) {
                super.schedule(task, 0, ANNOUNCE_EVERY);
            } else if (task instanceof Canceler) {
                super.schedule(task, 0, GOODBYE_EVERY);
            } else {
                super.schedule(task, delay, period);
            }
        }
    }

    @Override
    public void purgeTimer() {
        timer.purge();
    }

    @Override
    public void purgeStateTimer() {
        stateTimer.purge();
    }

    @Override
    public void cancelTimer() {
        timer.cancel();
    }

    @Override
    public void cancelStateTimer() {
        stateTimer.cancel();
    }

    @Override
    public void startProber() {
        new Prober(library).start(stateTimer);
    }

    @Override
    public void startAnnouncer() {
        new Announcer(library).start(stateTimer);
    }

    @Override
    public void startRenewer() {
        new Renewer(library).start(stateTimer);
    }

    @Override
    public void startCanceler() {
        new Canceler(library).start(stateTimer);
    }

    @Override
    public void startReaper() {
        new RecordReaper(library).start(timer);
    }

    @Override
    public void startServiceInfoResolver(ServiceInfoImpl info) {
        new ServiceInfoResolver(library, info).start(timer);
    }

    @Override
    public void startTypeResolver() {
        new TypeResolver(library).start(timer);
    }

    @Override
    public void startServiceResolver(String type) {
        new ServiceResolver(library, type).start(timer);
    }

    @Override
    public void startResponder(DNSIncoming in, InetAddress addr, int port) {
        new Responder(library, in, addr, port).start(timer);
    }
}
