// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.sciabc.launch.RollCall;
import org.sciabc.roster.JobWatch;
import org.sciabc.roster.JobWatch.Silence;
import org.sciabc.roster.LocalInterfaces;
import org.sciabc.roster.WatchdogSettings;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Node;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.SciabcException;

/** One run of a job: the launcher on a thread of its own, and beside it the watch over its nodes and the clock. */
final class JobRun {
    /**
     * Most jobs that people try out are over by then, and each probe costs a node a process, which on a small machine takes
     * as long as starting a rank does. One that dies before is named within six seconds of the start all the same.
     */
    private static final long UNWATCHED = Duration.ofMillis(1700).toNanos();

    private static final long TRY_AGAIN = Duration.ofMillis(500).toNanos();

    /** Nodes behind one switch fall silent together, and not in the same millisecond. */
    private static final long TOGETHER = Duration.ofMillis(300).toNanos();

    /** An answer over a connection that is open takes some milliseconds, a login some hundred. */
    private static final Duration ROLL_CALL = Duration.ofSeconds(1);

    /** A node that just died may still be remembered by the switch; one that lives answers at once. */
    private static final Duration INQUEST = Duration.ofSeconds(3);

    /** It may have to kill what does not end when it is asked to. */
    private static final Duration LAUNCHER_ENDS = Duration.ofSeconds(12);

    private final Beginning beginning;
    private final LaunchRequest request;
    private final RollCall rollCall;
    private final Optional<Instant> answered;
    private final WatchdogSettings settings;
    private final Optional<Duration> timeout;
    private final Consumer<List<Silence>> noticed;
    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
    private final List<Silence> silent = new ArrayList<>();
    private Optional<JobWatch> watch = Optional.empty();
    private boolean timedOut;

    /**
     * How a run ended.
     *
     * @param status the launcher's status; absent where it was ended by us
     * @param silent the nodes that died under it
     * @param timedOut whether its time was up
     * @param cutOff whether this machine itself lost its network
     */
    record Outcome(Optional<ExitStatus> status, List<Silence> silent, boolean timedOut, boolean cutOff, Instant end) {}

    /** The end of the launcher's thread. */
    private record Ended(
            @Nullable ExitStatus status, @Nullable Throwable failure) {}

    /**
     * A run that has not begun.
     *
     * @param beginning what runs it
     * @param rollCall asks nodes of a job that failed
     * @param answered when all nodes have answered the checks; empty when nobody has asked
     * @param noticed hears of nodes that died, before the job has ended for it: a launcher may take its time
     */
    JobRun(
            Beginning beginning,
            LaunchRequest request,
            RollCall rollCall,
            Optional<Instant> answered,
            WatchdogSettings settings,
            Optional<Duration> timeout,
            Consumer<List<Silence>> noticed) {
        this.noticed = noticed;
        this.beginning = beginning;
        this.request = request;
        this.rollCall = rollCall;
        this.answered = answered;
        this.settings = settings;
        this.timeout = timeout;
    }

    /**
     * Runs the job to its end.
     *
     * @throws InterruptedException when the thread was interrupted; the job was ended
     */
    Outcome run(CommandStreams streams) throws SciabcException, InterruptedException {
        Thread thread = new Thread(() -> launch(streams), "job");
        thread.setDaemon(true);
        thread.start();
        try {
            return attend(thread);
        } catch (InterruptedException interrupted) {
            thread.interrupt();
            awaitEnd(LAUNCHER_ENDS);
            throw interrupted;
        } finally {
            watch.ifPresent(JobWatch::close);
        }
    }

    private void launch(CommandStreams streams) {
        try {
            events.add(new Ended(beginning.launch(request, streams), null));
        } catch (SciabcException | InterruptedException | RuntimeException | Error failure) {
            events.add(new Ended(null, failure));
        }
    }

    private Outcome attend(Thread thread) throws SciabcException, InterruptedException {
        long start = System.nanoTime();
        // A node is only missed if it has answered before: where nobody has asked them, they are asked at once.
        long watchAt = answered.isPresent() ? start + UNWATCHED : start;
        Optional<Long> overAt = timeout.map(limit -> start + limit.toNanos());
        while (true) {
            long now = System.nanoTime();
            if (watch.isEmpty() && now - watchAt >= 0) {
                beginWatch(request.nodes());
                watchAt = now + TRY_AGAIN;
            }
            if (overAt.isPresent() && now - overAt.get() >= 0) {
                timedOut = true;
                thread.interrupt();
                return ended();
            }
            long wait = Math.min(
                    watch.isEmpty() ? watchAt - now : Long.MAX_VALUE,
                    overAt.map(over -> over - now).orElse(Long.MAX_VALUE));
            Object event = events.poll(wait, TimeUnit.NANOSECONDS);
            if (event instanceof Silence silence) {
                silent.add(silence);
                collectMore();
                // Before anything is said, which may wait for a reader; and once, or the launcher could not clean up.
                thread.interrupt();
                noticed.accept(List.copyOf(silent));
                return ended();
            }
            if (event instanceof Ended ended) {
                return examined(ended);
            }
        }
    }

    private void beginWatch(List<ReadyNode> watched) {
        List<Node> nodes = watched.stream()
                .map(ready -> ready.node().withAddresses(List.of(ready.address())))
                .toList();
        try {
            watch = Optional.of(JobWatch.begin(
                    nodes,
                    answered,
                    settings,
                    LocalInterfaces::enumerate,
                    InstantSource.system(),
                    RandomGenerator.getDefault(),
                    events::add));
        } catch (SciabcException noSockets) {
            // A job runs without a watch, too. Tried again in a moment.
            watch = Optional.empty();
        }
    }

    private void collectMore() throws InterruptedException {
        long end = System.nanoTime() + TOGETHER;
        for (long left = TOGETHER; left > 0; left = end - System.nanoTime()) {
            Object event = events.poll(left, TimeUnit.NANOSECONDS);
            if (event instanceof Silence silence) {
                silent.add(silence);
            } else if (event != null) {
                events.add(event);
                return;
            }
        }
    }

    /** Of a job that was told to end, because its time is up or a node of it has died. */
    private Outcome ended() {
        Optional<Ended> end = awaitEnd(LAUNCHER_ENDS);
        Optional<ExitStatus> status = end.flatMap(ended -> Optional.ofNullable(ended.status()));
        return new Outcome(
                status,
                List.copyOf(silent),
                timedOut,
                false,
                InstantSource.system().instant());
    }

    /** A job that failed by itself: did one of its nodes die? */
    private Outcome examined(Ended ended) throws SciabcException, InterruptedException {
        Instant end = InstantSource.system().instant();
        if (ended.failure() != null) {
            rethrow(ended.failure());
        }
        Optional<ExitStatus> status = Optional.ofNullable(ended.status());
        boolean hasFailed = !status.orElse(ExitStatus.OK).isOk();
        if (hasFailed) {
            lookWhoIsSilent();
        }
        boolean cutOff =
                hasFailed && silent.isEmpty() && watch.map(JobWatch::isCutOff).orElse(false);
        return new Outcome(status, List.copyOf(silent), false, cutOff, end);
    }

    /** Only those that the remote shell does not reach are probed: jobs that fail in a row would be many visits. */
    private void lookWhoIsSilent() throws InterruptedException {
        Set<InetAddress> missing = rollCall.missing(request.nodes(), ROLL_CALL);
        if (!missing.isEmpty() && watch.isEmpty()) {
            beginWatch(request.nodes().stream()
                    .filter(node -> missing.contains(node.address()))
                    .toList());
        }
        if (!missing.isEmpty() && watch.isPresent()) {
            silent.addAll(watch.get().silent(missing, INQUEST));
        }
    }

    private static void rethrow(Throwable failure) throws SciabcException, InterruptedException {
        if (failure instanceof SciabcException said) {
            throw said;
        }
        if (failure instanceof InterruptedException interrupted) {
            throw interrupted;
        }
        if (failure instanceof RuntimeException defect) {
            throw defect;
        }
        throw (Error) failure;
    }

    /** Waits for the launcher, whatever comes: who has no patience interrupts the program twice, and that ends it. */
    private Optional<Ended> awaitEnd(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        boolean interruptedAgain = false;
        Optional<Ended> found = Optional.empty();
        for (long left = limit.toNanos(); left > 0 && found.isEmpty(); left = end - System.nanoTime()) {
            try {
                Object event = events.poll(left, TimeUnit.NANOSECONDS);
                if (event instanceof Ended ended) {
                    found = Optional.of(ended);
                }
            } catch (InterruptedException again) {
                interruptedAgain = true;
            }
        }
        if (interruptedAgain) {
            Thread.currentThread().interrupt();
        }
        return found;
    }
}
