// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.sciabc.roster.Seeing.address;
import static org.sciabc.roster.Seeing.at;
import static org.sciabc.roster.Seeing.lost;
import static org.sciabc.roster.Seeing.seen;
import static org.sciabc.roster.Seeing.withId;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sciabc.roster.FakeNetwork.Behaviour;
import org.sciabc.spi.Node;
import org.sciabc.spi.Notice;
import org.sciabc.spi.Sighting.Reason;

@Timeout(20)
final class RosterCheckTest {
    private final FakeNetwork network = new FakeNetwork();
    private final Roster roster = new Roster(Node.DEFAULT_CLUSTER);

    @Test
    void whoAnswersIsAliveAndWhoDoesNotIsGone() throws Exception {
        known("pi1", "10.0.0.1", Behaviour.UP);
        known("pi2", "10.0.0.2", Behaviour.REFUSES);
        known("pi3", "10.0.0.3", Behaviour.UNPLUGGED);
        known("pi4", "10.0.0.4", Behaviour.HANGS);
        known("pi5", "10.0.0.5", Behaviour.UP);
        roster.sighted("zeroconf", lost("pi5", Reason.LEFT), at(1));
        assertThat(check(Duration.ofMillis(50)))
                .extracting(entry -> entry.node().name(), RosterEntry::state)
                .containsExactly(
                        tuple("pi1", NodeState.ALIVE),
                        tuple("pi2", NodeState.GONE),
                        tuple("pi3", NodeState.GONE),
                        tuple("pi4", NodeState.GONE),
                        tuple("pi5", NodeState.GONE));
    }

    @Test
    void endsAsSoonAsEveryNodeIsDecided() throws Exception {
        roster.sighted("zeroconf", seen(withId("pi-id-0001", "pi1", "10.0.0.1", "fe80::1")), at(0));
        network.set(new Endpoint(address("10.0.0.1"), 22), Behaviour.UP);
        known("pi2", "10.0.0.2", Behaviour.REFUSES);
        assertThat(check(Duration.ofMinutes(5))).hasSize(2);
    }

    @Test
    void nothingKnownIsNothing() throws Exception {
        assertThat(check(Duration.ofMinutes(5))).isEmpty();
    }

    @Test
    void clonesAreTold() throws Exception {
        String sharedId = "pi-id-0001";
        roster.sighted("zeroconf", seen(withId(sharedId, "pi1", "10.0.0.1")), at(0));
        roster.sighted("zeroconf", seen(withId(sharedId, "pi2", "10.0.0.2")), at(0));
        network.set(new Endpoint(address("10.0.0.1"), 22), Behaviour.UP);
        network.set(new Endpoint(address("10.0.0.2"), 22), Behaviour.UP);
        RosterCheck.Checked checked = new RosterCheck(InstantSource.fixed(at(9)))
                .check(roster.entries(), Node.DEFAULT_CLUSTER, Duration.ofMinutes(5), network);
        assertThat(checked.answering()).hasSize(2);
        assertThat(checked.notices())
                .extracting(notice -> notice.text())
                .containsExactly(
                        "'pi1' (10.0.0.1) and 'pi2' (10.0.0.2) announce the same id: was one copied from the other?"
                                + " only the first keeps it");
    }

    @Test
    void anotherMachineAtAnOldAddressIsAChange() throws Exception {
        roster.sighted("zeroconf", seen("old", withId("pi-id-0001", "pi1", "10.0.0.1")), at(0));
        roster.sighted("zeroconf", lost("old", Reason.LEFT), at(1));
        roster.sighted("zeroconf", seen("new", withId("pi-id-0002", "pi2", "10.0.0.1")), at(2));
        network.set(new Endpoint(address("10.0.0.1"), 22), Behaviour.UP);

        RosterCheck.Checked checked = new RosterCheck(InstantSource.fixed(at(9)))
                .check(roster.entries(), Node.DEFAULT_CLUSTER, Duration.ofMinutes(5), network);

        assertThat(checked.changes())
                .containsExactly(Notice.info("'pi2' is now at 10.0.0.1, where 'pi1' was: they are different machines"));
        assertThat(checked.notices()).isEqualTo(checked.changes());
    }

    private List<RosterEntry> check(Duration limit) throws InterruptedException {
        return new RosterCheck(InstantSource.fixed(at(9)))
                .check(roster.entries(), Node.DEFAULT_CLUSTER, limit, network)
                .entries();
    }

    private void known(String name, String address, Behaviour behaviour) {
        roster.sighted("zeroconf", seen(withId("id-of-" + name, name, address)), at(0));
        network.set(new Endpoint(address(address), 22), behaviour);
    }
}
