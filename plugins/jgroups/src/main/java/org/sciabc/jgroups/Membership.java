// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.MergeView;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.SciabcException;

/**
 * This process as a member of a cluster's group on one network. A member that is a node tells all others what it is when it
 * joins, and those who join later as they come.
 */
final class Membership implements AutoCloseable {
    private final Optional<byte[]> said;
    private final Observer observer;
    private final JChannel channel;

    /** Hears what happens in the group, on threads of JGroups. Its methods return quickly and never throw. */
    interface Observer {
        /** The members are these now. */
        void members(View view);

        /** A member said something. */
        void said(Address member, byte[] text);

        /** Somebody who is not of this group was heard at its address. */
        void stranger(InetAddress sender, Envelope.Verdict verdict);
    }

    private Membership(Optional<byte[]> said, Observer observer, JChannel channel) {
        this.said = said;
        this.observer = observer;
        this.channel = channel;
    }

    /**
     * Joins, which takes about half a second when nobody is there.
     *
     * @param said what this machine tells the others; absent for one that only looks
     * @throws SciabcException when that is impossible on this network
     */
    static Membership join(
            String cluster, JgroupsSettings settings, LocalInterface on, Optional<byte[]> said, Observer observer)
            throws SciabcException {
        InetAddress own = ownAddress(on);
        Envelope envelope = settings.secret()
                .<Envelope>map(secret -> new Seal(secret, cluster, new SecureRandom()))
                .orElseGet(Envelope::unsealed);
        try {
            JChannel channel = Stack.channel(
                    own,
                    cluster,
                    settings,
                    new EnvelopeSockets(envelope, sender -> isNear(sender, on), observer::stranger));
            Membership membership = new Membership(said, observer, channel);
            membership.connect(Stack.name(cluster));
            return membership;
        } catch (Exception failure) { // JGroups declares no other.
            throw new SciabcException(
                    "cannot join the group of cluster '" + cluster + "' on " + on.name() + " " + own.getHostAddress(),
                    reason(failure),
                    "is UDP port " + settings.port() + " free, and is multicast allowed there?",
                    failure);
        }
    }

    /** Says goodbye and leaves. */
    @Override
    public void close() {
        if (said.isPresent() && channel.isConnected()) {
            send(Optional.empty(), NodeText.GOODBYE);
        }
        channel.close();
    }

    private void connect(String group) throws Exception {
        try {
            channel.setDiscardOwnMessages(true).setReceiver(new Hearing());
            channel.connect(group);
            said.ifPresent(text -> send(Optional.empty(), text));
        } catch (Exception failure) {
            channel.close();
            throw failure;
        }
    }

    private void send(Optional<Address> to, byte[] text) {
        try {
            channel.send(
                    to.map(address -> new BytesMessage(address, text)).orElseGet(() -> new BytesMessage(null, text)));
        } catch (Exception leaving) { // JGroups declares no other.
            // The channel is being closed: there is nobody to tell any more.
            return;
        }
    }

    /** What JGroups calls, on its threads. */
    private final class Hearing implements Receiver {
        private List<Address> known = List.of();

        @Override
        public void viewAccepted(View view) {
            List<Address> fresh = new ArrayList<>(view.getMembers());
            fresh.removeAll(known);
            fresh.remove(channel.getAddress());
            boolean tellsAll = view instanceof MergeView;
            known = List.copyOf(view.getMembers());
            observer.members(view);
            said.ifPresent(text -> {
                if (tellsAll) {
                    send(Optional.empty(), text);
                } else {
                    fresh.forEach(member -> send(Optional.of(member), text));
                }
            });
        }

        @Override
        public void receive(Message message) {
            if (message instanceof BytesMessage && message.getLength() > 0) {
                byte[] text = new byte[message.getLength()];
                System.arraycopy(message.getArray(), message.getOffset(), text, 0, text.length);
                observer.said(message.getSrc(), text);
            }
        }
    }

    /** Whether a sender is on that network itself: a group is for the machines on one cable, and nobody behind a router. */
    static boolean isNear(InetAddress sender, LocalInterface on) {
        return on.addresses().stream()
                .anyMatch(own -> own.subnet().contains(sender) && scope(own.address()) == scope(sender));
    }

    private static int scope(InetAddress address) {
        return address instanceof Inet6Address six && six.isLinkLocalAddress() ? six.getScopeId() : 0;
    }

    private static InetAddress ownAddress(LocalInterface on) throws SciabcException {
        if (!on.multicast()) {
            throw new SciabcException(
                    "cannot meet a group on " + on.name(), "it carries no multicast", "choose another network");
        }
        return on.addresses().stream()
                .map(LocalInterface.Address::address)
                .filter(Inet4Address.class::isInstance)
                .findFirst()
                .or(() -> on.addresses().stream()
                        .map(LocalInterface.Address::address)
                        .findFirst())
                .orElseThrow(() -> new SciabcException(
                        "cannot meet a group on " + on.name(), "it has no address", "choose another network"));
    }

    private static String reason(Exception failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return Optional.ofNullable(root.getMessage()).orElse("the network refused");
    }
}
