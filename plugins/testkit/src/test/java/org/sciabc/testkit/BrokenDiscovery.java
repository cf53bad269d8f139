// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.Node;
import org.sciabc.spi.Notice;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.RequirementsRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.SightingListener;
import org.sciabc.spi.WatchRequest;

/** Backends that each do one thing wrong. */
final class BrokenDiscovery {
    /** Ends the threads of those that leave some. */
    static final CountDownLatch END = new CountDownLatch(1);

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final AtomicBoolean IGNORED = new AtomicBoolean();
    private static final List<DatagramSocket> OPENED = new ArrayList<>();

    private BrokenDiscovery() {}

    static void start(Runnable work) {
        Thread thread = new Thread(work, "left-running");
        thread.setDaemon(true);
        thread.start();
    }

    static void linger(Duration time) {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < time.toNanos() && END.getCount() > 0) {
            LockSupport.parkNanos(1_000_000);
            // Whoever ignores interruption forgets that there was one.
            IGNORED.compareAndSet(false, Thread.interrupted());
        }
    }

    /** Not the form of an id. */
    public static class ShoutingId extends MemoryDiscovery {
        @Override
        public String id() {
            return "Memory_1";
        }
    }

    /** Another id each time. */
    public static class ChangingId extends MemoryDiscovery {
        private final String id = "memory" + COUNT.incrementAndGet();

        @Override
        public String id() {
            return id;
        }
    }

    /** Two lines. */
    public static class LongSummary extends MemoryDiscovery {
        @Override
        public String summary() {
            return "finds\nwhatever";
        }
    }

    /** A default that its own type refuses. */
    public static class WrongDefault extends MemoryDiscovery {
        @Override
        public List<Setting> settings() {
            return List.of(new Setting("tries", Setting.Type.NUMBER, Optional.of("many"), "how often it tries"));
        }
    }

    /** Does its work while it is created. */
    public static class SlowToCreate extends MemoryDiscovery {
        /** Takes its time. */
        public SlowToCreate() {
            linger(Duration.ofMillis(700));
        }

        /** Does not, so that only what the contract creates itself is slow. */
        SlowToCreate(Duration time) {
            linger(time);
        }
    }

    /** Starts a thread while it is created. */
    public static class ThreadWhenCreated extends MemoryDiscovery {
        /** Starts a thread. */
        public ThreadWhenCreated() {
            start(() -> linger(Duration.ofMillis(300)));
        }
    }

    /** Opens a socket while it is created. */
    public static class SocketWhenCreated extends MemoryDiscovery {
        /** Opens a socket. */
        public SocketWhenCreated() {
            try {
                OPENED.add(new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Cannot be created by the host. */
    public static class NeedsArguments extends MemoryDiscovery {
        NeedsArguments(int ignored) {
            COUNT.addAndGet(ignored);
        }
    }

    /** Wants something else each time. */
    public static class ChangingRequirements extends MemoryDiscovery {
        @Override
        public List<Requirement> requirements(RequirementsRequest request) {
            return List.of(new Requirement.Directory("~/memory" + COUNT.incrementAndGet(), 0700, "it remembers"));
        }
    }

    /** Wants a folder that is nowhere. */
    public static class RelativeRequirement extends MemoryDiscovery {
        @Override
        public List<Requirement> requirements(RequirementsRequest request) {
            return List.of(new Requirement.Directory("memory", 0700, "it remembers"));
        }
    }

    /** Takes any number that a person sets. */
    public static class TrustingSettings extends MemoryDiscovery {
        @Override
        public void watch(WatchRequest request, SightingListener listener)
                throws SciabcException, InterruptedException {
            COUNT.addAndGet(Math.toIntExact(request.settings().number("tries")));
            super.watch(request, listener);
        }
    }

    /** Prints. */
    public static class Printing extends MemoryDiscovery {
        @Override
        public void watch(WatchRequest request, SightingListener listener)
                throws SciabcException, InterruptedException {
            System.out.println("watching");
            super.watch(request, listener);
        }
    }

    /** Asks a question. */
    public static class Prompting extends MemoryDiscovery {
        @Override
        public void watch(WatchRequest request, SightingListener listener)
                throws SciabcException, InterruptedException {
            try {
                COUNT.addAndGet(System.in.read());
            } catch (IOException e) {
                throw new SciabcException("cannot ask", "nobody answers", "", e);
            }
            super.watch(request, listener);
        }
    }

    /** Leaves a thread behind. */
    public static class LeavingThreads extends MemoryDiscovery {
        @Override
        public void watch(WatchRequest request, SightingListener listener)
                throws SciabcException, InterruptedException {
            start(() -> linger(Duration.ofSeconds(20)));
            super.watch(request, listener);
        }
    }

    /** Says something else than was announced. */
    public static class Distorting extends MemoryDiscovery {
        @Override
        Node reported(Node node) {
            return node.withUser("root");
        }
    }

    /** Looks once and then only waits. */
    public static class LookingOnce extends MemoryDiscovery {
        @Override
        public void watch(WatchRequest request, SightingListener listener)
                throws SciabcException, InterruptedException {
            Map<String, Node> atFirst = Map.copyOf(network(request.stateFolder()));
            Set<String> present = new HashSet<>();
            listener.listening("memory", "looking");
            for (long begin = System.nanoTime(); !isOver(request.limit(), begin); pause()) {
                look(atFirst, present, listener);
            }
        }
    }

    /** Never says that a node left. */
    public static class Clinging extends MemoryDiscovery {
        @Override
        void look(Map<String, Node> network, Set<String> present, SightingListener listener) {
            present.retainAll(network.keySet());
            super.look(network, present, listener);
        }
    }

    /** Says that it does not report leaving, and does. */
    public static class DenyingLeaving extends MemoryDiscovery {
        @Override
        public boolean supports(Feature feature) {
            return feature != Feature.LEAVING;
        }
    }

    /** Loses what it never saw. */
    public static class LosingOthers extends MemoryDiscovery {
        @Override
        String lostSource(String name) {
            return "somebody";
        }
    }

    /** Does not say that it listens. */
    public static class Silent extends MemoryDiscovery {
        @Override
        public void watch(WatchRequest request, SightingListener listener)
                throws SciabcException, InterruptedException {
            super.watch(request, new Filter(listener) {
                @Override
                public void listening(String place, String finding) {}
            });
        }
    }

    /** Calls the listener from two threads at once. */
    public static class Concurrent extends MemoryDiscovery {
        @Override
        public void watch(WatchRequest request, SightingListener listener)
                throws SciabcException, InterruptedException {
            CountDownLatch over = new CountDownLatch(1);
            start(() -> {
                while (over.getCount() > 0) {
                    listener.listening("another thread", "looking");
                    LockSupport.parkNanos(1_000_000);
                }
            });
            try {
                super.watch(request, listener);
            } finally {
                over.countDown();
                linger(Duration.ofMillis(50));
            }
        }

        @Override
        void look(Map<String, Node> network, Set<String> present, SightingListener listener) {
            listener.listening("memory", "looking");
            super.look(network, present, listener);
        }
    }

    /** Calls the listener when it has returned. */
    public static class Afterthought extends MemoryDiscovery {
        @Override
        public void watch(WatchRequest request, SightingListener listener)
                throws SciabcException, InterruptedException {
            try {
                super.watch(request, listener);
            } finally {
                start(() -> {
                    linger(Duration.ofMillis(100));
                    listener.listening("memory", "over");
                });
            }
        }
    }

    /** Returns when it has looked, although there is time. */
    public static class Hasty extends MemoryDiscovery {
        @Override
        boolean isOver(Optional<Duration> limit, long begin) {
            return super.isOver(limit.map(limited -> limited.dividedBy(3)), begin);
        }
    }

    /** Returns long after its limit. */
    public static class Late extends MemoryDiscovery {
        @Override
        boolean isOver(Optional<Duration> limit, long begin) {
            return super.isOver(limit.map(limited -> limited.plusMillis(1_900)), begin);
        }
    }

    /** Goes on when it is interrupted, as long as it has not seen anything. */
    public static class Stubborn extends MemoryDiscovery {
        @Override
        public void watch(WatchRequest request, SightingListener listener)
                throws SciabcException, InterruptedException {
            if (request.limit().isEmpty() && network(request.stateFolder()).isEmpty()) {
                linger(Duration.ofSeconds(2));
            }
            super.watch(request, listener);
        }
    }

    /** Takes interruption for a failure. */
    public static class Failing extends MemoryDiscovery {
        @Override
        public void watch(WatchRequest request, SightingListener listener)
                throws SciabcException, InterruptedException {
            try {
                super.watch(request, listener);
            } catch (InterruptedException e) {
                throw new SciabcException("cannot watch", "it was interrupted", "", e);
            }
        }
    }

    /** Can watch only once at a time. */
    public static class Alone extends MemoryDiscovery {
        private final AtomicInteger watching = new AtomicInteger();

        @Override
        public void watch(WatchRequest request, SightingListener listener)
                throws SciabcException, InterruptedException {
            if (watching.incrementAndGet() > 1) {
                throw new SciabcException("cannot watch", "it is watching already", "");
            }
            try {
                super.watch(request, listener);
            } finally {
                watching.decrementAndGet();
            }
        }
    }

    /** Does not say what it tells the network. */
    public static class Secretive extends MemoryDiscovery {
        @Override
        public Announcement announce(AnnounceRequest request) throws SciabcException, InterruptedException {
            Announcement announcement = super.announce(request);
            return new Announcement() {
                @Override
                public List<String> told() {
                    return List.of();
                }

                @Override
                public void close() {
                    announcement.close();
                }
            };
        }
    }

    /** Stays findable when it was withdrawn. */
    public static class Unforgettable extends MemoryDiscovery {
        @Override
        public Announcement announce(AnnounceRequest request) throws SciabcException, InterruptedException {
            List<String> told = super.announce(request).told();
            return new Announcement() {
                @Override
                public List<String> told() {
                    return told;
                }

                @Override
                public void close() {}
            };
        }
    }

    /** Says that it cannot announce, and does. */
    public static class DenyingAnnouncing extends MemoryDiscovery {
        @Override
        public boolean supports(Feature feature) {
            return feature != Feature.ANNOUNCE;
        }
    }

    /** Says that it cannot announce, and breaks down instead of refusing. */
    public static class BreakingDown extends DenyingAnnouncing {
        @Override
        public Announcement announce(AnnounceRequest request) {
            throw new UnsupportedOperationException("announce");
        }
    }

    /** Refuses, in the words of a programmer. */
    public static class Gibberish extends DenyingAnnouncing {
        @Override
        public Announcement announce(AnnounceRequest request) throws SciabcException {
            throw new SciabcException("cannot announce", "java.lang.UnsupportedOperationException", "");
        }
    }

    /** Says that it cannot keep to interfaces, and ignores them. */
    public static class IgnoringInterfaces extends MemoryDiscovery {
        @Override
        public boolean supports(Feature feature) {
            return feature != Feature.INTERFACES;
        }
    }

    /** Uses an interface that nobody allowed. */
    public static class Straying extends MemoryDiscovery {
        @Override
        Optional<String> networkInterface() {
            return Optional.of("eth99");
        }
    }

    /** Right, but the host cannot find it. */
    public static class NotAnExtension implements DiscoveryBackend {
        private final DiscoveryBackend right = new MemoryDiscovery();

        @Override
        public String id() {
            return right.id();
        }

        @Override
        public String summary() {
            return right.summary();
        }

        @Override
        public List<Setting> settings() {
            return right.settings();
        }

        @Override
        public Announcement announce(AnnounceRequest request) throws SciabcException, InterruptedException {
            return right.announce(request);
        }

        @Override
        public void watch(WatchRequest request, SightingListener listener)
                throws SciabcException, InterruptedException {
            right.watch(request, listener);
        }
    }

    private abstract static class Filter implements SightingListener {
        private final SightingListener listener;

        Filter(SightingListener listener) {
            this.listener = listener;
        }

        @Override
        public void sighted(Sighting sighting) {
            listener.sighted(sighting);
        }

        @Override
        public void notice(Notice notice) {
            listener.notice(notice);
        }
    }
}
