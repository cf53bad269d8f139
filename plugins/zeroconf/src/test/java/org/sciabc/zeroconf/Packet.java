// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** DNS messages written by hand, lies included. */
final class Packet {
    static final DnsName TYPE = NodeText.SERVICE_TYPE;

    private final ByteArrayOutputStream records = new ByteArrayOutputStream();
    private int count;

    static Packet response() {
        return new Packet();
    }

    /** A complete announcement of one node, as one responder sends it. */
    static Packet node(String host, String address, String... text) {
        return response()
                .pointer(instance(host), 4_500)
                .server(instance(host), DnsName.of(host, "local"), 120)
                .text(instance(host), 4_500, text)
                .address(DnsName.of(host, "local"), address, 120);
    }

    static DnsName instance(String host) {
        return TYPE.child(NodeText.INSTANCE_PREFIX + host);
    }

    Packet pointer(DnsName target, long ttl) {
        return record(TYPE, DnsRecord.TYPE_PTR, ttl, name(target));
    }

    /** A pointer of another type than a node's. */
    Packet pointer(DnsName name, DnsName target) {
        return record(name, DnsRecord.TYPE_PTR, 4_500, name(target));
    }

    Packet server(DnsName name, DnsName target, long ttl) {
        byte[] host = name(target);
        return record(
                name,
                DnsRecord.TYPE_SRV,
                ttl,
                ByteBuffer.allocate(6 + host.length)
                        .putInt(0)
                        .putShort((short) NodeText.SERVICE_PORT)
                        .put(host)
                        .array());
    }

    Packet text(DnsName name, long ttl, String... strings) {
        return record(name, DnsRecord.TYPE_TXT, ttl, strings(strings));
    }

    Packet address(DnsName name, String address, long ttl) {
        byte[] bytes = literal(address).getAddress();
        return record(name, bytes.length == 4 ? DnsRecord.TYPE_A : DnsRecord.TYPE_AAAA, ttl, bytes);
    }

    Packet record(DnsName name, int type, long ttl, byte[] data) {
        return lying(name, type, ttl, data.length, data);
    }

    Packet lying(DnsName name, int type, long ttl, int length, byte[] data) {
        boolean unique = type != DnsRecord.TYPE_PTR;
        records.writeBytes(name(name));
        records.writeBytes(ByteBuffer.allocate(10)
                .putShort((short) type)
                .putShort((short) (DnsRecord.CLASS_IN | (unique ? 0x8000 : 0)))
                .putInt((int) ttl)
                .putShort((short) length)
                .array());
        records.writeBytes(data);
        count++;
        return this;
    }

    Packet raw(byte... bytes) {
        records.writeBytes(bytes);
        count++;
        return this;
    }

    ByteBuffer bytes() {
        return ByteBuffer.wrap(array());
    }

    byte[] array() {
        byte[] body = records.toByteArray();
        return ByteBuffer.allocate(12 + body.length)
                .putShort((short) 0)
                .putShort((short) 0x8400)
                .putShort((short) 0)
                .putShort((short) count)
                .putInt(0)
                .put(body)
                .array();
    }

    List<DnsRecord> records() {
        try {
            return DnsMessage.read(bytes()).records();
        } catch (MalformedMessageException wrongTest) {
            throw new AssertionError(wrongTest);
        }
    }

    static byte[] name(DnsName name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : name.labels()) {
            byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
            out.write(bytes.length);
            out.writeBytes(bytes);
        }
        out.write(0);
        return out.toByteArray();
    }

    static byte[] strings(String... strings) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String string : strings) {
            byte[] bytes = string.getBytes(StandardCharsets.UTF_8);
            out.write(bytes.length);
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }

    static InetAddress literal(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException wrongTest) {
            throw new AssertionError(wrongTest);
        }
    }
}
