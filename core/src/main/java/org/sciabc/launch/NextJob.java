// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sciabc.spi.EarlyStart;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.SciabcException;

/**
 * What a launcher has begun of the job that is likely to be the next, in a process that stays between launches. Everything of it
 * ends with {@link #close}. May be used by several threads.
 */
public final class NextJob {
    /** After that long, what has not begun is not going to. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** One may have made room for another job before anybody looked. */
    private static final int MOST_IN_VAIN = 2;

    private static final Duration UNTIL_ENDED = Duration.ofSeconds(10);

    private final Consumer<SciabcException> failed;
    private final Duration patience;
    /** Guarded by this. */
    private final List<Thread> ending = new ArrayList<>();

    private @Nullable Begun begun;
    /** How many in a row were not seen ready although there was time for it. */
    private int vain;

    /**
     * What was begun.
     *
     * @param launcher who did
     * @param like the job that it is like
     * @param surroundings those of the nodes at that time, see {@link Preflight.Result#surroundings}
     * @param since when, as {@link System#nanoTime} says it
     */
    public record Begun(EarlyStart start, JobLauncher launcher, LaunchRequest like, String surroundings, long since) {}

    /**
     * What waits for the next launch.
     *
     * @param processes how many there are
     * @param nodes the names of their nodes
     */
    public record Waiting(int processes, List<String> nodes) {
        public Waiting {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * Nothing has begun.
     *
     * @param failed hears of what could not be begun or ended, by any thread
     */
    public NextJob(Consumer<SciabcException> failed) {
        this(failed, PATIENCE);
    }

    NextJob(Consumer<SciabcException> failed, Duration patience) {
        this.failed = failed;
        this.patience = patience;
    }

    /**
     * Begins a job like this one, in place of what there is; unless those before never came to be ready. By one thread at a time.
     *
     * @return whether something begins
     */
    public boolean begin(JobLauncher launcher, LaunchRequest like, String surroundings) {
        synchronized (this) {
            take().ifPresent(this::discard);
            if (vain >= MOST_IN_VAIN) {
                return false;
            }
        }
        try {
            Optional<Begun> fresh = launcher.startAhead(like)
                    .map(start -> new Begun(start, launcher, like, surroundings, System.nanoTime()));
            synchronized (this) {
                begun = fresh.orElse(null);
                return fresh.isPresent();
            }
        } catch (SciabcException refused) {
            failed.accept(refused);
            return false;
        }
    }

    /** From here on it is tried again, whatever happened before. */
    public synchronized void hope() {
        vain = 0;
    }

    /** Takes what was begun by this launcher; it is then the caller's to use, and to {@link #discard} or {@link #giveBack}. */
    public synchronized Optional<Begun> take(JobLauncher launcher) {
        Optional<Begun> taken = take();
        if (taken.filter(each -> !each.launcher().equals(launcher)).isPresent()) {
            discard(taken.get());
            return Optional.empty();
        }
        return taken;
    }

    private Optional<Begun> take() {
        Optional<Begun> taken = Optional.ofNullable(begun);
        begun = null;
        if (taken.filter(each -> !isReady(each) && isLate(each)).isPresent()) {
            vain++;
        }
        return taken;
    }

    private boolean isLate(Begun begun) {
        return System.nanoTime() - begun.since() > patience.toNanos();
    }

    /** It was not used, and can be by the next. */
    public synchronized void giveBack(Begun taken) {
        if (begun == null) {
            begun = taken;
        } else {
            discard(taken);
        }
    }

    /** Ends it in the background. */
    public synchronized void discard(Begun taken) {
        ending.removeIf(thread -> !thread.isAlive());
        Thread thread = new Thread(() -> end(taken), "next-job");
        thread.setDaemon(true);
        ending.add(thread);
        thread.start();
    }

    private void end(Begun taken) {
        try {
            taken.start().close();
        } catch (SciabcException stays) {
            failed.accept(stays);
        }
    }

    /** What waits now; absent while it begins, and where there is nothing. Whoever keeps this asks now and then. */
    public synchronized Optional<Waiting> waiting() {
        return Optional.ofNullable(begun).filter(this::isReady).map(NextJob::waiting);
    }

    private boolean isReady(Begun each) {
        boolean isReady = each.start().isReady();
        if (isReady) {
            vain = 0;
        }
        return isReady;
    }

    private static Waiting waiting(Begun begun) {
        return new Waiting(
                begun.like().ranks(),
                begun.like().nodes().stream().map(each -> each.node().name()).toList());
    }

    /** Ends everything, and waits for that as long as it makes sense. */
    public void close() throws InterruptedException {
        List<Thread> all;
        synchronized (this) {
            take().ifPresent(this::discard);
            all = List.copyOf(ending);
        }
        long end = System.nanoTime() + UNTIL_ENDED.toNanos();
        for (Thread each : all) {
            each.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
        }
    }
}
