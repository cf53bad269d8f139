// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a command of a node before its time: the command's shell, its process group, and every process that descends from
 * it. Closing the channel would not do: a command that writes nothing would go on.
 */
final class CommandEnding {
    /** Within one second it is to be over. */
    private static final Duration LIMIT = Duration.ofMillis(900);

    /** The shell says its number as its first word; when it has not by then, only its SSH server can be asked. */
    private static final Duration TO_BE_NAMED = Duration.ofMillis(500);

    private final Link link;
    private final CommandChannel channel;
    private final MarkedOutput out;
    private final SecureRandom random;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean begun;
    private volatile boolean asked;

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

    /** Ends it, in the thread that follows the command. */
    void carryOut() {
        try {
            if (!link.isOpen()) {
                return;
            }
            if (begun) {
                followToItsEnd();
            } else {
                channel.abandon();
            }
        } catch (IOException broken) {
            link.close();
        } catch (InterruptedException again) {
            // Whoever asks twice does not want to wait.
            link.close();
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

    private void followToItsEnd() throws IOException, InterruptedException {
        long start = System.nanoTime();
        @Nullable Future<?> killing = null;
        boolean hasEnded = false;
        while (!hasEnded && System.nanoTime() - start < LIMIT.toNanos()) {
            OptionalLong number = out.number();
            if (killing == null && number.isPresent()) {
                killing = Workers.POOL.submit(() -> kill(number.getAsLong()));
            } else if (killing == null && System.nanoTime() - start > TO_BE_NAMED.toNanos()) {
                killing = Workers.POOL.submit(this::askServer);
            }
            Optional<CommandChannel.Event> event = channel.next(20, TimeUnit.MILLISECONDS);
            if (event.isPresent() && event.get() instanceof CommandChannel.Output output && !output.isError()) {
                out.write(output.bytes());
            }
            hasEnded = event.isPresent() && event.get() instanceof CommandChannel.Ended;
        }
        awaitQuietly(killing, LIMIT.toNanos() - (System.nanoTime() - start));
        if (!hasEnded) {
            // A node with so much to do that it has not begun to end it yet reads this in its own time.
            askServer();
            channel.abandon();
        }
    }

    private static void awaitQuietly(@Nullable Future<?> killing, long nanoseconds) throws InterruptedException {
        if (killing == null) {
            return;
        }
        try {
            killing.get(Math.max(1, nanoseconds), TimeUnit.NANOSECONDS);
        } catch (java.util.concurrent.TimeoutException | java.util.concurrent.ExecutionException left) {
            // The node carries on with it alone.
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
            while (System.nanoTime() - start < LIMIT.toNanos()) {
                Optional<CommandChannel.Event> event = killer.next(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
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
