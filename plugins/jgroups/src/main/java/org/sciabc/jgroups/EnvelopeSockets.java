// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.SocketAddress;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jgroups.util.DefaultSocketFactory;
import org.jspecify.annotations.Nullable;

/** Gives JGroups sockets that hear and say nothing but what stands in an envelope. */
final class EnvelopeSockets extends DefaultSocketFactory {
    private final Envelope envelope;
    private final Predicate<InetAddress> near;
    private final BiConsumer<InetAddress, Envelope.Verdict> refused;

    /**
     * A factory.
     *
     * @param near whether a sender is on the network that the sockets are for
     * @param refused is told of each datagram from there that is not handed on
     */
    EnvelopeSockets(Envelope envelope, Predicate<InetAddress> near, BiConsumer<InetAddress, Envelope.Verdict> refused) {
        this.envelope = envelope;
        this.near = near;
        this.refused = refused;
    }

    @Override
    public MulticastSocket createMulticastSocket(String service) throws IOException {
        return createMulticastSocket(service, 0);
    }

    @Override
    public MulticastSocket createMulticastSocket(String service, int port) throws IOException {
        return createMulticastSocket(service, new InetSocketAddress(port));
    }

    @Override
    public MulticastSocket createMulticastSocket(String service, @Nullable SocketAddress bound) throws IOException {
        return new EnvelopeSocket(bound, envelope, near, refused);
    }
}
