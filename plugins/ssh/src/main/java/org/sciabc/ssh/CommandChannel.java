// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.connection.Connection;
import net.schmizz.sshj.connection.ConnectionException;
import net.schmizz.sshj.connection.channel.ChannelInputStream;
import net.schmizz.sshj.connection.channel.direct.SessionChannel;
import net.schmizz.sshj.transport.TransportException;
import org.jspecify.annotations.Nullable;
import org.sciabc.spi.ExitStatus;

/**
 * One command of a node, as a queue of what happens to it: one thread takes from it, and can be interrupted while it waits.
 *
 * <p>sshj's own streams are not used. Two of them need two threads to be drained; the input stream keeps the reader of the
 * whole connection waiting when a command ends without reading its input; and output after a signal is cut off, because
 * sshj closes the channel as soon as it hears of the signal.
 */
final class CommandChannel extends SessionChannel {
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Object sending = new Object();
    private boolean ending;
    private long unread;
    private volatile boolean inputUnwanted;
    private volatile boolean ended;
    private volatile @Nullable ExitStatus status;

    /** What happens to a command, in order. */
    sealed interface Event {}

    /** The node is ready to be told what to run. */
    record Opened() implements Event {}

    /** The node does not want to run it, or does not want to open another channel. */
    record Refused() implements Event {}

    /** It wrote something. */
    static final class Output implements Event {
        private final boolean isError;
        private final byte[] bytes;

        private Output(boolean isError, byte[] bytes) {
            this.isError = isError;
            this.bytes = bytes;
        }

        /** Whether it was written to standard error. */
        boolean isError() {
            return isError;
        }

        /** What was written; not a copy. */
        byte[] bytes() {
            return bytes;
        }
    }

    /** The command's input could not be read to its end. */
    record InputFailed(IOException failure) implements Event {}

    /** Nothing more will come. */
    record Ended(Optional<SSHException> failure) implements Event {}

    CommandChannel(Connection connection) {
        super(connection);
    }

    /** What happens next; empty when nothing has happened in this time. */
    Optional<Event> next(long patience, TimeUnit unit) throws InterruptedException {
        return Optional.ofNullable(events.poll(patience, unit));
    }

    /** Asks for a channel; the answer is an event. */
    void request() throws TransportException {
        persistently(new Write() {
            @Override
            public void run() throws TransportException {
                trans.write(buildOpenReq());
            }
        });
    }

    /** Asks for a command to be run; input may be sent at once, without waiting for an answer. */
    void execute(String command) throws TransportException {
        persistently(new Write() {
            @Override
            public void run() throws TransportException {
                sendChannelRequest("exec", true, new Buffer.PlainBuffer().putString(command));
            }
        });
    }

    /** Asks the node's SSH server to send a signal to the command; many do not. */
    void requestSignal(String name) throws TransportException {
        synchronized (sending) {
            if (!ending) {
                persistently(() -> sendChannelRequest("signal", false, new Buffer.PlainBuffer().putString(name)));
            }
        }
    }

    /** How much input the node would take now. */
    long room() {
        return rwin.getSize();
    }

    /**
     * Sends input, as the node takes it. Does nothing once the command has ended or has closed its input.
     *
     * @return whether more is wanted
     */
    boolean send(byte[] bytes, int length) throws IOException {
        int sent = 0;
        while (sent < length) {
            long room = rwin.getSize();
            if (room == 0 && wantsInput()) {
                room = rwin.awaitExpansion(0);
            }
            int part = (int) Math.min(Math.min(room, rwin.getMaxPacketSize()), length - sent);
            if (!sendPart(bytes, sent, part)) {
                return false;
            }
            sent += part;
        }
        return true;
    }

    /** Says that there is no more input. */
    void sendEnd() throws IOException {
        synchronized (sending) {
            if (!ending) {
                persistently(new Write() {
                    @Override
                    public void run() throws TransportException {
                        trans.write(newBuffer(Message.CHANNEL_EOF));
                    }
                });
            }
        }
    }

    /** Says that the input could not be read to its end. */
    void inputFailed(IOException failure) {
        events.add(new InputFailed(failure));
    }

    /** Whether the command may still read something. */
    boolean wantsInput() {
        return !inputUnwanted && !ended;
    }

    /** Says that this much output was dealt with, so that the node may send more. */
    void release(int length) throws IOException {
        long more;
        synchronized (lwin) {
            unread -= length;
            more = Math.min(lwin.neededAdjustment(), Link.WINDOW - unread - lwin.getSize());
            if (more <= 0) {
                return;
            }
            lwin.expand(more);
        }
        // Without the lock: who reads the connection needs it, and a write may have to wait for who reads.
        synchronized (sending) {
            if (!ending) {
                persistently(() ->
                        trans.write(newBuffer(Message.CHANNEL_WINDOW_ADJUST).putUInt32(more)));
            }
        }
    }

    /** How the command ended; empty while it runs, and when the node did not say. */
    Optional<ExitStatus> status() {
        return Optional.ofNullable(status);
    }

    /** Wants no more of it. */
    void abandon() throws TransportException {
        sendClose();
    }

    @Override
    public void handle(Message message, SSHPacket packet) throws SSHException {
        if (message == Message.CHANNEL_FAILURE || message == Message.CHANNEL_OPEN_FAILURE) {
            events.add(new Refused());
        }
        super.handle(message, packet);
        if (message == Message.CHANNEL_OPEN_CONFIRMATION) {
            events.add(new Opened());
        }
    }

    @Override
    public void handleRequest(String request, SSHPacket packet) throws ConnectionException, TransportException {
        try {
            switch (request) {
                case "exit-status" -> status = new ExitStatus((int) (packet.readUInt32() & 0xff));
                case "exit-signal" -> status = ExitSignal.status(packet.readString());
                case "eow@openssh.com" -> stopInput();
                default -> super.handleRequest(request, packet);
            }
        } catch (Buffer.BufferException malformed) {
            throw new ConnectionException(malformed);
        }
    }

    @Override
    public void notifyError(SSHException failure) {
        events.add(new Ended(Optional.of(failure)));
        super.notifyError(failure);
    }

    @Override
    protected void receiveInto(ChannelInputStream stream, SSHPacket packet) throws SSHException {
        int length = packet.readUInt32AsInt();
        if (length < 0 || length > getLocalMaxPacketSize() || length > packet.available()) {
            throw new ConnectionException("malformed data");
        }
        byte[] bytes = new byte[length];
        packet.readRawBytes(bytes);
        synchronized (lwin) {
            lwin.consume(length);
            unread += length;
        }
        events.add(new Output(stream == getErrorStream(), bytes));
    }

    @Override
    protected void sendClose() throws TransportException {
        synchronized (sending) {
            ending = true;
            try {
                super.sendClose();
            } catch (TransportException failure) {
                if (!isFalseAlarm(failure)) {
                    throw failure;
                }
                persistently(() -> trans.write(newBuffer(Message.CHANNEL_CLOSE)));
            }
        }
    }

    /** sshj's streams are not in use; closing them would send a second end of input. */
    @Override
    protected void closeAllStreams() {}

    @Override
    protected void finishOff() {
        super.finishOff();
        ended = true;
        stopInput();
        events.add(new Ended(Optional.empty()));
    }

    private boolean sendPart(byte[] bytes, int offset, int length) throws IOException {
        synchronized (sending) {
            if (ending || !wantsInput()) {
                return false;
            }
            persistently(new Write() {
                @Override
                public void run() throws TransportException {
                    trans.write(newBuffer(Message.CHANNEL_DATA).putBytes(bytes, offset, length));
                }
            });
            rwin.consume(length);
            return true;
        }
    }

    private interface Write {
        void run() throws TransportException;
    }

    /**
     * Writes, waiting for keys to be exchanged where that is going on. sshj takes it for the end of its patience when the next
     * exchange begins before the one who waited for the last one has woken up.
     */
    private void persistently(Write write) throws TransportException {
        while (true) {
            try {
                write.run();
                return;
            } catch (TransportException failure) {
                if (!isFalseAlarm(failure) || !trans.isRunning()) {
                    throw failure;
                }
            }
        }
    }

    /** Patience is endless here: it does not run out. */
    private static boolean isFalseAlarm(TransportException failure) {
        return failure.getCause() instanceof TimeoutException;
    }

    /** Wakes the one who waits for room: there is none, and there is no need of any. */
    private void stopInput() {
        inputUnwanted = true;
        if (rwin != null) {
            rwin.expand(1);
        }
    }
}
