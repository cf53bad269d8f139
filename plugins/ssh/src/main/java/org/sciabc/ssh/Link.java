// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.Socket;
import java.net.SocketOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.connection.ConnectionImpl;
import net.schmizz.sshj.transport.Transport;
import net.schmizz.sshj.transport.TransportImpl;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;

/**
 * The encrypted connection to one node, whose host key is verified. It knows when it last heard something, and ends itself
 * when a write does not get through: with TCP alone that takes a quarter of an hour.
 */
final class Link {
    /** What may be under way towards us on one channel; with 256 nodes at once, 256 times as much. */
    static final int WINDOW = 512 * 1024;

    private static final Duration FAREWELL = Duration.ofMillis(500);

    /** What is smaller is more likely to be waited for than what comes in bulk. */
    private static final int SMALL = 1_024;

    private final Socket socket;
    private final Optional<SocketOption<Boolean>> atOnce;
    private final TransportImpl transport;
    private final ConnectionImpl connection;
    private final Duration patience;
    private final ScheduledFuture<?> guard;

    /** Two messages: our name, and our proposal. */
    private final CountDownLatch proposed = new CountDownLatch(2);

    private volatile long lastHeard = System.nanoTime();
    private volatile long writingSince;
    private volatile boolean writing;
    private volatile boolean closed;
    private volatile Future<?> busyWith = CompletableFuture.completedFuture(null);

    private Link(Socket socket, Duration patience) {
        this.socket = socket;
        this.atOnce = acknowledgeAtOnce(socket);
        this.patience = patience;
        SshjConfig config = SshjConfig.shared();
        this.transport = new TransportImpl(config);
        // Time is kept by deadlines that can be paused, and by the one who waits for a command.
        this.transport.setTimeoutMs(Integer.MAX_VALUE);
        this.connection = new ConnectionImpl(transport, config.getKeepAliveProvider());
        this.connection.setWindowSize(WINDOW);
        this.guard = Workers.TIMER.scheduleWithFixedDelay(new Guard(), 1, 1, TimeUnit.SECONDS);
    }

    /**
     * Exchanges keys and has the host key verified.
     *
     * @param patience how long a write may take
     */
    static Link open(Reached reached, HostKeyVerifier verifier, Duration patience) throws IOException {
        Link link = new Link(reached.socket(), patience);
        link.transport.addHostKeyVerifier(verifier);
        InputStream in = link.new Gate(new SequenceInputStream(
                new ByteArrayInputStream(reached.greeting().bytes()),
                new BufferedInputStream(link.new Heard(reached.socket().getInputStream()), 32 * 1024)));
        // By name, because sshj looks the name of an address up where it is given none.
        OutputStream out = link.new Watched(reached.socket().getOutputStream());
        try {
            link.transport.init(
                    reached.endpoint().address().getHostAddress(),
                    reached.endpoint().port(),
                    in,
                    out);
            link.transport.doKex();
            return link;
        } catch (IOException | RuntimeException failure) {
            link.close();
            throw failure;
        }
    }

    Transport transport() {
        return transport;
    }

    ConnectionImpl connection() {
        return connection;
    }

    /** Whether there is still somebody who could be heard. */
    boolean isOpen() {
        return !closed && transport.isRunning();
    }

    /** For how long nothing was heard. */
    Duration silence() {
        return Duration.ofNanos(System.nanoTime() - lastHeard);
    }

    /** Asks for a sign of life, unless a write is under way that would make this one wait. */
    void askForSignOfLife() throws IOException {
        if (!writing) {
            connection.sendGlobalRequest("keepalive@openssh.com", true, new byte[0]);
        }
    }

    /** What has to be through before this is closed in peace. It comes to its end by itself. */
    void isBusyWith(Future<?> work) {
        busyWith = work;
    }

    /** Closes it, when what was begun is through. */
    void closeInPeace() {
        try {
            busyWith.get();
        } catch (ExecutionException failed) {
            // It is through all the same.
            return;
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        } finally {
            close();
        }
    }

    /** Says goodbye where that is quick, and closes. May be called from any thread, and again. */
    void close() {
        closed = true;
        guard.cancel(false);
        ScheduledFuture<?> hard = Workers.TIMER.schedule(new Cut(), FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
        transport.disconnect();
        closeSocket();
        hard.cancel(false);
    }

    /** The option is Linux's; elsewhere, and in a Java runtime without the module jdk.net, there is none. */
    @SuppressWarnings("unchecked")
    private static Optional<SocketOption<Boolean>> acknowledgeAtOnce(Socket socket) {
        for (SocketOption<?> option : socket.supportedOptions()) {
            if (option.name().equals("TCP_QUICKACK") && option.type() == Boolean.class) {
                return Optional.of((SocketOption<Boolean>) option);
            }
        }
        return Optional.empty();
    }

    /** Has to be said again and again: the kernel falls back into waiting. */
    private void acknowledge() throws IOException {
        if (atOnce.isPresent()) {
            socket.setOption(atOnce.get(), true);
        }
    }

    /** Ends the connection when a write does not get through. */
    private final class Guard implements Runnable {
        @Override
        public void run() {
            if (writing && System.nanoTime() - writingSince > patience.toNanos()) {
                closeSocket();
            }
        }
    }

    /** Ends the connection where saying goodbye takes too long. */
    private final class Cut implements Runnable {
        @Override
        public void run() {
            closeSocket();
        }
    }

    private void closeSocket() {
        try {
            socket.close();
        } catch (IOException broken) {
            // Nothing more was wanted of it.
            return;
        }
    }

    /**
     * Keeps sshj's reader of packets waiting until we have made our proposal for the exchange of keys. When it fails before
     * that, as it does over garbage, sshj forgets the failure and waits for ever.
     */
    private final class Gate extends FilterInputStream {
        Gate(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                proposed.await();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
            return super.read(target, offset, length);
        }
    }

    /**
     * Notes when something was heard, and acknowledges it at once: an sshd that has something more to say waits for that
     * (it has not asked for TCP_NODELAY while somebody logs in), and without being told the kernel takes 40 ms.
     */
    private final class Heard extends FilterInputStream {
        Heard(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = super.read(target, offset, length);
            lastHeard = System.nanoTime();
            if (count < SMALL) {
                acknowledge();
            }
            return count;
        }
    }

    /** Notes when a write began, for the {@link Guard}. */
    private final class Watched extends FilterOutputStream {
        Watched(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            writingSince = System.nanoTime();
            writing = true;
            try {
                out.write(source, offset, length);
            } finally {
                writing = false;
                proposed.countDown();
            }
        }
    }
}
