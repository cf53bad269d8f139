// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a DNS message says (RFC 1035, section 4; RFC 6762, section 18).
 *
 * <p>Read with suspicion: a length or an offset that leads outside of the message, or a name that never ends, makes the whole
 * message unreadable; a record that is well framed and holds nonsense is skipped.
 *
 * @param response whether it answers; a query's records are somebody's knowledge or wish, not facts, and are left out
 * @param records the answers, and what was added to them
 */
record DnsMessage(boolean response, List<DnsRecord> records) {
    private static final int HEADER = 12;
    private static final int RESPONSE_FLAG = 0x8000;
    private static final int UNIQUE_FLAG = 0x8000;
    private static final int POINTER_FLAG = 0xC0;
    private static final int NAME_LIMIT = 255;

    DnsMessage {
        records = List.copyOf(records);
    }

    /**
     * Reads a message.
     *
     * @param bytes the message, from position zero to the limit
     */
    static DnsMessage read(ByteBuffer bytes) throws MalformedMessageException {
        ByteBuffer in = bytes.duplicate();
        if (in.remaining() < HEADER) {
            throw new MalformedMessageException("shorter than a header");
        }
        in.getShort();
        boolean response = (in.getShort() & RESPONSE_FLAG) != 0;
        if (!response) {
            return new DnsMessage(false, List.of());
        }
        int questions = unsignedShort(in);
        int answers = unsignedShort(in) + unsignedShort(in) + unsignedShort(in);
        for (int i = 0; i < questions; i++) {
            name(in);
            require(in, 4);
            in.getInt();
        }
        List<DnsRecord> records = new ArrayList<>();
        for (int i = 0; i < answers; i++) {
            record(in).ifPresent(records::add);
        }
        return new DnsMessage(true, records);
    }

    private static Optional<DnsRecord> record(ByteBuffer in) throws MalformedMessageException {
        Optional<DnsName> name = name(in);
        require(in, 10);
        int type = unsignedShort(in);
        int classAndFlag = unsignedShort(in);
        long ttl = in.getInt() & 0xFFFF_FFFFL;
        int length = unsignedShort(in);
        require(in, length);
        // Not a slice: names inside the data may point back to anywhere in the message.
        ByteBuffer data = in.duplicate().limit(in.position() + length);
        in.position(in.position() + length);
        if (name.isEmpty() || (classAndFlag & ~UNIQUE_FLAG) != DnsRecord.CLASS_IN) {
            return Optional.empty();
        }
        boolean unique = (classAndFlag & UNIQUE_FLAG) != 0;
        return switch (type) {
            case DnsRecord.TYPE_PTR -> name(data).map(target -> new DnsRecord.Pointer(name.get(), ttl, target));
            case DnsRecord.TYPE_SRV -> server(name.get(), ttl, data);
            case DnsRecord.TYPE_TXT -> Optional.of(new DnsRecord.Text(name.get(), ttl, ServiceText.read(data)));
            case DnsRecord.TYPE_A -> address(name.get(), ttl, unique, data, 4);
            case DnsRecord.TYPE_AAAA -> address(name.get(), ttl, unique, data, 16);
            default -> Optional.empty();
        };
    }

    private static Optional<DnsRecord> server(DnsName name, long ttl, ByteBuffer data)
            throws MalformedMessageException {
        require(data, 6);
        data.getInt();
        int port = unsignedShort(data);
        return name(data).map(target -> new DnsRecord.Server(name, ttl, port, target));
    }

    private static Optional<DnsRecord> address(DnsName name, long ttl, boolean unique, ByteBuffer data, int length) {
        if (data.remaining() != length) {
            return Optional.empty();
        }
        byte[] bytes = new byte[length];
        data.get(bytes);
        try {
            return Optional.of(new DnsRecord.Address(name, ttl, unique, InetAddress.getByAddress(bytes)));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * Reads a name and stops behind it.
     *
     * @return empty when it is well framed but not text
     */
    private static Optional<DnsName> name(ByteBuffer in) throws MalformedMessageException {
        List<String> labels = new ArrayList<>();
        ByteBuffer at = in;
        int total = 0;
        boolean text = true;
        while (true) {
            require(at, 1);
            int start = at.position();
            int length = at.get() & 0xFF;
            if (length == 0) {
                return text ? Optional.of(DnsName.of(labels)) : Optional.empty();
            }
            if ((length & POINTER_FLAG) == POINTER_FLAG) {
                require(at, 1);
                int target = (length & ~POINTER_FLAG) << 8 | (at.get() & 0xFF);
                // Only ever backwards: so it ends.
                if (target >= start) {
                    throw new MalformedMessageException("a name that points forward");
                }
                at = at.duplicate().position(target);
                continue;
            }
            if ((length & POINTER_FLAG) != 0) {
                throw new MalformedMessageException("an unknown kind of label");
            }
            total += length + 1;
            if (total > NAME_LIMIT) {
                throw new MalformedMessageException("a name without an end");
            }
            require(at, length);
            Optional<String> label = utf8(at.slice(at.position(), length));
            at.position(at.position() + length);
            text &= label.isPresent();
            label.ifPresent(labels::add);
        }
    }

    /** Decodes strictly; empty when the bytes are not UTF-8. */
    static Optional<String> utf8(ByteBuffer bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException notText) {
            return Optional.empty();
        }
    }

    private static int unsignedShort(ByteBuffer in) {
        return in.getShort() & 0xFFFF;
    }

    private static void require(ByteBuffer in, int length) throws MalformedMessageException {
        if (in.remaining() < length) {
            throw new MalformedMessageException("a length that leads outside of the message");
        }
    }
}
