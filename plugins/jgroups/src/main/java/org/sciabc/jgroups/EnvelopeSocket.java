// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.MulticastSocket;
import java.net.SocketAddress;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A socket that packs what it sends, and hands on only what its envelope opens: everything else ends here. */
final class EnvelopeSocket extends MulticastSocket {
    private static final int LARGEST = 65_536;

    private final Envelope envelope;
    private final Predicate<InetAddress> near;
    private final BiConsumer<InetAddress, Envelope.Verdict> refused;
    private final byte[] buffer = new byte[LARGEST];

    /**
     * A socket.
     *
     * @param bound where it is bound to; null for one that is not bound yet
     * @param near whether a sender is on the network that this socket is for
     * @param refused is told of each datagram from there that is not handed on
     */
    EnvelopeSocket(
            @Nullable SocketAddress bound,
            Envelope envelope,
            Predicate<InetAddress> near,
            BiConsumer<InetAddress, Envelope.Verdict> refused)
            throws IOException {
        super(bound);
        this.envelope = envelope;
        this.near = near;
        this.refused = refused;
    }

    @Override
    public void send(DatagramPacket packet) throws IOException {
        byte[] closed = envelope.close(packet.getData(), packet.getOffset(), packet.getLength());
        super.send(new DatagramPacket(closed, closed.length, packet.getSocketAddress()));
    }

    @Override
    public synchronized void receive(DatagramPacket packet) throws IOException {
        while (true) {
            // The length of a packet that is used again bounds what it takes: a fresh one takes all.
            DatagramPacket arrived = new DatagramPacket(buffer, buffer.length);
            super.receive(arrived);
            if (!near.test(arrived.getAddress())) {
                // Routers pass on what is sent to this machine alone: nobody further away is to be heard.
                continue;
            }
            Envelope.Opened opened = envelope.open(arrived.getData(), arrived.getLength());
            if (opened.verdict() == Envelope.Verdict.OURS) {
                // Into the buffer that is there: JGroups reads that, and not what the packet says.
                System.arraycopy(opened.content(), 0, packet.getData(), packet.getOffset(), opened.content().length);
                packet.setLength(opened.content().length);
                packet.setSocketAddress(arrived.getSocketAddress());
                return;
            }
            refused.accept(arrived.getAddress(), opened.verdict());
        }
    }
}
