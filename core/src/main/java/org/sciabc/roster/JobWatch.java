// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;

/**
 * Watches over the nodes of a job while it runs, with the same watchdog as a watch: each is probed in a steady rhythm, and
 * named when it has been silent for too long. What is theirs belongs to the job, so that most probes ask their kernels alone.
 * While this machine itself is cut off from them, nobody is blamed.
 */
public final class JobWatch implements AutoCloseable {
    private static final long INTERFACE_RHYTHM = Duration.ofSeconds(1).toNanos();

    /** How many probes a visit to an SSH server is good for. */
    private static final int SELDOM = 5;

    private static final Duration RETRY = Duration.ofMillis(400);

    /**
     * A machine that lets nobody in says so to each attempt. One that is dying may do it once: its programs are gone before
     * its network is.
     */
    private static final long STILL_THERE = 3 * RETRY.toNanos();

    private final Map<Endpoint, Node> nodes = new LinkedHashMap<>();
    /** Of those that let people in: a machine may run a job and let nobody in by SSH, such as this one itself. */
    private final Map<Endpoint, Instant> lastAnswers = new ConcurrentHashMap<>();

    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    private final OwnNetwork ownNetwork = new OwnNetwork();
    private final Watch.Networks networks;
    private final InstantSource clock;
    private final Consumer<Silence> listener;
    private final NodeProbe probe;
    private final Watchdog watchdog;
    private final Thread thread;
    private final Instant begun;
    private final Duration unheard;
    private volatile boolean closed;

    /**
     * A node that does not answer any longer.
     *
     * @param lastAnswer when it last answered
     */
    public record Silence(Node node, Instant lastAnswer) {}

    /** One that has not begun, with a probe that is closed with it. */
    JobWatch(
            NodeProbe probe,
            List<Node> watched,
            Optional<Instant> answered,
            WatchdogSettings settings,
            Watch.Networks networks,
            InstantSource clock,
            RandomGenerator random,
            Consumer<Silence> listener) {
        this.networks = networks;
        this.clock = clock;
        this.listener = listener;
        this.begun = clock.instant();
        this.unheard = answered.map(when -> Duration.between(when, begun))
                .filter(age -> !age.isNegative())
                .orElse(Duration.ZERO);
        for (Node node : watched) {
            Endpoint endpoint = Endpoint.of(node).findFirst().orElseThrow();
            nodes.put(endpoint, node);
            answered.ifPresent(when -> lastAnswers.put(endpoint, when));
        }
        this.probe = probe;
        Duration betweenVisits = settings.rhythm().multipliedBy(SELDOM);
        NodeProbe sparing = new SparingProbe(probe, betweenVisits, System::nanoTime, answered.isPresent());
        this.watchdog = new Watchdog(settings, new FirstWords(sparing), new Findings(), inbox::add, random);
        this.thread = new Thread(this::run, "job-watch");
        this.thread.setDaemon(true);
    }

    /**
     * Begins.
     *
     * @param watched the nodes, each with the one address by which the job reaches it
     * @param answered when all of them have last let this machine in; empty when nobody has tried
     * @param networks looks at this machine's interfaces
     * @param listener hears of a node that fell silent, once, on a thread of the watch
     * @throws SciabcException when probing is impossible
     */
    public static JobWatch begin(
            List<Node> watched,
            Optional<Instant> answered,
            WatchdogSettings settings,
            Watch.Networks networks,
            InstantSource clock,
            RandomGenerator random,
            Consumer<Silence> listener)
            throws SciabcException {
        return new JobWatch(SshProbe.open(), watched, answered, settings, networks, clock, random, listener).started();
    }

    JobWatch started() {
        thread.start();
        return this;
    }

    /**
     * Finds out at once which of these nodes do not answer: for when a job ended in a way that nobody has explained yet.
     * Returns as soon as all have answered. One that was never probed counts when it says nothing at all.
     *
     * @param doubted their addresses, each that by which the job reaches it
     * @param limit how long a node may take
     */
    public List<Silence> silent(Set<InetAddress> doubted, Duration limit) throws InterruptedException {
        record Reply(Endpoint endpoint, NodeProbe.Reply said) {}
        BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
        Set<Endpoint> open = nodes.keySet().stream()
                .filter(endpoint -> doubted.contains(endpoint.address()))
                .collect(Collectors.toCollection(HashSet::new));
        List<NodeProbe.Attempt> attempts = new ArrayList<>();
        Map<Endpoint, Long> heard = new HashMap<>();
        long start = System.nanoTime();
        long deadline = start + limit.toNanos();
        long again = start;
        while (!open.isEmpty() && System.nanoTime() - deadline < 0) {
            if (System.nanoTime() - again >= 0) {
                again += RETRY.toNanos();
                open.forEach(endpoint ->
                        attempts.add(probe.attempt(endpoint, said -> replies.add(new Reply(endpoint, said)))));
            }
            Reply reply =
                    replies.poll(Math.max(1, Math.min(again, deadline) - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (reply != null && reply.said() != NodeProbe.Reply.FAILED) {
                heard.put(reply.endpoint(), System.nanoTime());
            }
            if (reply != null && reply.said().isWord()) {
                open.remove(reply.endpoint());
            }
        }
        attempts.forEach(NodeProbe.Attempt::cancel);
        long recently = System.nanoTime() - STILL_THERE;
        return nodes.keySet().stream()
                .filter(open::contains)
                .filter(endpoint -> !isCutOffFrom(endpoint))
                .flatMap(endpoint -> heard.getOrDefault(endpoint, start - STILL_THERE) - recently > 0
                        ? silence(endpoint)
                        : vanished(endpoint))
                .toList();
    }

    /** Whether this machine itself has lost the way to some of the nodes. */
    public boolean isCutOff() {
        return nodes.keySet().stream().anyMatch(this::isCutOffFrom);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        probe.close();
    }

    private Stream<Silence> silence(Endpoint endpoint) {
        Node node = Objects.requireNonNull(nodes.get(endpoint));
        return Optional.ofNullable(lastAnswers.get(endpoint)).map(last -> new Silence(node, last)).stream();
    }

    /** Of one that died before it was probed: the job was started there, so it was there when the watch began. */
    private Stream<Silence> vanished(Endpoint endpoint) {
        Node node = Objects.requireNonNull(nodes.get(endpoint));
        return Stream.of(new Silence(node, lastAnswers.getOrDefault(endpoint, begun)));
    }

    private boolean isCutOffFrom(Endpoint endpoint) {
        synchronized (ownNetwork) {
            return ownNetwork.isCutOffFrom(endpoint.address());
        }
    }

    private void run() {
        Instant now = clock.instant();
        List<RosterEntry> entries = nodes.values().stream()
                .map(node -> new RosterEntry(
                        node,
                        NodeState.ALIVE,
                        now,
                        Optional.empty(),
                        List.of(Claim.first(new Claim.Key("job", node.name()), node, Optional.empty(), now))))
                .toList();
        lookAtInterfaces();
        long nextInterfaces = System.nanoTime() + INTERFACE_RHYTHM;
        watchdog.follow(entries, System.nanoTime());
        watchdog.probeAll(unheard);
        try {
            while (!closed) {
                if (System.nanoTime() - nextInterfaces >= 0) {
                    nextInterfaces = System.nanoTime() + INTERFACE_RHYTHM;
                    lookAtInterfaces();
                }
                watchdog.tick(System.nanoTime());
                Runnable reaction = inbox.poll(Watchdog.TICK.toNanos(), TimeUnit.NANOSECONDS);
                for (; reaction != null; reaction = inbox.poll()) {
                    reaction.run();
                }
            }
        } catch (InterruptedException ended) {
            closed = true;
        }
    }

    private void lookAtInterfaces() {
        try {
            List<LocalInterface> ready = networks.now().ready();
            synchronized (ownNetwork) {
                ownNetwork.update(ready);
            }
        } catch (SciabcException unknown) {
            // What was seen a second ago holds until the system lists its interfaces again.
            return;
        }
    }

    /**
     * Only who lets people in can be missed: a connection from before may be open to a machine that refuses new ones. From who
     * did, a refusal is an answer: of the machine, whose job has no need of the SSH server that was stopped there.
     */
    private final class FirstWords implements NodeProbe {
        private final NodeProbe asked;
        private final Set<Endpoint> heard = ConcurrentHashMap.newKeySet();

        FirstWords(NodeProbe asked) {
            this.asked = asked;
        }

        @Override
        public Attempt attempt(Endpoint endpoint, Consumer<Reply> replies) {
            return asked.attempt(endpoint, said -> {
                if (said != Reply.ACCEPTED && heard.add(endpoint) && said == Reply.REFUSED) {
                    lastAnswers.remove(endpoint);
                }
                boolean isSignOfLife = said == Reply.REFUSED && lastAnswers.containsKey(endpoint);
                replies.accept(isSignOfLife ? Reply.ANSWERED : said);
            });
        }

        @Override
        public void close() {
            asked.close();
        }
    }

    private final class Findings implements Watchdog.Judge {
        @Override
        public void answered(Endpoint endpoint) {
            lastAnswers.put(endpoint, clock.instant());
        }

        @Override
        public void missed(Collection<Endpoint> endpoints) {}

        @Override
        public void absent(Collection<Endpoint> endpoints) {
            endpoints.stream().flatMap(JobWatch.this::silence).forEach(listener);
        }

        @Override
        public boolean isCutOffFrom(Endpoint endpoint) {
            return JobWatch.this.isCutOffFrom(endpoint);
        }
    }
}
