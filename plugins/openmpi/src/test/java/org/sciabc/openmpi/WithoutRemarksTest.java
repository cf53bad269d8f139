// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the run-time says of itself is not in the way of what a job says. */
class WithoutRemarksTest {
    private static final String REMARK =
            "[wm:09032] plm:ssh: Warning: setpgid(9039,9039) failed in parent with errno=Permission denied(13)\n";

    private final ByteArrayOutputStream passed = new ByteArrayOutputStream();
    private final WithoutRemarks filter = new WithoutRemarks(passed);

    @Test
    void aRemarkIsLeftOut() throws IOException {
        String ofVersion4 = REMARK.replace("plm:ssh", "plm:rsh");

        write("one\n" + REMARK + ofVersion4 + "two\n");

        assertThat(passed()).isEqualTo("one\ntwo\n");
    }

    @Test
    void itIsLeftOutWhenItComesInPieces() throws IOException {
        for (int at = 0; at < REMARK.length(); at++) {
            filter.write(REMARK.charAt(at));
        }
        write("two");

        assertThat(passed()).isEqualTo("two");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[wm:09032] plm:ssh: something else\n",
                "[wm:09032] plm:ssh: Warning: setpgid(1,1) failed in child\n",
                "[1/5] progress",
                "[",
                "x" + REMARK,
                "\n\n[\u00ff\u0000\n",
                "continue? [y/n: ",
            })
    void everythingElsePassesWhenItIsFlushed(String said) throws IOException {
        write(said);
        filter.flush();

        assertThat(passed()).isEqualTo(said);
    }

    @Test
    void whatBeganAsSomethingElseIsPassedToItsEnd() throws IOException {
        write("[wm:09032] plm:");
        filter.flush();
        write("ssh: Warning: setpgid(1,1) failed in parent with errno=1\n" + REMARK);

        assertThat(passed()).isEqualTo("[wm:09032] plm:ssh: Warning: setpgid(1,1) failed in parent with errno=1\n");
    }

    private void write(String text) throws IOException {
        filter.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String passed() {
        return passed.toString(StandardCharsets.ISO_8859_1);
    }
}
