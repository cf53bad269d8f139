// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.SciabcException;

class HostfileLineTest {

    @Test
    void commentsAndBlankLinesAreLeftOut() throws SciabcException {
        var lines =
                HostfileLine.parse("nodes.txt", "# nodes\n\n10.0.0.1 slots=4 # fast\npi@node2\nfe80::1%eth0 slots=1\n");

        assertThat(lines).extracting(HostfileLine::address).containsExactly("10.0.0.1", "node2", "fe80::1%eth0");
        assertThat(lines.get(0).slots()).hasValue(4);
        assertThat(lines.get(1).user()).contains("pi");
        assertThat(lines.get(1).slots()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "node2 slots=3 max_slots=4",
                "node2 max-slots=4 slots=3\r",
                "node2\tslots = 3 max_slots= 4",
                "node2 cpu=3",
                "node2 count=3 cpu_max=4",
                "node2 slots-max=3",
                "\uFEFFnode2 slots=3"
            })
    void whatOpenMpiUnderstandsIsUnderstood(String line) throws SciabcException {
        HostfileLine read = HostfileLine.parse("nodes.txt", line + "\n").get(0);

        assertThat(read.address()).isEqualTo("node2");
        assertThat(read.slots()).hasValue(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"pi@node2", "node2 user=pi", "node2 slots=3 username=pi", "node2 user_name=pi", "node2:3 user=pi"
            })
    void theAccountIsReadWhereverItStands(String line) throws SciabcException {
        HostfileLine read = HostfileLine.parse("nodes.txt", line).get(0);

        assertThat(read.address()).isEqualTo("node2");
        assertThat(read.user()).contains("pi");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1 slot=4",
                "10.0.0.1 port=2222",
                "10.0.0.1 user=pi;x",
                "10.0.0.1 slots=2 cpu=3",
                "10.0.0.1 max_slots=0",
                "10.0.0.1 slots=0",
                "10.0.0.1 slots=many",
                "10.0.0.1 slots=",
                "10.0.0.1 slots=2000000",
                "-oProxyCommand=x",
                "a;b",
                "node1 node2",
                "@node1"
            })
    void aLineThatMakesNoSenseIsNamed(String line) {
        assertThatExceptionOfType(SciabcException.class)
                .isThrownBy(() -> HostfileLine.parse("nodes.txt", "10.0.0.9\n" + line + "\n"))
                .withMessageContaining("nodes.txt")
                .withMessageContaining("line 2");
    }

    @Test
    void aFileWithoutNodesIsRefused() {
        assertThatExceptionOfType(SciabcException.class)
                .isThrownBy(() -> HostfileLine.parse("nodes.txt", "# none\n"))
                .withMessageContaining("no nodes in the hostfile nodes.txt");
    }
}
