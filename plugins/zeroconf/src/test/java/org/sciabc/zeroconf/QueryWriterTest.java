// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QueryWriterTest {
    @Test
    void questionIsWrittenAsTheStandardSays() {
        List<ByteBuffer> messages = QueryWriter.write(List.of(Question.instancesOf(Packet.TYPE)), List.of());

        byte[] name = Packet.name(Packet.TYPE);
        assertThat(messages)
                .containsExactly(ByteBuffer.allocate(12 + name.length + 4)
                        .putInt(0)
                        .putShort((short) 1)
                        .putShort((short) 0)
                        .putInt(0)
                        .put(name)
                        .putShort((short) DnsRecord.TYPE_PTR)
                        .putShort((short) 1)
                        .flip());
    }

    @Test
    void hundredsOfKnownAnswersAreSpreadOverMessagesThatFitAFrame() throws Exception {
        List<DnsRecord.Pointer> known = IntStream.range(0, 500)
                .mapToObj(i -> new DnsRecord.Pointer(Packet.TYPE, 4_000, Packet.instance("node-" + i)))
                .toList();

        List<ByteBuffer> messages = QueryWriter.write(List.of(Question.instancesOf(Packet.TYPE)), known);

        int read = 0;
        for (ByteBuffer message : messages) {
            read += DnsMessage.read(asResponse(message)).records().size();
        }
        assertThat(read).isEqualTo(500);
        assertThat(messages)
                .hasSizeLessThan(25)
                .allSatisfy(message -> assertThat(message.remaining()).isLessThanOrEqualTo(1_440));
        assertThat(messages.subList(0, messages.size() - 1))
                .as("all but the last say that more follow")
                .allSatisfy(message -> assertThat(message.getShort(2)).isEqualTo((short) 0x0200));
        assertThat(messages.get(messages.size() - 1).getShort(2)).isZero();
    }

    /** The same bytes with the flag that has them read. */
    private static ByteBuffer asResponse(ByteBuffer message) {
        ByteBuffer copy = ByteBuffer.allocate(message.remaining())
                .put(message.duplicate())
                .flip();
        return copy.putShort(2, (short) 0x8400);
    }
}
