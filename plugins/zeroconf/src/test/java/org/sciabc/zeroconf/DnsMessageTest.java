// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DnsMessageTest {
    private static final DnsName HOST = DnsName.of("pi", "local");

    @Test
    void announcementIsReadCompletely() throws Exception {
        DnsMessage message =
                DnsMessage.read(Packet.node("pi", "10.0.0.7", "v=1", "user=ada").bytes());

        assertThat(message.response()).isTrue();
        assertThat(message.records())
                .containsExactly(
                        new DnsRecord.Pointer(Packet.TYPE, 4_500, Packet.instance("pi")),
                        new DnsRecord.Server(Packet.instance("pi"), 120, NodeText.SERVICE_PORT, HOST),
                        new DnsRecord.Text(
                                Packet.instance("pi"),
                                4_500,
                                ServiceText.read(ByteBuffer.wrap(Packet.strings("v=1", "user=ada")))),
                        new DnsRecord.Address(HOST, 120, true, Packet.literal("10.0.0.7")));
    }

    @Test
    void nameThatPointsBackIsFollowed() throws Exception {
        // The pointer's data is "x" and then a pointer to offset 12, the name of the record itself.
        Packet packet =
                Packet.response().record(Packet.TYPE, DnsRecord.TYPE_PTR, 9, new byte[] {1, 'x', (byte) 0xC0, 12});

        assertThat(DnsMessage.read(packet.bytes()).records())
                .containsExactly(new DnsRecord.Pointer(Packet.TYPE, 9, Packet.TYPE.child("x")));
    }

    @Test
    void recordsOfAQueryAreNoFacts() throws Exception {
        byte[] query = Packet.node("pi", "10.0.0.7").array();
        query[2] = 0;

        assertThat(DnsMessage.read(ByteBuffer.wrap(query)).records()).isEmpty();
    }

    @Test
    void wellFramedNonsenseIsSkippedAndTheRestIsRead() throws Exception {
        Packet packet = Packet.response()
                .record(HOST, DnsRecord.TYPE_A, 120, new byte[3])
                .record(HOST, 47, 120, new byte[5])
                .record(Packet.TYPE, DnsRecord.TYPE_PTR, 120, new byte[] {1, (byte) 0xFF, 0})
                .address(HOST, "10.0.0.7", 120);

        assertThat(DnsMessage.read(packet.bytes()).records())
                .containsExactly(new DnsRecord.Address(HOST, 120, true, Packet.literal("10.0.0.7")));
    }

    @Nested
    class Refused {
        @ParameterizedTest
        @ValueSource(ints = {1, 2, 100, 60_000, 65_532})
        void lengthThatLeadsOutside(int excess) {
            Packet packet = Packet.response().lying(HOST, DnsRecord.TYPE_TXT, 120, excess + 3, new byte[3]);

            assertThatThrownBy(() -> DnsMessage.read(packet.bytes())).isInstanceOf(MalformedMessageException.class);
        }

        @Test
        void nameThatPointsAtItself() {
            assertThatThrownBy(() -> DnsMessage.read(
                            Packet.response().raw((byte) 0xC0, (byte) 12).bytes()))
                    .isInstanceOf(MalformedMessageException.class);
        }

        @Test
        void nameThatPointsForward() {
            assertThatThrownBy(() -> DnsMessage.read(
                            Packet.response().raw((byte) 0xC0, (byte) 40).bytes()))
                    .isInstanceOf(MalformedMessageException.class);
        }

        @Test
        void nameThatGoesRoundInCircles() {
            // At offset 12: the label "a", then a pointer to offset 12.
            assertThatThrownBy(() -> DnsMessage.read(Packet.response()
                            .raw((byte) 1, (byte) 'a', (byte) 0xC0, (byte) 12)
                            .bytes()))
                    .isInstanceOf(MalformedMessageException.class);
        }

        @Test
        void moreRecordsThanThereAre() {
            byte[] packet = Packet.node("pi", "10.0.0.7").array();
            packet[6] = (byte) 0xFF;

            assertThatThrownBy(() -> DnsMessage.read(ByteBuffer.wrap(packet)))
                    .isInstanceOf(MalformedMessageException.class);
        }

        @Test
        void nothingAtAll() {
            assertThatThrownBy(() -> DnsMessage.read(ByteBuffer.allocate(0)))
                    .isInstanceOf(MalformedMessageException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void anyChangedBytesAreReadOrRefusedButNeverAnythingElse(long seed) {
        Random random = new Random(seed);
        byte[] whole = Packet.node("pi", "10.0.0.7", "v=1", "id=0123456789", "cores=4")
                .address(HOST, "fe80::1", 120)
                .array();
        int readable = 0;
        int refusals = 0;
        for (int i = 0; i < 5_000; i++) {
            byte[] changed = whole.clone();
            for (int changes = random.nextInt(1, 8); changes > 0; changes--) {
                changed[random.nextInt(2, changed.length)] = (byte) random.nextInt();
            }
            try {
                DnsMessage message = DnsMessage.read(ByteBuffer.wrap(changed, 0, random.nextInt(changed.length) + 1));
                readable += message.records().isEmpty() ? 0 : 1;
            } catch (MalformedMessageException refused) {
                refusals++;
            }
        }
        assertThat(readable).isPositive();
        assertThat(refusals).isPositive();
    }
}
