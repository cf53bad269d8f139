// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import org.jgroups.JChannel;
import org.jgroups.util.Util;
import org.junit.jupiter.api.Test;
import org.sciabc.testkit.SampleNodes;

class StackTest {
    private static final InetAddress OWN = SampleNodes.address("10.0.3.12");

    /** What somebody might send in the hope that reading it does something. */
    private record Payload(String text) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void noJavaObjectIsReadFromANetwork() throws Exception {
        assertThat(Stack.name("lab")).isEqualTo("sciabc-lab");
        byte[] datagram = Util.objectToByteBuffer(new Payload("boo"));

        assertThatThrownBy(() -> Util.objectFromByteBuffer(datagram)).hasMessageContaining("REJECTED");
    }

    @Test
    void diagnosticsAreOff() throws Exception {
        try (JChannel channel = channel()) {
            assertThat(channel.getProtocolStack()
                            .getTransport()
                            .getDiagnosticsHandler()
                            .isEnabled())
                    .isFalse();
        }
    }

    @Test
    void noNameServerIsAskedForAMembersName() throws Exception {
        try (JChannel one = channel();
                JChannel other = channel()) {
            assertThat(one.getName()).startsWith("sciabc-").isNotEqualTo(other.getName());
        }
    }

    @Test
    void eachClusterMeetsAtAnAddressOfItsOwnThatNoRouterPassesOn() throws Exception {
        assertThat(Stack.group(OWN, "lab")).isNotEqualTo(Stack.group(OWN, "lab2"));
        assertThat(Stack.group(OWN, "lab").isMCOrgLocal()
                        || Stack.group(OWN, "lab").isMCSiteLocal())
                .isTrue();
        assertThat(Stack.group(SampleNodes.address("fe80::1"), "lab").isMCLinkLocal())
                .isTrue();
    }

    private static JChannel channel() throws Exception {
        JgroupsSettings settings = new JgroupsSettings(34_344, Optional.empty(), Duration.ofSeconds(3));
        EnvelopeSockets sockets = new EnvelopeSockets(Envelope.unsealed(), sender -> true, (sender, verdict) -> {});
        return Stack.channel(SampleNodes.address("127.0.0.1"), "lab", settings, sockets);
    }
}
