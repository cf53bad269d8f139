// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sciabc.openmpi.RankScript.Greeting;
import org.sciabc.openmpi.RankScript.Greeting.Kind;
import org.sciabc.spi.ExitStatus;

class RankEndsTest {
    private static final long LATER = RankEnds.PATIENCE.toNanos() + 1;

    private final RankEnds ends = new RankEnds(3);

    @BeforeEach
    void allBegin() {
        for (int rank = 0; rank < 3; rank++) {
            assertThat(ends.haveBegun()).isFalse();
            ends.begin(new Greeting(rank, Kind.OUT));
            ends.begin(new Greeting(rank, Kind.ERR));
        }
        ends.begin(new Greeting(0, Kind.IN));
    }

    @Test
    void theyHaveBegunWithAllStreamsAndTheInputOfTheFirst() {
        assertThat(ends.haveBegun()).isTrue();
        assertThat(ends.begin(new Greeting(1, Kind.ERR))).as("a second time").isFalse();
    }

    @Test
    void whoEndsWellMayGoWhenBothStreamsAreHere() {
        ends.end(new Greeting(1, Kind.OUT), 0, 0);
        assertThat(ends.answers(0)).isEmpty();

        ends.end(new Greeting(1, Kind.ERR), 0, 0);
        assertThat(ends.answers(0)).isEqualTo(Map.of(1, 0));
        assertThat(ends.answers(0)).as("told once").isEmpty();
    }

    @Test
    void oneFailureEndsTheOthersWhenTheyDoNotEndSoon() {
        end(2, 3, 0);
        assertThat(ends.answers(0)).isEmpty();
        assertThat(ends.isAnswerDue()).isTrue();
        end(1, 4, 1);

        assertThat(ends.answers(LATER)).isEqualTo(Map.of(2, 3, 1, 0));
        assertThat(ends.failure()).contains(new ExitStatus(3));
        assertThat(ends.missing()).hasValue(0);
    }

    @Test
    void whenAllHaveEndedNobodyHearsOfAFailureButWe() {
        end(0, 0, 0);
        end(1, 3, 0);
        end(2, 3, 0);

        assertThat(ends.answers(0)).isEqualTo(Map.of(0, 0, 1, 0, 2, 0));
        assertThat(ends.isWhole()).isTrue();
        assertThat(ends.missing()).isEmpty();
        assertThat(ends.failure()).contains(new ExitStatus(3));
    }

    private void end(int rank, int status, long now) {
        ends.end(new Greeting(rank, Kind.OUT), status, now);
        ends.end(new Greeting(rank, Kind.ERR), status, now);
    }
}
