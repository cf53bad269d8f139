// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What differs between nodes that were to say the same. */
class ComparedOutputTest {
    @Test
    void whereAllSayTheSameThereIsNothing() {
        assertThat(compared("one\ntwo\n", "one\ntwo\n")).isEmpty();
    }

    @Test
    void aLineThatDiffersIsShownWithWhatIsAroundIt() {
        assertThat(compared("one\ntwo\n", "one\nzwei\n")).contains("+++ node3\n", " one\n-two\n+zwei\n");
    }

    @Test
    void endsOfLinesAreADifference() {
        assertThat(compared("one\ntwo\n", "one\r\ntwo\n")).contains("-one\n+one\r\n two\n");
        assertThat(compared("one\n", "one")).contains("+\\ No newline at end of file");
    }

    @Test
    void bytesThatAreNoTextAreADifferenceToo() {
        assertThat(compared("\u00e4", "\u00f6", true)).contains("+++ node3", "they differ in bytes that are no text");
    }

    private static String compared(String ofTwo, String ofOne) {
        return compared(ofTwo, ofOne, false);
    }

    private static String compared(String ofTwo, String ofOne, boolean isLatin) {
        var charset = isLatin ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
        GatheredOutput gathered = new GatheredOutput();
        gathered.add("node1", ofTwo.getBytes(charset));
        gathered.add("node2", ofTwo.getBytes(charset));
        gathered.add("node3", ofOne.getBytes(charset));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ComparedOutput.print(gathered, new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }
}
