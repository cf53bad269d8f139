// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The socket at which OpenSSH's client lets others share its connection, spoken to directly (PROTOCOL.mux of OpenSSH): to
 * start {@code ssh -O} for each node would take longer than the launch that it is for.
 */
final class MasterSocket {
    private static final int HELLO = 1;
    private static final int VERSION = 4;
    private static final int ALIVE_CHECK = 0x10000004;
    private static final int ALIVE = 0x80000005;
    private static final int TERMINATE = 0x10000005;
    private static final int LONGEST_PACKET = 1 << 16;
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final long PAUSE_MILLIS = 5;
    private static final long PAUSE_NANOS = 200_000;

    private final Path path;

    MasterSocket(Path path) {
        this.path = path;
    }

    /** Whether there is a file; who listens there is another question. */
    boolean isThere() {
        return Files.exists(path);
    }

    /** The process that holds the connection; absent when nobody does any longer. */
    OptionalLong process() {
        try (Talk talk = new Talk()) {
            ByteBuffer answer = talk.ask(ALIVE_CHECK);
            boolean isAlive = answer.remaining() >= 3 * Integer.BYTES && answer.getInt() == ALIVE;
            if (!isAlive) {
                return OptionalLong.empty();
            }
            answer.getInt();
            return OptionalLong.of(Integer.toUnsignedLong(answer.getInt()));
        } catch (IOException nobody) {
            return OptionalLong.empty();
        }
    }

    /** Tells it to end the connection, and whatever runs over it. Absent when there was none. */
    Optional<Closing> beginClosing() throws IOException {
        OptionalLong process = process();
        if (process.isEmpty()) {
            remove();
            return Optional.empty();
        }
        try (Talk talk = new Talk()) {
            talk.ask(TERMINATE);
        } catch (IOException gone) {
            // It ends without an answer, too; whether it did is seen by who waits for it.
        }
        return Optional.of(new Closing(path, process.getAsLong()));
    }

    /** Takes away the file of one at which nobody listens. */
    void remove() throws IOException {
        Files.deleteIfExists(path);
    }

    /** A connection that was told to end. */
    record Closing(Path path, long process) {
        /** One to a node that does not answer any more may take long to be given up: then its process is. */
        void await() throws IOException, InterruptedException {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (isRunning(process)) {
                if (System.nanoTime() > deadline) {
                    ProcessHandle.of(process).ifPresent(ProcessHandle::destroyForcibly);
                    break;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
            Files.deleteIfExists(path);
        }
    }

    private static boolean isRunning(long process) {
        Optional<ProcessHandle> handle = ProcessHandle.of(process);
        return handle.isPresent() && handle.get().isAlive();
    }

    /**
     * One conversation, none of whose steps may take longer than a second. A selector would be the usual way to wait; its first
     * use costs more time than all of the conversations together.
     */
    private final class Talk implements AutoCloseable {
        private final SocketChannel channel;

        Talk() throws IOException {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(path));
                channel.configureBlocking(false);
            } catch (IOException | RuntimeException refused) {
                channel.close();
                throw refused;
            }
        }

        ByteBuffer ask(int request) throws IOException {
            ByteBuffer words = ByteBuffer.allocate(6 * Integer.BYTES);
            words.putInt(2 * Integer.BYTES).putInt(HELLO).putInt(VERSION);
            words.putInt(2 * Integer.BYTES).putInt(request).putInt(0);
            channel.write(words.flip());
            ByteBuffer hello = packet();
            if (hello.remaining() < Integer.BYTES || hello.getInt() != HELLO) {
                throw new IOException("not the socket of an ssh");
            }
            return packet();
        }

        private ByteBuffer packet() throws IOException {
            int length = read(Integer.BYTES).getInt();
            if (length < 0 || length > LONGEST_PACKET) {
                throw new IOException("not the socket of an ssh");
            }
            return read(length);
        }

        private ByteBuffer read(int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(length);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (buffer.hasRemaining()) {
                int count = channel.read(buffer);
                if (count < 0) {
                    throw new IOException("it hung up");
                }
                if (count == 0) {
                    if (System.nanoTime() > deadline) {
                        throw new IOException("it says nothing");
                    }
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
            return buffer.flip();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
