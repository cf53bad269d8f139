// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes questions, together with the answers that are known and need not be given again (RFC 6762, section 7.1). */
final class QueryWriter {
    /** Fits into one Ethernet frame over IPv6. */
    private static final int SIZE_LIMIT = 1_440;

    private static final int MORE_KNOWN_ANSWERS_FLAG = 0x0200;
    private static final int POINTER_FLAG = 0xC000;

    private final List<ByteBuffer> messages = new ArrayList<>();
    private final Map<DnsName, Integer> offsets = new HashMap<>();
    private ByteBuffer out = ByteBuffer.allocate(SIZE_LIMIT);
    private int questions;
    private int answers;

    private QueryWriter() {
        begin();
    }

    /**
     * Writes as many messages as it takes.
     *
     * @param known pointers with the time to live that they still have
     */
    static List<ByteBuffer> write(List<Question> questions, List<DnsRecord.Pointer> known) {
        QueryWriter writer = new QueryWriter();
        questions.forEach(writer::question);
        known.forEach(writer::known);
        writer.end();
        return writer.messages;
    }

    private void question(Question question) {
        if (out.remaining() < longest(question.name()) + 4) {
            end();
        }
        name(question.name());
        out.putShort((short) question.type()).putShort((short) DnsRecord.CLASS_IN);
        questions++;
    }

    private void known(DnsRecord.Pointer pointer) {
        if (out.remaining() < longest(pointer.name()) + longest(pointer.target()) + 10) {
            out.putShort(2, (short) MORE_KNOWN_ANSWERS_FLAG);
            end();
        }
        name(pointer.name());
        out.putShort((short) DnsRecord.TYPE_PTR).putShort((short) DnsRecord.CLASS_IN);
        out.putInt((int) pointer.ttl());
        int length = out.position();
        out.putShort((short) 0);
        name(pointer.target());
        out.putShort(length, (short) (out.position() - length - 2));
        answers++;
    }

    private void name(DnsName name) {
        List<String> labels = name.labels();
        for (int i = 0; i < labels.size(); i++) {
            DnsName rest = DnsName.of(labels.subList(i, labels.size()));
            Integer earlier = offsets.get(rest);
            if (earlier != null) {
                out.putShort((short) (POINTER_FLAG | earlier));
                return;
            }
            offsets.put(rest, out.position());
            byte[] label = labels.get(i).getBytes(StandardCharsets.UTF_8);
            out.put((byte) label.length).put(label);
        }
        out.put((byte) 0);
    }

    private static int longest(DnsName name) {
        return name.labels().stream()
                        .mapToInt(label -> label.getBytes(StandardCharsets.UTF_8).length + 1)
                        .sum()
                + 1;
    }

    private void begin() {
        out = ByteBuffer.allocate(SIZE_LIMIT);
        out.position(12);
        offsets.clear();
        questions = 0;
        answers = 0;
    }

    private void end() {
        if (questions + answers > 0) {
            out.putShort(4, (short) questions).putShort(6, (short) answers);
            messages.add(out.flip());
        }
        begin();
    }
}
