// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sciabc.roster.Seeing.at;
import static org.sciabc.roster.Seeing.lost;
import static org.sciabc.roster.Seeing.node;
import static org.sciabc.roster.Seeing.seen;
import static org.sciabc.roster.Seeing.withId;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.sciabc.spi.Node;
import org.sciabc.spi.Sighting.Reason;

final class ExpectationTest {
    private final Roster roster = new Roster(Node.DEFAULT_CLUSTER);

    @Test
    void isMetAsSoonAsTheLastNodeIsComplete() {
        roster.sighted("zeroconf", seen(withId("pi-id-0001", "pi1", "10.0.0.1")), at(1));
        assertThat(met(2)).isEmpty();
        roster.sighted("zeroconf", seen(withId("pi-id-0002", "pi2", "10.0.0.2")), at(2));
        assertThat(met(2)).contains(at(2));
        assertThat(met(1)).contains(at(1));
        assertThat(met(3)).isEmpty();
    }

    @Test
    void aNodeOf2016IsCountedAfterAGrace() {
        roster.sighted("zeroconf", seen(node("pi1", "10.0.0.1")), at(1));
        assertThat(met(1)).contains(at(1.3));
    }

    @Test
    void aHalfRecordThatIsCompletedIsCountedAtOnce() {
        roster.sighted("zeroconf", seen("s", node("pi1", "10.0.0.1")), at(1));
        roster.sighted("zeroconf", seen("s", withId("pi-id-0001", "pi1", "10.0.0.1")), at(1.1));
        assertThat(met(1)).get().satisfies(moment -> assertThat(moment).isBeforeOrEqualTo(at(1.1)));
    }

    @Test
    void aNodeWithoutAnAddressDoesNotCount() {
        roster.sighted("zeroconf", seen(withId("pi-id-0001", "pi1")), at(1));
        assertThat(met(1)).isEmpty();
    }

    @Test
    void aNodeThatLeftOrIsDoubtedDoesNotCount() {
        roster.sighted("zeroconf", seen("a", withId("pi-id-0001", "pi1", "10.0.0.1")), at(1));
        roster.sighted("zeroconf", lost("a", Reason.LEFT), at(2));
        roster.sighted("zeroconf", seen("b", withId("pi-id-0002", "pi2", "10.0.0.2")), at(1));
        roster.sighted("zeroconf", lost("b", Reason.EXPIRED), at(2));
        assertThat(met(1)).isEmpty();
    }

    @Test
    void nothingExpectedIsNeverEnough() {
        roster.sighted("zeroconf", seen(withId("pi-id-0001", "pi1", "10.0.0.1")), at(1));
        assertThat(new Expectation(OptionalInt.empty()).metAt(roster.entries())).isEmpty();
    }

    private Optional<Instant> met(int nodes) {
        return new Expectation(OptionalInt.of(nodes)).metAt(roster.entries());
    }
}
