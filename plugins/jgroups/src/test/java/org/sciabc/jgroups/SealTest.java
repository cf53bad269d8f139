// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.sciabc.jgroups.Envelope.Opened;
import org.sciabc.jgroups.Envelope.Verdict;
import org.sciabc.spi.Secret;

class SealTest {
    private static final byte[] CONTENT = "hostname of node1".getBytes(StandardCharsets.US_ASCII);

    private final Seal one = seal("a secret that is long enough", "lab");
    private final Seal other = seal("a secret that is long enough", "lab");

    @Test
    void whoHasTheSecretReadsWhatIsSealed() {
        Opened opened = open(other, one.close(CONTENT, 0, CONTENT.length));

        assertThat(opened.verdict()).isEqualTo(Verdict.OURS);
        assertThat(opened.content()).isEqualTo(CONTENT);
    }

    @Test
    void nothingOfTheContentIsInTheDatagramAndNoTwoAreEqual() {
        byte[] first = one.close(CONTENT, 0, CONTENT.length);
        byte[] second = one.close(CONTENT, 0, CONTENT.length);

        assertThat(new String(first, StandardCharsets.ISO_8859_1)).doesNotContain("node1", "host");
        assertThat(Arrays.copyOfRange(first, 29, first.length))
                .isNotEqualTo(Arrays.copyOfRange(second, 29, second.length));
    }

    @Test
    void anotherSecretOrClusterOpensNothing() {
        byte[] sealed = one.close(CONTENT, 0, CONTENT.length);

        assertThat(open(seal("another secret, long enough", "lab"), sealed).verdict())
                .isEqualTo(Verdict.FORGED);
        assertThat(open(seal("a secret that is long enough", "lab2"), sealed).verdict())
                .isEqualTo(Verdict.FORGED);
        assertThat(open(Envelope.unsealed(), sealed).verdict()).isEqualTo(Verdict.SEALED_TO_US);
    }

    @Test
    void everyChangedBitAndEveryCutIsNoticed() {
        byte[] sealed = one.close(CONTENT, 0, CONTENT.length);
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(open(other, changed).verdict()).as("bit %d", bit).isNotEqualTo(Verdict.OURS);
        }
        for (int length = 0; length < sealed.length; length++) {
            assertThat(other.open(sealed, length).verdict())
                    .as("length %d", length)
                    .isNotEqualTo(Verdict.OURS);
        }
        assertThat(open(other, sealed).verdict()).as("what was not changed").isEqualTo(Verdict.OURS);
    }

    @Test
    void whatWasRecordedCannotBePlayedBack() {
        byte[] sealed = one.close(CONTENT, 0, CONTENT.length);

        assertThat(open(other, sealed).verdict()).isEqualTo(Verdict.OURS);
        assertThat(open(other, sealed).verdict()).isEqualTo(Verdict.REPLAYED);
    }

    @Test
    void datagramsMayOvertakeEachOther() {
        byte[] first = one.close(CONTENT, 0, CONTENT.length);
        byte[] second = one.close(CONTENT, 0, CONTENT.length);

        assertThat(open(other, second).verdict()).isEqualTo(Verdict.OURS);
        assertThat(open(other, first).verdict()).isEqualTo(Verdict.OURS);
    }

    @Test
    void openGroupTellsItsOwnDatagramsFromOthers() {
        Envelope open = Envelope.unsealed();
        byte[] datagram = open.close(CONTENT, 9, 2);

        assertThat(open(open, datagram).content()).isEqualTo("of".getBytes(StandardCharsets.US_ASCII));
        assertThat(open(one, datagram).verdict()).isEqualTo(Verdict.UNSEALED);
        assertThat(open(open, CONTENT).verdict()).isEqualTo(Verdict.NOISE);
        assertThat(open.open(new byte[0], 0).verdict()).isEqualTo(Verdict.NOISE);
    }

    private static Opened open(Envelope envelope, byte[] datagram) {
        return envelope.open(datagram, datagram.length);
    }

    private static Seal seal(String secret, String cluster) {
        return new Seal(Secret.of(secret), cluster, new SecureRandom());
    }
}
