// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;

class ProbeTest {
    @Test
    void anAnswerIsReadByItsFirstWords() {
        assertThat(Probe.words("version 4.1.4 rc1\nstarter\nversion 5\nfolder  /a b \n"))
                .containsExactly(entry("version", "4.1.4 rc1"), entry("starter", ""), entry("folder", "/a b"));
    }

    @Test
    void whatIsNotPrintableIsNotKept() {
        assertThat(Probe.words("folder \u001b[31m/usr\u202e/bin\nlong " + "x".repeat(500)))
                .containsEntry("folder", "[31m/usr/bin")
                .containsEntry("long", "x".repeat(115));
    }
}
