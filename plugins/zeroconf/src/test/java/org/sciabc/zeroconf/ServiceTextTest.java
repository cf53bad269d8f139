// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ServiceTextTest {
    @Test
    void firstOfTwoValuesCounts() {
        assertThat(read(Packet.strings("user=ada", "USER=eve")).values())
                .containsOnly(java.util.Map.entry("user", "ada"));
    }

    @Test
    void keyWithoutAValueOrWithoutANameIsLeftOut() {
        assertThat(read(Packet.strings("alone", "=value", "", "a=1")).values()).containsOnlyKeys("a");
    }

    @Test
    void valueMayHoldAnEqualsSign() {
        assertThat(read(Packet.strings("hk=SHA256:abc=")).values()).containsEntry("hk", "SHA256:abc=");
    }

    @Test
    void keyWithControlCharactersIsLeftOut() {
        assertThat(read(Packet.strings("us\u0007er=eve", "kéy=1")).values()).isEmpty();
    }

    @Test
    void valueThatIsNoTextIsNamedAsUnreadable() {
        ServiceText text = read(new byte[] {8, 'u', 's', 'e', 'r', '=', (byte) 0xC3, (byte) 0x28, 'x'});

        assertThat(text.values()).isEmpty();
        assertThat(text.unreadable()).containsExactly("user");
    }

    @Test
    void lengthThatLeadsPastTheEndDamagesAllOfIt() {
        ServiceText text = read(new byte[] {3, 'a', '=', '1', (byte) 200, 'b', '=', '2'});

        assertThat(text.damage()).contains("a length in it leads past its end");
        assertThat(text.values()).isEmpty();
    }

    @Test
    void tenKilobytesAreNotRead() {
        assertThat(read(new byte[10_240]).damage()).contains("it has 10240 bytes, more than 1300");
    }

    @Test
    void emptyRecordOf2016SaysNothing() {
        assertThat(read(new byte[] {0})).isEqualTo(ServiceText.NONE);
    }

    private static ServiceText read(byte[] data) {
        return ServiceText.read(ByteBuffer.wrap(data));
    }
}
