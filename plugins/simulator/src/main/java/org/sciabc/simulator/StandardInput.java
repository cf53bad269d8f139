// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.apache.sshd.server.channel.ChannelDataReceiver;
import org.apache.sshd.server.channel.ChannelSession;

/**
 * What the client sends to a command. A thread is in use only while there is something to write, because most commands
 * read nothing; the client's window bounds what waits here. Safe for use by several threads.
 */
final class StandardInput implements ChannelDataReceiver {
    private final Executor executor;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private Optional<OutputStream> target = Optional.empty();
    private boolean ended;
    private boolean writing;

    StandardInput(Executor executor) {
        this.executor = executor;
    }

    /** From now on there is somebody to read it. */
    void attach(ChannelSession channel, OutputStream stream) {
        synchronized (this) {
            target = Optional.of(stream);
        }
        wake(channel);
    }

    @Override
    public int data(ChannelSession channel, byte[] buffer, int start, int length) {
        synchronized (this) {
            waiting.add(Arrays.copyOfRange(buffer, start, start + length));
        }
        wake(channel);
        // Nothing is consumed yet: the window opens again when it has been written.
        return 0;
    }

    @Override
    public void close() {
        Optional<OutputStream> idle;
        synchronized (this) {
            ended = true;
            idle = writing || !waiting.isEmpty() ? Optional.empty() : target;
        }
        idle.ifPresent(StandardInput::closeQuietly);
    }

    private void wake(ChannelSession channel) {
        synchronized (this) {
            if (writing || target.isEmpty() || (waiting.isEmpty() && !ended)) {
                return;
            }
            writing = true;
        }
        executor.execute(() -> write(channel));
    }

    private void write(ChannelSession channel) {
        for (Optional<byte[]> next = next(); next.isPresent(); next = next()) {
            byte[] bytes = next.get();
            try {
                OutputStream stream = target.orElseThrow();
                stream.write(bytes);
                stream.flush();
            } catch (IOException nobodyReads) {
                // The command closed its input or ended: what the client still sends is dropped, as sshd does.
            }
            release(channel, bytes.length);
        }
    }

    private static void release(ChannelSession channel, int length) {
        try {
            channel.getLocalWindow().release(length);
        } catch (IOException closed) {
            // The channel is gone, and with it whoever waited for the window.
        }
    }

    private Optional<byte[]> next() {
        boolean over;
        synchronized (this) {
            if (!waiting.isEmpty()) {
                return Optional.of(waiting.remove());
            }
            writing = false;
            over = ended;
        }
        if (over) {
            target.ifPresent(StandardInput::closeQuietly);
        }
        return Optional.empty();
    }

    private static void closeQuietly(OutputStream stream) {
        try {
            stream.close();
        } catch (IOException alreadyGone) {
            // A command that has ended need not know that there is no more input.
        }
    }
}
