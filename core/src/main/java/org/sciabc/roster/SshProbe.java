// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sciabc.spi.SciabcException;

/**
 * Connects to SSH servers and waits until they speak: RFC 4253, section 4.2, has the server send its banner at once. A
 * kernel accepts connections for a process that hangs, so that an accepted connection alone proves little. A server that
 * has had too many connections says so in another way ("Not allowed at this time", "Exceeded MaxStartups").
 *
 * <p>One thread serves any number of attempts.
 */
final class SshProbe implements NodeProbe {
    private static final String BANNER = "SSH-";

    /** OpenSSH's version; others count nobody, as far as is known. */
    private static final Pattern OPENSSH =
            Pattern.compile("SSH-2\\.0-OpenSSH_(?:for_Windows_)?(\\d{1,4})\\.(\\d{1,4}).*", Pattern.DOTALL);

    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final ByteBuffer banner = ByteBuffer.allocate(256);
    private volatile boolean closed;

    private SshProbe(Selector selector) {
        this.selector = selector;
    }

    static SshProbe open() throws SciabcException {
        try {
            SshProbe probe = new SshProbe(Selector.open());
            Thread thread = new Thread(probe::run, "watchdog-probe");
            thread.setDaemon(true);
            thread.start();
            return probe;
        } catch (IOException failure) {
            throw new SciabcException("cannot probe nodes", "the system gives out no more sockets", "", failure);
        }
    }

    @Override
    public Attempt attempt(Endpoint endpoint, Consumer<Reply> replies) {
        Connecting connecting = new Connecting(endpoint, replies);
        post(connecting::begin);
        return () -> post(connecting::giveUp);
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
    }

    private void post(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    private void run() {
        try (selector) {
            while (!closed) {
                selector.select(SshProbe::advance);
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
            }
            selector.keys().forEach(key -> ((Connecting) key.attachment()).giveUp());
        } catch (IOException | ClosedSelectorException failure) {
            closed = true;
        }
    }

    private static void advance(SelectionKey key) {
        if (key.isValid()) {
            ((Connecting) key.attachment()).advance(key);
        }
    }

    /** One attempt; lives on the probe's thread. */
    private final class Connecting {
        private final Endpoint endpoint;
        private final Consumer<Reply> replies;
        private Optional<SocketChannel> channel = Optional.empty();
        private boolean over;

        Connecting(Endpoint endpoint, Consumer<Reply> replies) {
            this.endpoint = endpoint;
            this.replies = replies;
        }

        void begin() {
            if (over) {
                return;
            }
            try {
                SocketChannel opened = SocketChannel.open();
                channel = Optional.of(opened);
                opened.configureBlocking(false);
                boolean accepted = opened.connect(new InetSocketAddress(endpoint.address(), endpoint.port()));
                opened.register(selector, accepted ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
                if (accepted) {
                    replies.accept(Reply.ACCEPTED);
                }
            } catch (IOException unreachable) {
                end(replyOf(unreachable));
            } catch (UnsupportedAddressTypeException | UnresolvedAddressException noSuchNetwork) {
                // An IPv6 address, where this machine has no IPv6 at all.
                end(Reply.FAILED);
            }
        }

        void advance(SelectionKey key) {
            SocketChannel connected = (SocketChannel) key.channel();
            try {
                if (key.isConnectable() && connected.finishConnect()) {
                    key.interestOps(SelectionKey.OP_READ);
                    replies.accept(Reply.ACCEPTED);
                }
                if (key.isReadable()) {
                    end(connected.read(banner.clear()) > 0 ? said() : Reply.FAILED);
                }
            } catch (IOException broken) {
                end(replyOf(broken));
            }
        }

        /** A machine refuses at once; that there is none, its neighbours say, sooner or later. */
        private static Reply replyOf(IOException failure) {
            boolean isRefused = failure instanceof ConnectException
                    && String.valueOf(failure.getMessage()).contains("refused");
            return isRefused ? Reply.REFUSED : Reply.FAILED;
        }

        private Reply said() {
            String beginning = StandardCharsets.US_ASCII.decode(banner.flip()).toString();
            boolean isBanner = beginning.startsWith(BANNER) || BANNER.startsWith(beginning);
            if (!isBanner) {
                return Reply.TURNED_AWAY;
            }
            return counts(beginning) ? Reply.ANSWERED_COUNTING : Reply.ANSWERED;
        }

        private static boolean counts(String banner) {
            Matcher version = OPENSSH.matcher(banner);
            if (!version.matches()) {
                return false;
            }
            int major = Integer.parseInt(version.group(1));
            return major > 9 || (major == 9 && Integer.parseInt(version.group(2)) >= 8);
        }

        void giveUp() {
            over = true;
            channel.ifPresent(SshProbe::closeQuietly);
        }

        private void end(Reply reply) {
            giveUp();
            replies.accept(reply);
        }
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException alreadyBroken) {
            // Nothing is left to close, and nobody waits for this connection.
            return;
        }
    }
}
