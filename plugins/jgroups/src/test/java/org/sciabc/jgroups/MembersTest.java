// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jgroups.Address;
import org.jgroups.util.UUID;
import org.junit.jupiter.api.Test;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Sighting;
import org.sciabc.testkit.RecordingListener;
import org.sciabc.testkit.SampleNodes;

class MembersTest {
    private static final LocalInterface ETH0 = new LocalInterface(
            "eth0", List.of(new LocalInterface.Address(SampleNodes.address("10.0.3.1"), 24)), false, true);

    private final Address self = UUID.randomUUID();
    private final Address other = UUID.randomUUID();
    private final byte[] said = NodeText.bytes(NodeText.write(SampleNodes.known("node1", "lab", "10.0.3.12"), ETH0));
    private final AtomicLong now = new AtomicLong();
    private final RecordingListener listener = new RecordingListener();
    private final Members members = new Members(ETH0, listener, new Strangers("lab"), now::get);

    @Test
    void nodeIsReportedOnceItIsInTheViewAndHasSaidWhatItIs() {
        members.said(other, said);
        assertThat(listener.sightings()).isEmpty();

        members.are(List.of(self, other));
        members.glance();

        assertThat(listener.seen()).extracting(seen -> seen.node().name()).containsExactly("node1");
        assertThat(listener.findings()).containsEntry("eth0 10.0.3.1", "1 other member, 1 of them a node");
    }

    @Test
    void memberThatDisappearsHasFailedAndOneThatSaidGoodbyeHasLeft() {
        Address third = UUID.randomUUID();
        members.are(List.of(self, other, third));
        members.said(other, said);
        members.said(third, said);

        members.said(third, NodeText.GOODBYE);
        members.are(List.of(self));

        assertThat(listener.lost())
                .extracting(Sighting.Lost::reason)
                .containsExactly(Sighting.Reason.LEFT, Sighting.Reason.FAILED);
    }

    @Test
    void goodbyeOfAMemberThatStaysIsDoubted() {
        members.are(List.of(self, other));
        members.said(other, said);
        members.said(other, NodeText.GOODBYE);
        members.glance();
        assertThat(listener.sightings()).last().isInstanceOf(Sighting.Lost.class);

        now.addAndGet(Duration.ofSeconds(4).toNanos());
        members.glance();

        assertThat(listener.sightings()).last().isInstanceOf(Sighting.Seen.class);
    }

    @Test
    void goodbyeOfSomebodyUnknownIsNothing() {
        members.are(List.of(self, other));
        members.said(other, NodeText.GOODBYE);

        assertThat(listener.sightings()).isEmpty();
    }
}
