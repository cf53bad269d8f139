// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NodeOutputTest {
    @Test
    void whatDpkgComplainedAboutFirstIsTheReasonAndNotThatAptSawItFail() {
        List<String> said = List.of(
                "Setting up a (1.0) ...",
                "dpkg: error processing package b (--configure):",
                "  dependency problems - leaving unconfigured",
                "dpkg: error processing package c (--configure):",
                "  dependency problems - leaving unconfigured",
                "E: Sub-process /usr/bin/dpkg returned an error code (1)");

        assertThat(NodeOutput.reason(said))
                .isEqualTo("error processing package b (--configure): dependency problems - leaving unconfigured");
    }

    @Test
    void aptMarksItsOwnReasons() {
        assertThat(NodeOutput.reason(List.of("Reading...", "E: Unable to locate package b", "done")))
                .isEqualTo("Unable to locate package b");
    }

    @Test
    void aFullDiskIsTheReasonOfEverythingThatFailsAfterIt() {
        assertThat(NodeOutput.reason(List.of(
                        "dpkg: error: error writing to '/var/lib/dpkg/status': No space left on device",
                        "E: dpkg was interrupted, you must manually run 'sudo dpkg --configure -a'")))
                .isEqualTo("error writing to '/var/lib/dpkg/status': No space left on device");
    }

    @Test
    void otherProgramsSayItLast() {
        assertThat(NodeOutput.reason(List.of("trying", "/bin/sh: line 3: 4711: no space left")))
                .isEqualTo("4711: no space left");
        assertThat(NodeOutput.reason(List.of())).isEmpty();
    }
}
