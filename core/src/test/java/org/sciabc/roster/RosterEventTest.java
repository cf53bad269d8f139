// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sciabc.roster.Seeing.at;
import static org.sciabc.roster.Seeing.lost;
import static org.sciabc.roster.Seeing.node;
import static org.sciabc.roster.Seeing.seen;
import static org.sciabc.roster.Seeing.withId;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sciabc.spi.Node;
import org.sciabc.spi.Sighting.Reason;

final class RosterEventTest {
    private final Roster roster = new Roster(Node.DEFAULT_CLUSTER);
    private List<RosterEntry> before = List.of();

    @Test
    void aNodeJoinsOnceItIsKnownWhereItIs() {
        roster.sighted("zeroconf", seen("s", node("pi1")), at(0));
        assertThat(events()).isEmpty();
        roster.sighted("zeroconf", seen("s", node("pi1", "10.0.0.1")), at(1));
        assertThat(events()).containsExactly("JOINED pi1");
    }

    @Test
    void seeingItAgainIsNoEvent() {
        roster.sighted("zeroconf", seen("s", node("pi1", "10.0.0.1")), at(0));
        events();
        roster.sighted("zeroconf", seen("s", node("pi1", "10.0.0.1")), at(9));
        assertThat(events()).isEmpty();
    }

    @Test
    void whatIsNewlyKnownIsAnUpdate() {
        roster.sighted("zeroconf", seen("s", node("pi1", "10.0.0.1")), at(0));
        events();
        roster.sighted("zeroconf", seen("s", withId("pi-id-0001", "pi1", "10.0.0.1")), at(1));
        assertThat(events()).containsExactly("UPDATED pi1");
        roster.sighted("jgroups", seen("m", withId("pi-id-0001", "pi1", "10.0.0.1")), at(2));
        assertThat(events()).containsExactly("UPDATED pi1");
    }

    @Test
    void suspicionAndItsEndAreEvents() {
        roster.sighted("zeroconf", seen("s", node("pi1", "10.0.0.1")), at(0));
        events();
        roster.sighted("zeroconf", lost("s", Reason.FAILED), at(1));
        assertThat(events()).containsExactly("SUSPECT pi1");
        roster.sighted("zeroconf", seen("s", node("pi1", "10.0.0.1")), at(2));
        assertThat(events()).containsExactly("UPDATED pi1");
    }

    @Test
    void leavingAndReturningAreEvents() {
        roster.sighted("zeroconf", seen("s", node("pi1", "10.0.0.1")), at(0));
        events();
        roster.sighted("zeroconf", lost("s", Reason.LEFT), at(1));
        assertThat(events()).containsExactly("LEFT pi1");
        roster.sighted("zeroconf", seen("s", node("pi1", "10.0.0.1")), at(2));
        assertThat(events()).containsExactly("JOINED pi1");
    }

    @Test
    void whoMovesToAnotherClusterLeaves() {
        roster.sighted("zeroconf", seen("s", node("pi1", "10.0.0.1")), at(0));
        events();
        roster.sighted("zeroconf", seen("s", node("pi1", "10.0.0.1").withCluster("lab")), at(1));
        assertThat(events()).containsExactly("LEFT pi1");
    }

    @Test
    void twoThatTurnOutToBeOneAreOneThatIsLeft() {
        roster.sighted("sweep", seen("s", node("10.0.0.1", "10.0.0.1")), at(0));
        roster.sighted("zeroconf", seen("z", withId("pi-id-0001", "pi1", "10.0.0.2")), at(0));
        assertThat(events()).containsExactly("JOINED 10.0.0.1", "JOINED pi1");
        roster.sighted("zeroconf", seen("z", withId("pi-id-0001", "pi1", "10.0.0.2", "10.0.0.1")), at(1));
        List<String> events = events();
        assertThat(events)
                .hasSize(2)
                .anyMatch(event -> event.startsWith("LEFT"))
                .contains("UPDATED pi1");
    }

    private List<String> events() {
        List<RosterEntry> after = roster.entries();
        List<String> events = RosterEvent.between(before, after, at(9)).stream()
                .map(event -> event.kind() + " " + event.entry().node().name())
                .toList();
        before = after;
        return events;
    }
}
