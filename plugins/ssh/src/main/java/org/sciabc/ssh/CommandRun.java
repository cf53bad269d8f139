// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.Durations;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/** One command from beginning to end, followed by the caller's thread. */
final class CommandRun {
    /** After this much silence the node is asked for a sign of life. */
    private static final Duration PULSE = Duration.ofSeconds(5);

    /** A command that has run for so long is held by a life line. */
    private static final Duration TIED_AFTER = Duration.ofSeconds(2);

    private static final Class<?> NO_INPUT = InputStream.nullInputStream().getClass();

    private final Link link;
    private final SecureRandom random;
    private final Duration patience;
    private final RemoteCommand command;
    private final CommandStreams streams;
    private final boolean hasInput;
    private final RemoteScript script;
    private final MarkedOutput out;
    private final MarkedOutput err;
    private final CommandChannel channel;
    private final CommandEnding ending;
    private final long end;
    private @Nullable Future<?> pump;
    private @Nullable CommandLifeLine lifeLine;
    private long namedAt;
    private long lookedAt = System.nanoTime();
    private long lookingSince = lookedAt;

    CommandRun(Link link, Duration patience, RemoteCommand command, CommandStreams streams, SecureRandom random) {
        this.link = link;
        this.random = random;
        this.patience = patience;
        this.command = command;
        this.streams = streams;
        this.hasInput = streams.in().getClass() != NO_INPUT;
        this.script = new RemoteScript(command.script(), hasInput, random);
        this.out = new MarkedOutput(script.mark(), streams.out());
        this.err = new MarkedOutput(script.mark(), streams.err());
        this.channel = new CommandChannel(link.connection());
        this.ending = new CommandEnding(link, channel, out, random);
        this.end = System.nanoTime()
                + (command.timeout().isPresent() ? command.timeout().get().toNanos() : Long.MAX_VALUE / 2);
    }

    /** Runs it to its end; ends it when the thread is interrupted or its time is up. */
    ExitStatus run() throws SciabcException, InterruptedException {
        boolean isOver = false;
        try {
            channel.request();
            Optional<? extends IOException> failure = follow();
            isOver = true;
            return result(failure);
        } catch (IOException failure) {
            throw broken(failure);
        } finally {
            if (pump != null) {
                pump.cancel(true);
            }
            if (!isOver) {
                ending.carryOut();
            }
            ending.isOver();
            if (lifeLine != null) {
                lifeLine.close();
            }
        }
    }

    /** Ends it from another thread; returns when it has ended, or after a second. */
    void endFromOutside() {
        ending.carryOutForAnother();
    }

    private Optional<? extends IOException> follow() throws IOException, SciabcException, InterruptedException {
        while (true) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw late();
            }
            Duration pulse = PULSE.compareTo(patience.dividedBy(4)) < 0 ? PULSE : patience.dividedBy(4);
            long wait = Math.min(Math.min(left, pulse.toNanos()), untilTied());
            Optional<CommandChannel.Event> event = channel.next(wait, TimeUnit.NANOSECONDS);
            lookAtTheTime();
            if (event.isEmpty()) {
                checkLife(pulse);
            } else if (event.get() instanceof CommandChannel.Opened) {
                start();
            } else if (event.get() instanceof CommandChannel.Refused) {
                throw refused();
            } else if (event.get() instanceof CommandChannel.InputFailed failed) {
                throw new SciabcException(
                        "cannot read the input of the command", reason(failed.failure()), "", failed.failure());
            } else if (event.get() instanceof CommandChannel.Output output) {
                deliver(output);
            } else if (event.get() instanceof CommandChannel.Ended ended) {
                return ended.failure();
            }
        }
    }

    /** Ties a command that has taken its time, from when its shell began; returns in how many nanoseconds that is to be. */
    private long untilTied() {
        OptionalLong number = out.number();
        if (!command.endsWithManager() || lifeLine != null || number.isEmpty()) {
            return Long.MAX_VALUE;
        }
        long now = System.nanoTime();
        namedAt = namedAt == 0 ? now : namedAt;
        long left = namedAt + TIED_AFTER.toNanos() - now;
        if (left <= 0) {
            lifeLine = CommandLifeLine.to(number.getAsLong(), link, random);
            return Long.MAX_VALUE;
        }
        return left;
    }

    private void start() throws IOException {
        ending.hasBegun();
        channel.execute(script.commandLine());
        byte[] text = script.input();
        if (!hasInput && text.length <= channel.room()) {
            channel.send(text, text.length);
            channel.sendEnd();
        } else {
            pump = Workers.POOL.submit(new Pump(text));
        }
    }

    /** Passes the input on, in a thread of its own. */
    private final class Pump implements Runnable {
        private final byte[] text;

        Pump(byte[] text) {
            this.text = text;
        }

        @Override
        public void run() {
            pump(text);
        }
    }

    private void pump(byte[] text) {
        try {
            byte[] part = new byte[32 * 1024];
            boolean isWanted = channel.send(text, text.length);
            while (isWanted) {
                int count = read(part);
                if (count < 0) {
                    channel.sendEnd();
                    return;
                }
                isWanted = channel.send(part, count);
            }
        } catch (IOException broken) {
            // Who follows the command hears of it from the connection itself.
            return;
        }
    }

    /** The next input; its failure is not the connection's, and half an input must not look like a whole one. */
    private int read(byte[] part) throws IOException {
        try {
            return streams.in().read(part);
        } catch (IOException failure) {
            channel.inputFailed(failure);
            throw failure;
        }
    }

    private void deliver(CommandChannel.Output output) throws IOException, SciabcException {
        try {
            (output.isError() ? err : out).write(output.bytes());
        } catch (IOException failure) {
            throw new SciabcException("cannot pass on the output of the command", reason(failure), "", failure);
        }
        channel.release(output.bytes().length);
    }

    /** Who has been stopped for a while (Ctrl-Z), or kept by a reader, has asked nobody in that time. */
    private void lookAtTheTime() {
        long now = System.nanoTime();
        if (now - lookedAt > 2 * PULSE.toNanos()) {
            lookingSince = now;
        }
        lookedAt = now;
    }

    private Duration silence() {
        Duration looking = Duration.ofNanos(System.nanoTime() - lookingSince);
        return looking.compareTo(link.silence()) < 0 ? looking : link.silence();
    }

    private void checkLife(Duration pulse) throws IOException, SciabcException {
        if (!link.isOpen()) {
            throw new IOException("the node ended it");
        }
        Duration silence = silence();
        if (silence.compareTo(patience) > 0) {
            link.close();
            throw new SciabcException(
                    "the connection is lost",
                    "the node has not answered for " + Math.max(1, silence.toSeconds()) + " s",
                    "is it still switched on and on this network?");
        }
        if (link.silence().compareTo(pulse) >= 0) {
            link.askForSignOfLife();
        }
    }

    private ExitStatus result(Optional<? extends IOException> failure) throws SciabcException {
        Optional<ExitStatus> status = channel.status();
        if (ending.isAsked()) {
            throw new SciabcException("the connection is lost", "it was closed", "");
        }
        if (failure.isPresent()) {
            throw broken(failure.get());
        }
        if (!out.isThrough()) {
            throw notRun(status);
        }
        if (status.isEmpty()) {
            throw new SciabcException("it is not known how the command ended", "the node's SSH server did not say", "");
        }
        return status.get();
    }

    private SciabcException notRun(Optional<ExitStatus> status) {
        String said = (out.saidBefore() + " " + err.saidBefore()).strip();
        return new SciabcException(
                "the login shell runs no commands",
                (said.isEmpty() ? "it said nothing" : "it said '" + said + "'")
                        + status.map(code -> " and ended with status " + code.code())
                                .orElse(""),
                "the account needs a login shell that runs commands, and no forced command for this key");
    }

    private SciabcException refused() {
        return new SciabcException(
                "the node's SSH server refuses to run commands",
                "it does not allow this account a session",
                "look for ForceCommand and MaxSessions in sshd_config on the node");
    }

    private SciabcException late() {
        return new SciabcException(
                "the command took longer than "
                        + Durations.format(command.timeout().orElse(Duration.ZERO)),
                "it was ended",
                "");
    }

    private static SciabcException broken(IOException failure) {
        return new SciabcException("the connection is lost", reason(failure), "", failure);
    }

    private static String reason(IOException failure) {
        String said = Untrusted.line(String.valueOf(failure.getMessage()), 120);
        return failure.getMessage() == null || said.isEmpty() ? "the node ended it" : said;
    }
}
