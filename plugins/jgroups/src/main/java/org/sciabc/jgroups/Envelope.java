// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What every datagram of a group stands in, so that nothing from elsewhere reaches JGroups: four bytes that say whose it is, one
 * that says whether it is sealed, and the rest.
 */
interface Envelope {
    /** What stands at the beginning of every datagram: {@code SCJ1}. */
    int MARK = 0x53434A31;

    /** The bytes of the mark and of what follows it, which says how the rest is packed. */
    int PREFIX = Integer.BYTES + 1;

    /** After {@link #MARK}: everybody can read the rest. */
    byte OPEN = 0;

    /** After {@link #MARK}: the rest is encrypted and authenticated. */
    byte SEALED = 1;

    /** What came of opening. */
    enum Verdict {
        /** It is one of ours; the content is there. */
        OURS,
        /** It is not of this kind of datagram at all. */
        NOISE,
        /** It is open, and this group is sealed. */
        UNSEALED,
        /** It is sealed, and this group is open. */
        SEALED_TO_US,
        /** It is sealed with another secret, or was changed on its way. */
        FORGED,
        /** It was here before: somebody plays back what was recorded, or the network doubles packets. */
        REPLAYED
    }

    /** What became of a datagram. */
    final class Opened {
        private final Verdict verdict;
        private final byte[] content;

        private Opened(Verdict verdict, byte[] content) {
            this.verdict = verdict;
            this.content = content;
        }

        /** One of ours. */
        static Opened ours(byte[] content) {
            return new Opened(Verdict.OURS, content);
        }

        /** One that is not handed on. */
        static Opened not(Verdict verdict) {
            return new Opened(verdict, new byte[0]);
        }

        Verdict verdict() {
            return verdict;
        }

        /** Empty unless it is ours. Belongs to whoever opened it. */
        byte[] content() {
            return content;
        }
    }

    /** Packs a content. May be called from any thread. */
    byte[] close(byte[] content, int offset, int length);

    /** Opens a datagram. May be called from any thread. */
    Opened open(byte[] datagram, int length);

    /** The kind of a datagram, or empty when it is none of this protocol. */
    static Verdict kind(byte[] datagram, int length) {
        if (length < PREFIX || ByteBuffer.wrap(datagram).getInt() != MARK) {
            return Verdict.NOISE;
        }
        return switch (datagram[PREFIX - 1]) {
            case OPEN -> Verdict.UNSEALED;
            case SEALED -> Verdict.SEALED_TO_US;
            default -> Verdict.NOISE;
        };
    }

    /** The envelope of a group without a secret: it only tells its own datagrams from others. */
    static Envelope unsealed() {
        return new Envelope() {
            @Override
            public byte[] close(byte[] content, int offset, int length) {
                return ByteBuffer.allocate(PREFIX + length)
                        .putInt(MARK)
                        .put(OPEN)
                        .put(content, offset, length)
                        .array();
            }

            @Override
            public Opened open(byte[] datagram, int length) {
                Verdict kind = kind(datagram, length);
                return kind == Verdict.UNSEALED
                        ? Opened.ours(Arrays.copyOfRange(datagram, PREFIX, length))
                        : Opened.not(kind);
            }
        };
    }
}
