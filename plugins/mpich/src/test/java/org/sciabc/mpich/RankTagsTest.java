// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.mpich;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RankTagsTest {
    private static final String KEY = "k3y";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final RankTags tags = new RankTags(out, KEY, Map.of("10.0.3.1", "node1", "10.0.3.2", "nöde2"));

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void linesOfSeveralRanksThatComeInPiecesArePutTogether(int size) throws IOException {
        write(piece(0, "out ") + piece(1, "other\n") + piece(0, "0 ä\n") + piece(1, "last") + piece(0, "\n"), size);
        tags.finish();

        assertThat(text()).isEqualTo("[1 nöde2] other\n[0 node1] out 0 ä\n[0 node1] \n[1 nöde2] last\n");
    }

    @Test
    void whatLooksLikeATagWithoutTheKeyIsOutput() throws IOException {
        String forged = "\u001ekey 1 10.0.3.2\u001f and \u001e\u001ek3x";
        write(piece(0, forged + "\n"), 5);

        assertThat(text()).isEqualTo("[0 node1] " + forged + "\n");
    }

    @Test
    void whatHydraSaysItselfHasNoTag() throws IOException {
        write(piece(0, "out\n") + "[mpiexec@manager] failed\n" + piece(1, "on\n"), 4);

        assertThat(text()).isEqualTo("[0 node1] out\n[mpiexec@manager] failed\n[1 nöde2] on\n");
    }

    @Test
    void bytesThatAreNoTextStayWhatTheyAre() throws IOException {
        tags.write(RankTags.pattern(KEY)
                .replace("%r", "7")
                .replace("%h", "10.9.9.9")
                .getBytes(StandardCharsets.UTF_8));
        tags.write(new byte[] {(byte) 0xFF, 0, (byte) 0xC3, '\n'});

        assertThat(out.toByteArray())
                .startsWith("[7 10.9.9.9] ".getBytes(StandardCharsets.UTF_8))
                .endsWith((byte) 0xFF, (byte) 0, (byte) 0xC3, (byte) '\n');
    }

    private static String piece(int rank, String text) {
        return RankTags.pattern(KEY).replace("%r", Integer.toString(rank)).replace("%h", "10.0.3." + (rank + 1)) + text;
    }

    private void write(String text, int size) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < bytes.length; at += size) {
            tags.write(bytes, at, Math.min(size, bytes.length - at));
        }
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
