// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.sciabc.spi.Node;

class PresenceTest {

    @Test
    void nodesLeaveOnceHoweverOftenItIsClosed() throws Exception {
        AtomicInteger left = new AtomicInteger();
        Presence presence = Presence.of(Node.of("node1", List.of()), left::incrementAndGet);

        presence.close();
        presence.close();

        assertThat(left).hasValue(1);
    }
}
