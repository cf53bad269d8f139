// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.UUID;
import org.jgroups.JChannel;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.PING;
import org.jgroups.protocols.UDP;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.util.LazyThreadFactory;
import org.jgroups.util.Util;

/** The protocols of a group, from the network upwards; docs/decisions says which others were measured. */
final class Stack {
    static {
        // No member ever sends a Java object, and nobody else's is to be brought to life here.
        System.setProperty("jgroups.deserialization.filter", "!*");
    }

    private static final int HEARTBEATS_MISSED = 6;

    private Stack() {}

    /** A channel that is not connected yet. */
    static JChannel channel(InetAddress own, String cluster, JgroupsSettings settings, EnvelopeSockets sockets)
            throws Exception {
        // JGroups remembers this machine's addresses for as long as it is loaded, and refuses one that came later.
        Util.resetCachedAddresses(true, true);
        UDP transport = new UDP();
        transport.setMulticastAddress(group(own, cluster)).setMulticastPort(settings.port());
        transport.setIpTTL(1).setBindAddr(own).setBindPort(0);
        transport.logDiscardMsgs(false).logDiscardMsgsVersion(false);
        transport.setSocketFactory(sockets);
        // Daemons: a member that is on its way out must not keep a finished program alive.
        transport.setThreadFactory(new LazyThreadFactory("jgroups", true, true));
        // Collecting messages pays where there are many; its thread is the one that is no daemon.
        transport.setBundlerType("no-bundler");
        long silence = settings.silence().toMillis();
        JChannel channel = new JChannel(
                transport,
                new PING(),
                new MERGE3().setMinInterval(500).setMaxInterval(1_500),
                new FD_ALL3().setTimeout(silence).setInterval(silence / HEARTBEATS_MISSED),
                new VERIFY_SUSPECT2().setTimeout(500),
                new NAKACK2(),
                new UNICAST3(),
                new STABLE(),
                new GMS()
                        .setJoinTimeout(500)
                        .setMaxJoinAttempts(6)
                        .setLeaveTimeout(500)
                        .printLocalAddress(false),
                new FRAG4());
        // On in JGroups: a port of its own, on which everybody may ask for anything and turn knobs.
        transport.disableDiagnostics();
        // Without a name, JGroups looks up the one of this machine, and waits for a name server that does not answer.
        return channel.setName("sciabc-" + UUID.randomUUID());
    }

    /** What JGroups calls the group: messages of another one are dropped. */
    static String name(String cluster) {
        return "sciabc-" + cluster;
    }

    /** Each cluster meets at an address of its own, which no router passes on (RFC 2365; RFC 4291, section 2.7). */
    static InetAddress group(InetAddress own, String cluster) throws UnknownHostException {
        byte[] digest = digest("sciabc jgroups " + cluster);
        byte[] group = own instanceof Inet6Address
                ? InetAddress.getByName("ff02::5c1a:bc00:0:0").getAddress()
                : new byte[] {(byte) 239, (byte) 255, 0, 0};
        group[group.length - 2] = digest[0];
        group[group.length - 1] = digest[1];
        return InetAddress.getByAddress(group);
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
