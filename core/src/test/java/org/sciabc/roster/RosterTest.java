// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.sciabc.roster.Seeing.KEY_A;
import static org.sciabc.roster.Seeing.KEY_B;
import static org.sciabc.roster.Seeing.address;
import static org.sciabc.roster.Seeing.addresses;
import static org.sciabc.roster.Seeing.at;
import static org.sciabc.roster.Seeing.lost;
import static org.sciabc.roster.Seeing.node;
import static org.sciabc.roster.Seeing.seen;
import static org.sciabc.roster.Seeing.withId;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.sciabc.spi.Hardware;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.Notice;
import org.sciabc.spi.Sighting.Reason;

final class RosterTest {
    private final Roster roster = new Roster(Node.DEFAULT_CLUSTER);

    @Nested
    final class OneNode {
        @Test
        void isAliveOnceItWasSeen() {
            roster.sighted("zeroconf", seen(withId("pi-id-0001", "pi1", "10.0.0.1")), at(0));
            RosterEntry entry = only();
            assertThat(entry.state()).isEqualTo(NodeState.ALIVE);
            assertThat(entry.seenBy()).containsExactly("zeroconf");
            assertThat(entry.firstSeen()).isEqualTo(at(0));
            assertThat(entry.since()).isEqualTo(at(0));
        }

        @Test
        void isSeenAgainWithoutBecomingAnother() {
            roster.sighted("zeroconf", seen("s", node("pi1")), at(0));
            roster.sighted("zeroconf", seen("s", withId("pi-id-0001", "pi1", "10.0.0.1")), at(1));
            RosterEntry entry = only();
            assertThat(entry.node().id()).contains(new NodeId("pi-id-0001"));
            assertThat(entry.firstSeen()).isEqualTo(at(0));
            assertThat(entry.lastSeen()).isEqualTo(at(1));
        }

        @Test
        void isGoneWhenItSaidGoodbye() {
            roster.sighted("zeroconf", seen("s", withId("pi-id-0001", "pi1", "10.0.0.1")), at(0));
            roster.sighted("zeroconf", lost("s", Reason.LEFT), at(2));
            RosterEntry entry = only();
            assertThat(entry.state()).isEqualTo(NodeState.GONE);
            assertThat(entry.since()).isEqualTo(at(2));
            assertThat(entry.seenBy()).containsExactly("zeroconf");
            assertThat(entry.isUsable()).isFalse();
        }

        @Test
        void isAliveWhileAnyBackendSeesIt() {
            roster.sighted("zeroconf", seen("s", withId("pi-id-0001", "pi1", "10.0.0.1")), at(0));
            roster.sighted("jgroups", seen("m", withId("pi-id-0001", "pi1", "10.0.0.1")), at(1));
            roster.sighted("zeroconf", lost("s", Reason.LEFT), at(2));
            assertThat(only().state()).isEqualTo(NodeState.ALIVE);
            assertThat(only().seenBy()).containsExactly("jgroups");
        }

        @Test
        void isSuspectWhenABackendLosesIt() {
            for (Reason reason : List.of(Reason.EXPIRED, Reason.FAILED)) {
                Roster other = new Roster(Node.DEFAULT_CLUSTER);
                other.sighted("zeroconf", seen("s", node("pi1", "10.0.0.1")), at(0));
                other.sighted("zeroconf", lost("s", reason), at(2));
                assertThat(other.entries().get(0).state()).isEqualTo(NodeState.SUSPECT);
                assertThat(other.entries().get(0).since()).isEqualTo(at(2));
                other.sighted("zeroconf", seen("s", node("pi1", "10.0.0.1")), at(3));
                assertThat(other.entries().get(0).state()).isEqualTo(NodeState.ALIVE);
            }
        }

        @Test
        void comesBackAfterItLeft() {
            roster.sighted("zeroconf", seen("s", withId("pi-id-0001", "pi1", "10.0.0.1")), at(0));
            roster.sighted("zeroconf", lost("s", Reason.LEFT), at(2));
            roster.sighted("zeroconf", seen("t", withId("pi-id-0001", "pi1", "10.0.0.7")), at(9));
            RosterEntry entry = only();
            assertThat(entry.state()).isEqualTo(NodeState.ALIVE);
            assertThat(entry.node().addresses()).isEqualTo(addresses("10.0.0.7"));
            assertThat(entry.firstSeen()).isEqualTo(at(0));
            assertThat(entry.since()).isEqualTo(at(9));
        }

        @Test
        void losingWhatWasNeverSeenIsNothing() {
            roster.sighted("zeroconf", lost("s", Reason.LEFT), at(0));
            assertThat(roster.entries()).isEmpty();
        }
    }

    @Nested
    final class Merging {
        @Test
        void joinsWhatSeveralBackendsSayOfOneId() {
            roster.sighted(
                    "jgroups", seen("m", withId("pi-id-0001", "pi1", "10.0.0.1").withUser("pi")), at(0));
            roster.sighted(
                    "zeroconf",
                    seen(withId("pi-id-0001", "pi1", "10.0.0.1", "fe80::1")
                            .withHardware(new Hardware(
                                    OptionalInt.of(4), OptionalLong.empty(), Optional.empty(), Optional.empty()))),
                    at(1));
            RosterEntry entry = only();
            assertThat(entry.seenBy()).containsExactly("jgroups", "zeroconf");
            assertThat(entry.node().user()).contains("pi");
            assertThat(entry.node().hardware().cores()).hasValue(4);
            assertThat(entry.node().addresses()).isEqualTo(addresses("10.0.0.1", "fe80::1"));
        }

        @Test
        void joinsByHostKeyWhereOneHasNoId() {
            roster.sighted(
                    "zeroconf", seen(withId("pi-id-0001", "pi1", "10.0.0.1").withHostKey(KEY_A)), at(0));
            roster.sighted("sweep", seen(node("pi1", "10.0.1.1").withHostKey(KEY_A)), at(1));
            assertThat(only().node().addresses()).isEqualTo(addresses("10.0.0.1", "10.0.1.1"));
        }

        @Test
        void joinsByPlaceWhereNothingElseIsKnown() {
            roster.sighted("sweep", seen(node("10.0.0.1", "10.0.0.1")), at(0));
            roster.sighted("zeroconf", seen(withId("pi-id-0001", "pi1", "10.0.0.1")), at(1));
            RosterEntry entry = only();
            assertThat(entry.node().name()).isEqualTo("pi1");
            assertThat(entry.seenBy()).containsExactly("sweep", "zeroconf");
            assertThat(entry.firstSeen()).isEqualTo(at(0));
        }

        @Test
        void doesNotJoinOnePlaceWithTwoHostKeys() {
            roster.sighted("static", seen(node("pi1", "10.0.0.1").withHostKey(KEY_A)), at(0));
            roster.sighted("sweep", seen(node("other", "10.0.0.1").withHostKey(KEY_B)), at(1));
            assertThat(only().node().name()).isEqualTo("pi1");
            assertThat(notices()).containsExactly("'other' claims 10.0.0.1, where 'pi1' is: that claim is left out");
        }

        @Test
        void tellsMachinesBehindOneAddressApartByTheirPorts() {
            roster.sighted("static", seen(node("pi1", "10.0.0.1").withPort(2201)), at(0));
            roster.sighted("static", seen(node("pi2", "10.0.0.1").withPort(2202)), at(0));
            assertThat(names()).containsExactly("pi1", "pi2");
            assertThat(notices()).isEmpty();
        }

        @Test
        void keepsNodesOf2016ApartByTheirPlaces() {
            roster.sighted("zeroconf", seen("SupercomputerInABriefcase on a", node("a", "10.0.0.1")), at(0));
            roster.sighted("zeroconf", seen("SupercomputerInABriefcase on b", node("b", "10.0.0.2")), at(0));
            assertThat(names()).containsExactly("a", "b");
        }

        @Test
        void takesOneMachineOnTwoNetworksForOne() {
            roster.sighted("zeroconf", seen("pi1/eth0", withId("pi-id-0001", "pi1", "10.0.0.1")), at(0));
            roster.sighted("zeroconf", seen("pi1/wlan0", withId("pi-id-0001", "pi1", "192.168.4.1")), at(0));
            assertThat(only().node().addresses())
                    .containsExactlyInAnyOrderElementsOf(addresses("10.0.0.1", "192.168.4.1"));
            assertThat(notices()).isEmpty();
        }

        @Test
        void followsAChangedAddress() {
            roster.sighted("zeroconf", seen("s", withId("pi-id-0001", "pi1", "10.0.0.1")), at(0));
            roster.sighted("zeroconf", seen("s", withId("pi-id-0001", "pi1", "10.0.0.9")), at(5));
            assertThat(only().node().addresses()).isEqualTo(addresses("10.0.0.9"));
            assertThat(notices()).containsExactly("'pi1' is now at 10.0.0.9 and was at 10.0.0.1");
        }

        @Test
        void isListedUnderItsOrdinaryAddressAlthoughTheLinkLocalOneAnsweredFirst() {
            roster.sighted("zeroconf", seen("s", withId("pi-id-0001", "pi1", "fe80::1")), at(0));
            roster.answered(new Endpoint(Seeing.address("fe80::1"), Node.SSH_PORT), at(1));
            roster.sighted("zeroconf", seen("s", withId("pi-id-0001", "pi1", "fe80::1", "10.0.0.1")), at(2));
            assertThat(only().node().addresses()).isEqualTo(addresses("10.0.0.1", "fe80::1"));
            roster.missed(List.of(new Endpoint(Seeing.address("10.0.0.1"), Node.SSH_PORT)), at(3));
            assertThat(only().node().addresses()).isEqualTo(addresses("fe80::1", "10.0.0.1"));
        }

        @Test
        void gainsAnAddressWithoutMoving() {
            roster.sighted("zeroconf", seen("s", withId("pi-id-0001", "pi1", "10.0.0.1")), at(0));
            roster.sighted("zeroconf", seen("s", withId("pi-id-0001", "pi1", "10.0.0.1", "10.0.1.1")), at(5));
            assertThat(notices()).isEmpty();
        }

        @Test
        void thatWasReplacedUnderItsNameIsTold() {
            roster.sighted("zeroconf", seen("s", withId("pi-id-0001", "pi1", "10.0.0.1")), at(0));
            roster.sighted("zeroconf", seen("s", withId("pi-id-0002", "pi1", "10.0.0.1")), at(5));
            assertThat(only().node().id()).contains(new NodeId("pi-id-0002"));
            assertThat(notices())
                    .containsExactly("'pi1' is another machine than before, or was set up anew: it has another id");
        }

        @Test
        void thatHasAnotherHostKeyIsTold() {
            roster.sighted("sweep", seen("s", node("pi1", "10.0.0.1").withHostKey(KEY_A)), at(0));
            roster.sighted("sweep", seen("s", node("pi1", "10.0.0.1").withHostKey(KEY_B)), at(5));
            assertThat(notices())
                    .singleElement()
                    .asString()
                    .startsWith("'pi1' announces another SSH host key than before");
        }

        @Test
        void thatReplacedAnotherAtItsAddressIsTold() {
            roster.sighted("zeroconf", seen("s", withId("pi-id-0001", "old", "10.0.0.1")), at(0));
            roster.sighted("zeroconf", lost("s", Reason.LEFT), at(1));
            roster.sighted("zeroconf", seen("t", withId("pi-id-0002", "new", "10.0.0.1")), at(2));
            assertThat(notices())
                    .containsExactly("'new' is now at 10.0.0.1, where 'old' was: they are different machines");
        }

        @Test
        void letsAnotherMachineHaveTheAddressOfOneThatLeft() {
            roster.sighted("zeroconf", seen("s", node("old", "10.0.0.1")), at(0));
            roster.sighted("zeroconf", lost("s", Reason.LEFT), at(1));
            roster.sighted("zeroconf", seen("t", node("new", "10.0.0.1")), at(2));
            assertThat(roster.entries())
                    .extracting(entry -> entry.node().name(), RosterEntry::state)
                    .containsExactly(tuple("new", NodeState.ALIVE), tuple("old", NodeState.GONE));
            assertThat(notices()).isEmpty();
        }

        @Test
        void doesNotDependOnTheOrderOfTheSightings() {
            List<Node> sightings = List.of(
                    withId("pi-id-0001", "pi1", "10.0.0.1").withHostKey(KEY_A),
                    node("pi1", "10.0.1.1").withHostKey(KEY_A),
                    node("10.0.1.1", "10.0.1.1"));
            for (int first = 0; first < 3; first++) {
                Roster other = new Roster(Node.DEFAULT_CLUSTER);
                for (int i = 0; i < 3; i++) {
                    int which = (first + i) % 3;
                    other.sighted("backend" + which, seen("s", sightings.get(which)), at(0));
                }
                assertThat(other.entries()).hasSize(1);
                assertThat(other.entries().get(0).node().name()).isEqualTo("pi1");
            }
        }
    }

    @Nested
    final class Copies {
        @Test
        void ofAnIdAreToldAndNotMerged() {
            roster.sighted("zeroconf", seen(withId("same-id-01", "pi1", "10.0.0.1")), at(0));
            roster.sighted("zeroconf", seen(withId("same-id-01", "pi2", "10.0.0.2")), at(1));
            assertThat(names()).containsExactly("pi1", "pi2");
            assertThat(roster.entries().get(0).node().id()).isPresent();
            assertThat(roster.entries().get(1).node().id()).isEmpty();
            assertThat(notices())
                    .containsExactly(
                            "'pi1' (10.0.0.1) and 'pi2' (10.0.0.2) announce the same id: was one copied from the"
                                    + " other? only the first keeps it");
            assertThat(notices()).as("told once").isEmpty();
        }

        @Test
        void withTheirOwnHostKeysAreToldAndNotMerged() {
            roster.sighted("a", seen(withId("same-id-01", "pi", "10.0.0.1").withHostKey(KEY_A)), at(0));
            roster.sighted("b", seen(withId("same-id-01", "pi", "10.0.0.2").withHostKey(KEY_B)), at(1));
            assertThat(names()).containsExactly("pi", "pi-2");
        }

        @Test
        void ofAHostKeyAreTold() {
            roster.sighted(
                    "zeroconf", seen(withId("pi-id-0001", "pi1", "10.0.0.1").withHostKey(KEY_A)), at(0));
            roster.sighted(
                    "zeroconf", seen(withId("pi-id-0002", "pi2", "10.0.0.2").withHostKey(KEY_A)), at(1));
            assertThat(names()).containsExactly("pi1", "pi2");
            assertThat(notices())
                    .containsExactly(
                            "'pi1' (10.0.0.1) and 'pi2' (10.0.0.2) have the same SSH host key: was one copied from"
                                    + " the other? give each its own");
        }

        @Test
        void ofAHostKeyWithoutIdsAreTold() {
            roster.sighted("sweep", seen(node("pi1", "10.0.0.1").withHostKey(KEY_A)), at(0));
            roster.sighted("sweep", seen(node("pi2", "10.0.0.2").withHostKey(KEY_A)), at(1));
            assertThat(names()).containsExactly("pi1", "pi2");
            assertThat(notices()).hasSize(1);
        }

        @Test
        void ofANameAreToldAndNumbered() {
            roster.sighted("zeroconf", seen("a", withId("pi-id-0001", "raspberrypi", "10.0.0.1")), at(0));
            roster.sighted("zeroconf", seen("b", withId("pi-id-0002", "raspberrypi", "10.0.0.2")), at(1));
            roster.sighted("zeroconf", seen("c", withId("pi-id-0003", "raspberrypi-2", "10.0.0.3")), at(2));
            assertThat(names()).containsExactly("raspberrypi", "raspberrypi-2", "raspberrypi-3");
            assertThat(roster.entries().get(1).node().id()).contains(new NodeId("pi-id-0003"));
            assertThat(notices()).containsExactly("different nodes are called 'raspberrypi': 10.0.0.1 and 10.0.0.2");
        }

        @Test
        void aMachineThatLeftHoldsNoName() {
            roster.sighted("zeroconf", seen("a", withId("pi-id-0001", "pi", "10.0.0.1")), at(0));
            roster.sighted("zeroconf", lost("a", Reason.LEFT), at(1));
            roster.sighted("zeroconf", seen("b", withId("pi-id-0002", "pi", "10.0.0.1")), at(2));
            assertThat(roster.entries().stream()
                            .filter(RosterEntry::isUsable)
                            .map(entry -> entry.node().name()))
                    .containsExactly("pi");
            assertThat(notices())
                    .containsExactly("'pi' is now at 10.0.0.1, where 'pi' was: they are different machines");
        }
    }

    @Nested
    final class Strangers {
        @Test
        void ofAnotherClusterAreLeftOutAndTold() {
            roster.sighted("zeroconf", seen("a", node("pi1", "10.0.0.1").withCluster("lab")), at(0));
            roster.sighted("zeroconf", seen("b", node("pi2", "10.0.0.2").withCluster("default")), at(0));
            roster.sighted("zeroconf", seen("c", node("pi3", "10.0.0.3")), at(0));
            assertThat(names()).containsExactly("pi2", "pi3");
            assertThat(notices()).containsExactly("nodes of cluster 'lab' are there and were left out");
        }

        @Test
        void leaveWhenTheyMoveToAnotherCluster() {
            roster.sighted("zeroconf", seen("a", node("pi1", "10.0.0.1")), at(0));
            roster.sighted("zeroconf", seen("a", node("pi1", "10.0.0.1").withCluster("lab")), at(1));
            assertThat(roster.entries()).isEmpty();
        }

        @Test
        void withAThousandNamesAtOnePlaceDoNotPushOutWhoIsThere() {
            roster.sighted("zeroconf", seen(withId("pi-id-0001", "pi1", "10.0.0.1")), at(0));
            for (int i = 0; i < 1000; i++) {
                roster.sighted("zeroconf", seen(withId("rogue-id-" + i, "rogue" + i, "10.0.0.1")), at(1));
            }
            assertThat(names()).containsExactly("pi1");
            assertThat(notices())
                    .containsExactly(
                            "'rogue0', 'rogue1', 'rogue10', 'rogue100' and 996 more claim 10.0.0.1, where 'pi1' is:"
                                    + " that claim is left out");
        }

        @Test
        void withAThousandNamesAndNoIdAreOneNode() {
            for (int i = 0; i < 1000; i++) {
                roster.sighted("zeroconf", seen(node("rogue" + i, "10.0.0.1")), at(1));
            }
            assertThat(roster.entries()).hasSize(1);
            assertThat(notices()).containsExactly("too many announcements for 'rogue0': the rest is left out");
        }

        @Test
        void areBoundedInNumber() {
            for (int i = 0; i < 5_000; i++) {
                roster.sighted(
                        "zeroconf",
                        seen(node("n" + i, "10." + i / 65536 + "." + i / 256 % 256 + "." + i % 256)),
                        at(i));
            }
            assertThat(roster.entries()).hasSize(Roster.MOST_ENTRIES);
            assertThat(notices())
                    .anySatisfy(
                            text -> assertThat(text).startsWith("more than 4000 announcements came through zeroconf"))
                    .anySatisfy(text -> assertThat(text).startsWith("more than 2000 nodes were announced"));
        }

        @Test
        void thatWereLostMakeRoomForOthersToo() {
            for (int i = 0; i < 4_000; i++) {
                roster.sighted("zeroconf", seen("s" + i, node("n" + i, "10.0.0.1")), at(i));
                roster.sighted("zeroconf", lost("s" + i, Reason.EXPIRED), at(i));
            }
            roster.absent(List.of(new Endpoint(Seeing.address("10.0.0.1"), 22)), at(5_000));
            roster.sighted("zeroconf", seen("real", node("pi1", "10.0.0.2")), at(6_000));

            assertThat(roster.entries())
                    .extracting(entry -> entry.node().name())
                    .contains("pi1");
        }

        @Test
        void thatLeftMakeRoomForOthers() {
            for (int i = 0; i < 4_100; i++) {
                roster.sighted("zeroconf", seen("s" + i, node("n" + i, "10.0.0.1")), at(i));
                roster.sighted("zeroconf", lost("s" + i, Reason.LEFT), at(i));
            }
            roster.sighted("zeroconf", seen("real", node("pi1", "10.0.0.2")), at(6_000));
            assertThat(roster.entries())
                    .anySatisfy(entry -> assertThat(entry.node().name()).isEqualTo("pi1"));
        }

        @Test
        void cannotPointNodesAtOurselves() {
            roster.sighted("zeroconf", seen(node("pi1", "127.0.1.1", "0.0.0.0", "224.0.0.251", "10.0.0.1")), at(0));
            assertThat(only().node().addresses()).isEqualTo(addresses("10.0.0.1"));
        }

        @Test
        void areNotBelievedAHostKeyThatIsNone() {
            roster.sighted("zeroconf", seen(node("pi1", "10.0.0.1").withHostKey("\u001b[31mSHA256")), at(0));
            assertThat(only().node().hostKey()).isEmpty();
        }
    }

    @Test
    void nodesOnThisMachineAloneAreTaken() {
        roster.sighted("simulator", seen(node("sim1", "127.0.7.1")), at(0));
        assertThat(only().node().addresses()).containsExactly(address("127.0.7.1"));
    }

    @Test
    void nodesAreSortedAsPeopleCount() {
        for (int i : List.of(10, 2, 1)) {
            roster.sighted("zeroconf", seen(node("node" + i, "10.0.0." + i)), at(0));
        }
        assertThat(names()).containsExactly("node1", "node2", "node10");
    }

    private RosterEntry only() {
        assertThat(roster.entries()).hasSize(1);
        return roster.entries().get(0);
    }

    private List<String> names() {
        return roster.entries().stream().map(entry -> entry.node().name()).toList();
    }

    private List<String> notices() {
        return roster.takeNotices().stream().map(Notice::text).toList();
    }
}
