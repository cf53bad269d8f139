// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.sciabc.roster.Seeing.addresses;
import static org.sciabc.roster.Seeing.at;
import static org.sciabc.roster.Seeing.lost;
import static org.sciabc.roster.Seeing.node;
import static org.sciabc.roster.Seeing.seen;
import static org.sciabc.roster.Seeing.withId;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.sciabc.spi.Node;
import org.sciabc.spi.Sighting.Reason;

/** What claims are worth that were made earlier than others. */
final class ClaimsOverTimeTest {
    private static final Node PI = withId("pi-id-0001", "pi1", "10.0.0.1");

    private final Roster roster = new Roster(Node.DEFAULT_CLUSTER);

    @Nested
    final class AGoodbye {
        @Test
        void speaksForAnEarlierStartOfTheNodeThatBrokeOff() {
            roster.sighted("jgroups", seen("member-1", PI), at(0));
            roster.sighted("jgroups", lost("member-1", Reason.FAILED), at(10));
            roster.sighted("jgroups", seen("member-2", PI), at(20));
            answers("10.0.0.1", 21);
            assertThat(only().state()).isEqualTo(NodeState.ALIVE);
            roster.sighted("jgroups", lost("member-2", Reason.LEFT), at(30));
            answers("10.0.0.1", 31);
            assertThat(only().state()).isEqualTo(NodeState.GONE);
            assertThat(only().endpoints()).as("nobody asks there any more").isEmpty();
        }

        @Test
        void speaksForAnInterfaceWhereTheNodeIsOnlyRemembered() {
            Roster yesterday = new Roster(Node.DEFAULT_CLUSTER);
            yesterday.sighted("zeroconf", seen("pi1%wlan0", PI), at(0));
            roster.restored(yesterday.entries(), at(1_000));
            answers("10.0.0.1", 1_001);
            roster.sighted("zeroconf", seen("pi1%eth0", PI), at(1_002));
            roster.sighted("zeroconf", lost("pi1%eth0", Reason.LEFT), at(1_010));
            assertThat(only().state()).isEqualTo(NodeState.GONE);
        }

        @Test
        void speaksForNothingThatWasSeenAfterIt() {
            roster.sighted("zeroconf", seen("pi1%eth0", PI), at(0));
            roster.sighted("zeroconf", lost("pi1%eth0", Reason.LEFT), at(10));
            roster.sighted("zeroconf", seen("pi1%wlan0", PI), at(20));
            roster.sighted("zeroconf", lost("pi1%wlan0", Reason.EXPIRED), at(30));
            assertThat(only().state()).isEqualTo(NodeState.SUSPECT);
        }

        @Test
        void speaksForNoOtherBackend() {
            roster.sighted("jgroups", seen("member-1", PI), at(0));
            roster.sighted("jgroups", lost("member-1", Reason.FAILED), at(1));
            roster.sighted("zeroconf", seen("pi1", PI), at(2));
            roster.sighted("zeroconf", lost("pi1", Reason.LEFT), at(3));
            assertThat(only().state()).isEqualTo(NodeState.SUSPECT);
        }
    }

    @Nested
    final class AnAddress {
        @Test
        void belongsToWhoAnnouncesItNowAndNotToWhoHadItAndIsElsewhere() {
            Roster yesterday = new Roster(Node.DEFAULT_CLUSTER);
            yesterday.sighted("zeroconf", seen("moved%wlan0", withId("moved-id-1", "moved", "10.0.0.1")), at(0));
            roster.restored(yesterday.entries(), at(1_000));
            roster.sighted("zeroconf", seen("moved%eth0", withId("moved-id-1", "moved", "10.0.0.9")), at(1_001));
            roster.sighted("zeroconf", seen("new%eth0", withId("new-id-001", "new", "10.0.0.1")), at(1_002));
            answers("10.0.0.1", 1_003);
            assertThat(roster.entries())
                    .extracting(
                            entry -> entry.node().name(), entry -> entry.node().addresses())
                    .containsExactly(tuple("moved", addresses("10.0.0.9")), tuple("new", addresses("10.0.0.1")));
        }

        @Test
        void belongsToTheFirstOfThoseThatAnnounceItNow() {
            roster.sighted("zeroconf", seen("a%eth0", withId("first-id-1", "first", "10.0.0.1")), at(0));
            roster.sighted("zeroconf", seen("b%eth0", withId("second-id-1", "second", "10.0.0.1")), at(1));
            assertThat(only().node().name()).isEqualTo("first");
        }
    }

    @Nested
    final class EqualNames {
        @Test
        void areToldApartAsBeforeAlthoughTheLaterOneIsHeardFirst() {
            Roster yesterday = new Roster(Node.DEFAULT_CLUSTER);
            yesterday.sighted("zeroconf", seen("a", withId("first-id-1", "pi", "10.0.0.1")), at(0));
            yesterday.sighted("zeroconf", seen("b", withId("second-id-1", "pi", "10.0.0.2")), at(1));
            roster.sighted("zeroconf", seen("b", withId("second-id-1", "pi", "10.0.0.2")), at(1_000));
            roster.sighted("zeroconf", seen("a", withId("first-id-1", "pi", "10.0.0.1")), at(1_001));
            roster.restored(yesterday.entries(), at(1_002));
            assertThat(roster.entries())
                    .extracting(
                            entry -> entry.node().name(), entry -> entry.node().addresses())
                    .containsExactly(tuple("pi", addresses("10.0.0.1")), tuple("pi-2", addresses("10.0.0.2")));
        }
    }

    @Nested
    final class AnotherCluster {
        @Test
        void keepsWhatIsRememberedOfItsNodesOut() {
            Roster yesterday = new Roster(Node.DEFAULT_CLUSTER);
            yesterday.sighted("zeroconf", seen("pi1%eth0", PI), at(0));
            yesterday.sighted("zeroconf", seen("pi1%wlan0", PI), at(0));
            roster.sighted("zeroconf", seen("pi1%eth0", PI.withCluster("lab")), at(1_000));
            roster.restored(yesterday.entries(), at(1_001));
            answers("10.0.0.1", 1_002);
            assertThat(roster.entries()).isEmpty();
            assertThat(roster.isElsewhere(yesterday.entries().get(0))).isTrue();
        }

        @Test
        void keepsNobodyOutWhoComesBack() {
            roster.sighted("zeroconf", seen("pi1", PI.withCluster("lab")), at(0));
            roster.sighted("zeroconf", seen("pi1", PI), at(1));
            assertThat(only().state()).isEqualTo(NodeState.ALIVE);
            assertThat(roster.isElsewhere(only())).isFalse();
        }
    }

    @Nested
    final class ADoubt {
        @Test
        void isOverWithTheNextAnswerAlthoughTheClockWasSetBack() {
            roster.sighted("zeroconf", seen("pi1", PI), at(1_000));
            roster.sighted("zeroconf", lost("pi1", Reason.EXPIRED), at(1_001));
            assertThat(only().state()).isEqualTo(NodeState.SUSPECT);
            answers("10.0.0.1", 5);
            assertThat(only().state()).isEqualTo(NodeState.ALIVE);
        }

        @Test
        void isNotOverWithAnAnswerBeforeIt() {
            roster.sighted("zeroconf", seen("pi1", PI), at(1_000));
            answers("10.0.0.1", 1_001);
            roster.sighted("zeroconf", lost("pi1", Reason.EXPIRED), at(5));
            assertThat(only().state()).isEqualTo(NodeState.SUSPECT);
        }

        @Test
        void comesUponAllThatWasHeardOnANetworkThatIsLost() {
            roster.sighted("zeroconf", seen("pi1", PI), at(0));
            roster.sighted("zeroconf", seen("pi2", node("pi2", "10.0.0.2")), at(0));
            roster.lostNetworks(Set.of("wlan0"), at(1));
            assertThat(states()).containsOnly(NodeState.ALIVE);
            roster.lostNetworks(Set.of("eth0"), at(2));
            assertThat(states()).containsOnly(NodeState.SUSPECT);
        }

        @Test
        void comesUponAllThatABackendSaidThatHasEnded() {
            roster.sighted("zeroconf", seen("pi1", PI), at(0));
            roster.sighted("jgroups", seen("pi2", node("pi2", "10.0.0.2")), at(0));
            roster.ended("zeroconf", at(1));
            assertThat(states()).containsExactly(NodeState.SUSPECT, NodeState.ALIVE);
        }
    }

    private void answers(String address, double seconds) {
        roster.answered(new Endpoint(Seeing.address(address), Node.SSH_PORT), at(seconds));
    }

    private RosterEntry only() {
        assertThat(roster.entries()).hasSize(1);
        return roster.entries().get(0);
    }

    private List<NodeState> states() {
        return roster.entries().stream().map(RosterEntry::state).toList();
    }
}
