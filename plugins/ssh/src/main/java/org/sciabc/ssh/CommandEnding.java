// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Ends a command of a node before its time: the command's shell, its process group, and every process that descends from
 * it. Closing the channel would not do: a command that writes nothing would go on.
 */
final class CommandEnding {
    /** Who interrupts a command wants to go on within one second. */
    private static final Duration LIMIT = Duration.ofMillis(900);

    /** A node with much to do takes its own time. */
    private static final Duration LONGEST = Duration.ofSeconds(15);

    /** A node that says nothing at all for so long is not busy, but gone. */
    private static final Duration SILENCE = Duration.ofSeconds(3);

    /** The shell says its number as its first word; when it has not by then, only its SSH server can be asked. */
    private static final Duration TO_BE_NAMED = Duration.ofMillis(500);

    private final Link link;
    private final CommandChannel channel;
    private final MarkedOutput out;
    private final SecureRandom random;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean begun;
    private volatile boolean asked;
    private long askedForLife = System.nanoTime();

    CommandEnding(Link link, CommandChannel channel, MarkedOutput out, SecureRandom random) {
        this.link = link;
        this.channel = channel;
        this.out = out;
        this.random = random;
    }

    /** From now on there may be a process. */
    void hasBegun() {
        begun = true;
    }

    /** There is nothing left to be ended. */
    void isOver() {
        over.countDown();
    }

    /**
     * Ends it, instead of the thread that followed the command. Returns when it has ended, or after a second: then it goes on
     * beside whoever comes next, and the connection is not closed before it is through.
     */
    void carryOut() {
        try {
            if (!link.isOpen()) {
                return;
            }
            if (begun) {
                Future<?> ending = Workers.POOL.submit(this::followToItsEnd);
                link.isBusyWith(ending);
                awaitQuietly(ending, LIMIT);
                out.mute();
            } else {
                channel.abandon();
            }
        } catch (IOException broken) {
            link.close();
        } catch (InterruptedException again) {
            // Whoever asks twice does not want to wait.
            out.mute();
            Thread.currentThread().interrupt();
        }
    }

    /** Whether another thread has asked for it to be ended. */
    boolean isAsked() {
        return asked;
    }

    /** Ends it while another thread follows it. */
    void carryOutForAnother() {
        asked = true;
        try {
            if (over.getCount() > 0 && begun && link.isOpen()) {
                out.number().ifPresent(number -> Workers.POOL.execute(() -> kill(number)));
                if (!over.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                    askServer();
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void followToItsEnd() {
        try {
            boolean hasEnded = hasEndedAtLast();
            if (!hasEnded) {
                askServer();
                channel.abandon();
            }
        } catch (IOException broken) {
            link.close();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean hasEndedAtLast() throws IOException, InterruptedException {
        long start = System.nanoTime();
        @Nullable Future<?> killing = null;
        boolean serverIsAsked = false;
        boolean hasEnded = false;
        while (!hasEnded && since(start).compareTo(LONGEST) < 0 && answers(start)) {
            OptionalLong number = out.number();
            if (killing == null && number.isPresent()) {
                killing = Workers.POOL.submit(() -> kill(number.getAsLong()));
            } else if (killing == null && !serverIsAsked && since(start).compareTo(TO_BE_NAMED) > 0) {
                serverIsAsked = true;
                askServer();
            }
            Optional<CommandChannel.Event> event = channel.next(20, TimeUnit.MILLISECONDS);
            if (event.isPresent() && event.get() instanceof CommandChannel.Output output) {
                if (!output.isError()) {
                    out.write(output.bytes());
                }
                // What is on its way has to come through before the node says that the command has ended.
                channel.release(output.bytes().length);
            }
            hasEnded = event.isPresent() && event.get() instanceof CommandChannel.Ended;
        }
        if (killing != null && hasEnded) {
            awaitQuietly(killing, LONGEST.minus(since(start)));
        }
        return hasEnded;
    }

    /** Whether the node lives; it is asked once a second. */
    private boolean answers(long start) throws IOException {
        if (since(start).compareTo(LIMIT) > 0 && since(askedForLife).compareTo(LIMIT) > 0) {
            askedForLife = System.nanoTime();
            link.askForSignOfLife();
        }
        return link.isOpen()
                && (since(start).compareTo(SILENCE) < 0 || link.silence().compareTo(SILENCE) < 0);
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static void awaitQuietly(Future<?> work, Duration limit) throws InterruptedException {
        try {
            work.get(Math.max(1, limit.toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException left) {
            // It carries on alone.
            return;
        }
    }

    /** Runs the script that ends processes, beside the command. */
    private void kill(long number) {
        try {
            RemoteScript script = new RemoteScript(KillScript.of(number), false, random);
            CommandChannel killer = new CommandChannel(link.connection());
            killer.request();
            long start = System.nanoTime();
            while (since(start).compareTo(LONGEST) < 0) {
                Optional<CommandChannel.Event> event = killer.next(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
                if (event.isPresent() && event.get() instanceof CommandChannel.Opened) {
                    killer.execute(script.commandLine());
                    byte[] text = script.input();
                    killer.send(text, text.length);
                    killer.sendEnd();
                } else if (event.isPresent() && event.get() instanceof CommandChannel.Refused) {
                    askServer();
                    return;
                } else if (event.isPresent() && event.get() instanceof CommandChannel.Ended) {
                    return;
                }
            }
        } catch (IOException broken) {
            link.close();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void askServer() {
        try {
            channel.requestSignal("KILL");
        } catch (IOException broken) {
            link.close();
        }
    }
}
