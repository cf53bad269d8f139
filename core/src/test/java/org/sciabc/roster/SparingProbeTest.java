// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sciabc.roster.Seeing.address;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sciabc.roster.FakeNetwork.Behaviour;
import org.sciabc.roster.NodeProbe.Reply;

/** Who is asked: the SSH server of a node, or its kernel. */
final class SparingProbeTest {
    private static final Endpoint SERVER = new Endpoint(address("10.0.0.1"), 22);
    private static final Endpoint KERNEL = SparingProbe.quiet(SERVER);

    private final FakeNetwork network = new FakeNetwork();
    private long seconds;

    @BeforeEach
    void aNodeIsThere() {
        network.set(SERVER, Behaviour.UP);
        network.set(KERNEL, Behaviour.REFUSES);
    }

    @Test
    void theServerIsVisitedNowAndThenAndTheKernelAskedInBetween() {
        SparingProbe probe = probe(true);
        for (seconds = 1; seconds <= 20; seconds++) {
            assertThat(replies(probe)).endsWith(Reply.ANSWERED);
        }

        assertThat(network.attempts(SERVER)).isEqualTo(4);
        assertThat(network.attempts(KERNEL)).isEqualTo(16);
    }

    @Test
    void whoWasNotSeenBeforeIsVisitedFirst() {
        SparingProbe probe = probe(false);

        assertThat(replies(probe)).containsExactly(Reply.ACCEPTED, Reply.ANSWERED);
        assertThat(replies(probe)).containsExactly(Reply.ANSWERED);
        assertThat(network.attempts(SERVER)).isEqualTo(1);
    }

    /** A firewall swallows it, or somebody listens there. */
    @Test
    void whereTheKernelDoesNotRefuseAllAreVisits() {
        for (Behaviour other : List.of(Behaviour.UNPLUGGED, Behaviour.UP, Behaviour.HANGS)) {
            network.set(KERNEL, other);
            SparingProbe probe = probe(true);
            long before = network.attempts(SERVER);

            assertThat(replies(probe)).as(other.name()).isEmpty();
            assertThat(replies(probe)).as(other.name()).endsWith(Reply.ANSWERED);
            assertThat(replies(probe)).as(other.name()).endsWith(Reply.ANSWERED);
            assertThat(network.attempts(SERVER) - before).isEqualTo(2);
        }
    }

    @Test
    void aKernelThatHasAnsweredIsAskedAgainWhenOnePacketWasLost() {
        SparingProbe probe = probe(true);
        assertThat(replies(probe)).containsExactly(Reply.ANSWERED);
        network.set(KERNEL, Behaviour.UNPLUGGED);
        assertThat(replies(probe)).isEmpty();
        network.set(KERNEL, Behaviour.REFUSES);

        assertThat(replies(probe)).containsExactly(Reply.ACCEPTED, Reply.ANSWERED);
        assertThat(replies(probe)).containsExactly(Reply.ANSWERED);
        assertThat(network.attempts(KERNEL)).isEqualTo(3);
    }

    @Test
    void whoHangsIsVisitedUntilHeAnswers() {
        SparingProbe probe = probe(true);
        network.set(SERVER, Behaviour.HANGS);
        seconds = 5;

        assertThat(replies(probe)).containsExactly(Reply.ACCEPTED);
        assertThat(replies(probe)).containsExactly(Reply.ACCEPTED);

        network.set(SERVER, Behaviour.UP);
        assertThat(replies(probe)).endsWith(Reply.ANSWERED);
        assertThat(replies(probe)).containsExactly(Reply.ANSWERED);
        assertThat(network.attempts(KERNEL)).isEqualTo(1);
    }

    @Test
    void visitsAreCountedWhereThereIsNothingElse() {
        network.set(SERVER, Behaviour.COUNTS);
        assertThat(replies(probe(false))).endsWith(Reply.ANSWERED);

        network.set(KERNEL, Behaviour.UNPLUGGED);
        SparingProbe probe = probe(true);
        assertThat(replies(probe)).isEmpty();
        assertThat(replies(probe)).endsWith(Reply.ANSWERED_COUNTING);
    }

    private SparingProbe probe(boolean wereVisited) {
        return new SparingProbe(
                network,
                Duration.ofSeconds(5),
                () -> Duration.ofSeconds(seconds).toNanos(),
                wereVisited);
    }

    private static List<Reply> replies(SparingProbe probe) {
        List<Reply> heard = new ArrayList<>();
        NodeProbe.Attempt attempt = probe.attempt(SERVER, heard::add);
        attempt.cancel();
        return heard;
    }
}
