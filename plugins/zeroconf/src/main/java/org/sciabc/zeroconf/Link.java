// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sciabc.spi.LocalInterface;

/**
 * Multicast DNS on one interface, with one of IPv4 and IPv6.
 *
 * <p>Two sockets, since neither alone will do. The one on port 5353 is bound to the group's address, not to all: it hears every
 * multicast, announcements and goodbyes included, and can steal no unicast from another responder on this machine. The other
 * has a port of its own: what it asks is answered to it alone and at once, without the 20 to 120 ms for which responders hold
 * back what goes to all, and within the second in which they do not repeat themselves (RFC 6762, sections 6 and 6.7).
 */
final class Link implements AutoCloseable {
    static final int PORT = 5_353;

    private static final int RECEIVE_BUFFER = 4 << 20;
    private static final int HOPS = 255;

    private final LocalInterface localInterface;
    private final InetAddress own;
    private final InetSocketAddress group;
    private final DatagramChannel direct;
    private final @Nullable DatagramChannel shared;
    private final Optional<String> deafBecause;

    private Link(
            LocalInterface localInterface,
            InetAddress own,
            InetSocketAddress group,
            DatagramChannel direct,
            @Nullable DatagramChannel shared,
            Optional<String> deafBecause) {
        this.localInterface = localInterface;
        this.own = own;
        this.group = group;
        this.direct = direct;
        this.shared = shared;
        this.deafBecause = deafBecause;
    }

    /**
     * Opens both sockets; when the one on port 5353 cannot be had, the link works without.
     *
     * @param own an address of the interface
     * @throws IOException when the network cannot be used at all
     */
    @SuppressWarnings("MustBeClosed") // Both are the link's, which closes them.
    static Link open(LocalInterface localInterface, IpVersion version, InetAddress own) throws IOException {
        NetworkInterface scope = NetworkInterface.getByName(localInterface.name());
        if (scope == null) {
            throw new IOException("the interface is gone");
        }
        InetSocketAddress group = new InetSocketAddress(version.group(scope), PORT);
        DatagramChannel direct = DatagramChannel.open(version.protocol());
        try {
            prepare(direct, scope);
            direct.bind(new InetSocketAddress(own, 0));
        } catch (IOException | RuntimeException failure) {
            direct.close();
            throw failure;
        }
        DatagramChannel shared = DatagramChannel.open(version.protocol());
        @Nullable String deaf = null;
        try {
            shared.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            prepare(shared, scope);
            shared.bind(group);
            shared.join(group.getAddress(), scope);
        } catch (IOException failure) {
            shared.close();
            deaf = String.valueOf(failure.getMessage());
        }
        return new Link(localInterface, own, group, direct, deaf == null ? shared : null, Optional.ofNullable(deaf));
    }

    private static void prepare(DatagramChannel channel, NetworkInterface scope) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, scope);
        channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, HOPS);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
    }

    /** Has the selector tell when something arrived, with the link's user attached. */
    void register(Selector selector, Object user) throws IOException {
        direct.register(selector, SelectionKey.OP_READ, user);
        if (shared != null) {
            shared.register(selector, SelectionKey.OP_READ, user);
        }
    }

    LocalInterface localInterface() {
        return localInterface;
    }

    /** Where this is, for people. */
    String place() {
        String address = own.getHostAddress();
        int scope = address.indexOf('%');
        return localInterface.name() + " " + (scope < 0 ? address : address.substring(0, scope));
    }

    /** Why announcements and goodbyes cannot be heard; empty when they can. */
    Optional<String> deafBecause() {
        return deafBecause;
    }

    /** Whether this was sent by this machine, from this link's address. */
    boolean isOwn(InetAddress sender) {
        return own.equals(sender);
    }

    /** Asks everybody, so that everybody hears the answers; not for a link that is deaf. */
    void ask(List<ByteBuffer> messages) throws IOException {
        if (shared != null) {
            send(shared, messages);
        }
    }

    /** Asks everybody, to be answered alone and at once. */
    void askDirectly(List<ByteBuffer> messages) throws IOException {
        send(direct, messages);
    }

    private void send(DatagramChannel channel, List<ByteBuffer> messages) throws IOException {
        for (ByteBuffer message : messages) {
            channel.send(message.duplicate(), group);
        }
    }

    /** Whether what this channel receives was sent to this machine alone. */
    boolean isDirect(DatagramChannel channel) {
        return channel == direct;
    }

    @Override
    public void close() throws IOException {
        try (direct) {
            if (shared != null) {
                shared.close();
            }
        }
    }
}
