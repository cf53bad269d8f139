// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndMarkTest {
    private static final EndMark MARK = new EndMark("\u001eabc");

    private final List<Integer> ended = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1_000})
    void marksDisappearHoweverTheOutputIsCut(int length) throws Exception {
        String output =
                "no line feed\u001eabc0\nline\n\u001eabc137\n\u001e\u001eab\u001eabd\u001eabc3\n\u001eabc0\nend\n";

        assertThat(passed(output, length)).isEqualTo("no line feedline\n\u001e\u001eab\u001eabdend\n");
        assertThat(ended).containsExactly(0, 137, 3, 0);
    }

    private String passed(String output, int length) throws Exception {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        OutputStream stream = MARK.removedFrom(seen, ended::add);
        byte[] bytes = output.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < bytes.length; at += length) {
            stream.write(bytes, at, Math.min(length, bytes.length - at));
        }
        return seen.toString(StandardCharsets.UTF_8);
    }
}
