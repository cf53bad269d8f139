// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.sweep;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * One pass over some addresses on the thread that calls: connects, never too many at once nor too fast, and hears whether an
 * SSH server speaks (RFC 4253, section 4.2: it does at once). It says nothing itself.
 */
final class Sweep {
    /** More would make a kernel drop entries of its table of neighbours, and answers with them. */
    private static final int MOST_AT_ONCE = 512;

    /** Who has accepted is worth waiting for: a small machine under load is slow to speak. */
    private static final long BANNER_PATIENCE = Duration.ofSeconds(2).toNanos();

    /** How often it is looked who has had its time. */
    private static final long GLANCE = Duration.ofMillis(20).toNanos();

    private static final String BANNER = "SSH-";

    private final int port;
    private final long patience;
    private final long pause;
    private final Consumer<InetAddress> found;
    private final ByteBuffer banner = ByteBuffer.allocate(256);
    private int tried;
    private int unreachable;

    /** One address that is being tried. */
    private static final class Attempt {
        private final InetAddress address;
        private long end;

        Attempt(InetAddress address, long end) {
            this.address = address;
            this.end = end;
        }
    }

    Sweep(SweepSettings settings, Consumer<InetAddress> found) {
        this.port = settings.port();
        this.patience = settings.patience().toNanos();
        this.pause = Duration.ofSeconds(1).toNanos() / settings.rate();
        this.found = found;
    }

    /** How many addresses were tried so far. */
    int tried() {
        return tried;
    }

    /** Whether this machine could not even begin to ask any of them. */
    boolean isCutOff() {
        return tried > 0 && unreachable == tried;
    }

    /**
     * Tries all of them.
     *
     * @param end when to stop, whatever is left, by {@link System#nanoTime}
     * @throws InterruptedException when the thread was interrupted; every connection is closed
     */
    void over(Iterator<InetAddress> addresses, long end) throws IOException, InterruptedException {
        Selector selector = Selector.open();
        try {
            long next = System.nanoTime();
            long glanced = next;
            while (addresses.hasNext() || !selector.keys().isEmpty()) {
                long now = System.nanoTime();
                if (now - end >= 0) {
                    return;
                }
                while (addresses.hasNext() && now - next >= 0 && selector.keys().size() < MOST_AT_ONCE) {
                    begin(addresses.next(), selector, now + patience);
                    next += pause;
                }
                next = addresses.hasNext() ? Math.max(next, now - pause * 10) : next;
                if (now - glanced >= GLANCE) {
                    glanced = now;
                    giveUpOverdue(selector, now);
                }
                long rest = addresses.hasNext() ? Math.min(GLANCE, next - now) : GLANCE;
                selector.select(
                        this::advance, Math.max(1, Duration.ofNanos(rest).toMillis()));
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        } finally {
            List.copyOf(selector.keys()).forEach(Sweep::close);
            selector.close();
        }
    }

    private void begin(InetAddress address, Selector selector, long end) throws IOException {
        tried++;
        SocketChannel channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            boolean accepted = channel.connect(new InetSocketAddress(address, port));
            channel.register(
                    selector,
                    accepted ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT,
                    new Attempt(address, accepted ? end - patience + BANNER_PATIENCE : end));
        } catch (IOException | UnsupportedAddressTypeException noWay) {
            channel.close();
            unreachable++;
        }
    }

    private void advance(SelectionKey key) {
        Attempt attempt = (Attempt) key.attachment();
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (key.isConnectable() && channel.finishConnect()) {
                attempt.end = System.nanoTime() + BANNER_PATIENCE;
                key.interestOps(SelectionKey.OP_READ);
            } else if (key.isReadable()) {
                boolean speaks = channel.read(banner.clear()) > 0
                        && StandardCharsets.US_ASCII
                                .decode(banner.flip())
                                .toString()
                                .startsWith(BANNER);
                close(key);
                if (speaks) {
                    found.accept(attempt.address);
                }
            }
        } catch (IOException refused) {
            close(key);
        }
    }

    private static void giveUpOverdue(Selector selector, long now) {
        for (SelectionKey key : List.copyOf(selector.keys())) {
            if (key.isValid() && now - ((Attempt) key.attachment()).end >= 0) {
                close(key);
            }
        }
    }

    private static void close(SelectionKey key) {
        key.cancel();
        try {
            key.channel().close();
        } catch (IOException alreadyBroken) {
            // Nothing is left to close.
            return;
        }
    }
}
