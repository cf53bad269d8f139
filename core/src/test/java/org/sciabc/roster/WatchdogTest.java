// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sciabc.roster.Seeing.address;
import static org.sciabc.roster.Seeing.addresses;
import static org.sciabc.roster.Seeing.lost;
import static org.sciabc.roster.Seeing.seen;
import static org.sciabc.roster.Seeing.withId;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.roster.FakeNetwork.Behaviour;
import org.sciabc.spi.Node;
import org.sciabc.spi.Sighting.Reason;

/** The watchdog and the roster together, on a network and a clock that are not real. */
final class WatchdogTest {
    private static final Endpoint PI = new Endpoint(address("10.0.0.1"), 22);
    private static final Endpoint PI_WIRELESS = new Endpoint(address("192.168.4.1"), 22);

    private final FakeNetwork network = new FakeNetwork();
    private final Roster roster = new Roster(Node.DEFAULT_CLUSTER);
    private final Queue<Runnable> replies = new ArrayDeque<>();
    private final Set<Endpoint> cutOff = new HashSet<>();
    private long now;
    private Watchdog watchdog = watchdog(1);

    @BeforeEach
    void oneNodeIsThere() {
        network.set(PI, Behaviour.UP);
        roster.sighted("zeroconf", seen("pi1", withId("pi-id-0001", "pi1", "10.0.0.1")), wall());
        pass(3);
    }

    @Nested
    final class ANodeThatIsAlive {
        @Test
        void isProbedOnceASecondAndNotMore() {
            long before = network.attempts(PI);
            pass(60);
            assertThat(network.attempts(PI) - before).isBetween(50L, 60L);
            assertThat(state()).isEqualTo(NodeState.ALIVE);
        }

        @Test
        void isProbedLessWhenItsServerHasHadEnough() {
            network.set(PI, Behaviour.TURNS_AWAY);
            long before = network.attempts(PI);
            pass(60);
            assertThat(network.attempts(PI) - before).isLessThan(12);
            assertThat(state()).isEqualTo(NodeState.ALIVE);
            network.set(PI, Behaviour.UNPLUGGED);
            pass(20);
            assertThat(state()).isEqualTo(NodeState.GONE);
        }

        /** Two watches and some failed logins are less than one visit a second then. */
        @Test
        void isProbedHalfAsOftenWhereItsServerCountsVisits() {
            network.set(PI, Behaviour.COUNTS);
            pass(3);
            long before = network.attempts(PI);
            pass(60);
            assertThat(network.attempts(PI) - before).isBetween(25L, 30L);
            assertThat(state()).isEqualTo(NodeState.ALIVE);
            network.set(PI, Behaviour.HANGS);
            pass(3);
            assertThat(state()).isEqualTo(NodeState.SUSPECT);
            pass(2.9);
            assertThat(state()).isEqualTo(NodeState.GONE);
        }

        @Test
        void isProbedAsEverOnceItsServerCountsNoMore() {
            network.set(PI, Behaviour.COUNTS);
            pass(3);
            network.set(PI, Behaviour.UP);
            pass(11 * 60);
            long before = network.attempts(PI);
            pass(60);
            assertThat(network.attempts(PI) - before).isBetween(50L, 60L);
        }

        @Test
        void isGoneSoonerWhenItHadBeenSilentBeforeItWasProbed() {
            network.set(PI, Behaviour.UNPLUGGED);
            watchdog.probeAll(Duration.ofMinutes(2));
            pass(0.5);
            assertThat(state()).isEqualTo(NodeState.ALIVE);
            pass(0.2);
            assertThat(state()).isEqualTo(NodeState.SUSPECT);
            pass(2.8);
            assertThat(state()).isEqualTo(NodeState.SUSPECT);
            pass(0.2);
            assertThat(state()).isEqualTo(NodeState.GONE);
        }

        @Test
        void isProbedAtOnceAndThenInItsRhythm() {
            pass(0.5);
            long before = network.attempts(PI);
            watchdog.probeAll(Duration.ofMinutes(2));
            assertThat(network.attempts(PI)).isEqualTo(before + 1);
            pass(0.95);
            assertThat(network.attempts(PI)).isEqualTo(before + 1);
            assertThat(state()).isEqualTo(NodeState.ALIVE);
            pass(0.25);
            assertThat(network.attempts(PI)).isEqualTo(before + 2);
        }

        @Test
        void staysWhenABackendLosesItButItAnswers() {
            roster.sighted("zeroconf", lost("pi1", Reason.EXPIRED), wall());
            assertThat(state()).isEqualTo(NodeState.SUSPECT);
            pass(1.2);
            assertThat(state()).isEqualTo(NodeState.ALIVE);
        }

        @Test
        void isGoneAtOnceWhenItSaysGoodbyeEvenIfItAnswers() {
            roster.sighted("zeroconf", lost("pi1", Reason.LEFT), wall());
            assertThat(state()).isEqualTo(NodeState.GONE);
            pass(3);
            assertThat(state()).isEqualTo(NodeState.GONE);
            long before = network.attempts(PI);
            pass(10);
            assertThat(network.attempts(PI)).as("nobody asks who left").isEqualTo(before);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void unpluggedIsSuspectWithinTwoSecondsAndGoneWithinFive(long seed) {
        for (Behaviour cause : new Behaviour[] {Behaviour.UNPLUGGED, Behaviour.HANGS, Behaviour.REFUSES}) {
            watchdog = watchdog(seed);
            network.set(PI, Behaviour.UP);
            pass(4 + seed * 0.05);
            assertThat(state()).isEqualTo(NodeState.ALIVE);
            network.set(PI, cause);
            pass(2);
            assertThat(state()).as("%s after 2 s", cause).isEqualTo(NodeState.SUSPECT);
            assertThat(roster.entries().get(0).isUsable()).isTrue();
            pass(2.9);
            assertThat(state()).as("%s after 4.9 s", cause).isEqualTo(NodeState.GONE);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void aStallOfThreeSecondsIsSurvived(long seed) {
        for (Behaviour cause : new Behaviour[] {Behaviour.UNPLUGGED, Behaviour.HANGS, Behaviour.REFUSES}) {
            watchdog = watchdog(seed);
            network.set(PI, Behaviour.UP);
            pass(4 + seed * 0.05);
            network.set(PI, cause);
            pass(3);
            assertThat(state()).as("%s for 3 s", cause).isEqualTo(NodeState.SUSPECT);
            network.set(PI, Behaviour.UP);
            for (int i = 0; i < 40; i++) {
                pass(0.05);
                assertThat(state()).as("%s, then well", cause).isNotEqualTo(NodeState.GONE);
            }
            assertThat(state()).isEqualTo(NodeState.ALIVE);
        }
    }

    @Nested
    final class ANodeThatWent {
        @BeforeEach
        void unplug() {
            network.set(PI, Behaviour.UNPLUGGED);
            pass(6);
            assertThat(state()).isEqualTo(NodeState.GONE);
        }

        @Test
        void isBackWithinTwoSecondsWithoutAnyBackendsHelp() {
            pass(60);
            network.set(PI, Behaviour.UP);
            pass(1.9);
            assertThat(state()).isEqualTo(NodeState.ALIVE);
        }

        @Test
        void isNotBackBecauseSomebodysCacheSaysSo() {
            roster.sighted("zeroconf", seen("pi1", withId("pi-id-0001", "pi1", "10.0.0.1")), wall());
            roster.sighted("avahi", seen("pi1", withId("pi-id-0001", "pi1", "10.0.0.1")), wall());
            pass(1);
            assertThat(state()).isEqualTo(NodeState.GONE);
        }

        @Test
        void isBackAtOnceAtAnotherAddress() {
            Endpoint elsewhere = new Endpoint(address("10.0.0.77"), 22);
            network.set(elsewhere, Behaviour.UP);
            roster.sighted("zeroconf", seen("pi1", withId("pi-id-0001", "pi1", "10.0.0.77")), wall());
            pass(0.1);
            assertThat(state()).isEqualTo(NodeState.ALIVE);
            assertThat(roster.entries().get(0).node().addresses()).isEqualTo(addresses("10.0.0.77"));
        }

        @Test
        void isAskedNowAndThenOnly() {
            pass(1_000);
            long before = network.attempts(PI);
            pass(100);
            assertThat(network.attempts(PI) - before).isLessThan(15);
        }

        @Test
        void canBeReplacedByAnotherMachineAtItsAddress() {
            network.set(PI, Behaviour.UP);
            roster.sighted("zeroconf", seen("pi9", withId("pi-id-0009", "pi9", "10.0.0.1")), wall());
            roster.sighted("zeroconf", lost("pi1", Reason.EXPIRED), wall());
            pass(2);
            assertThat(roster.entries().stream().filter(RosterEntry::isUsable)).hasSize(1);
        }
    }

    @Nested
    final class Hanging {
        @Test
        void connectionsDoNotPileUp() {
            network.set(PI, Behaviour.HANGS);
            long before = network.attempts(PI);
            pass(120);
            assertThat(state()).isEqualTo(NodeState.GONE);
            assertThat(network.attempts(PI) - before).isLessThan(15);
            assertThat(network.open(PI)).isLessThanOrEqualTo(1);
            network.set(PI, Behaviour.UP);
            pass(0.1);
            assertThat(state()).isEqualTo(NodeState.ALIVE);
        }
    }

    @Nested
    final class TwoPaths {
        @BeforeEach
        void wireless() {
            network.set(PI_WIRELESS, Behaviour.UP);
            roster.sighted("zeroconf", seen("pi1", withId("pi-id-0001", "pi1", "10.0.0.1", "192.168.4.1")), wall());
            pass(2);
        }

        @Test
        void onlyOneIsProbedWhileItAnswers() {
            long before = network.attempts(PI_WIRELESS);
            pass(10);
            assertThat(network.attempts(PI_WIRELESS)).isEqualTo(before);
        }

        @Test
        void theOtherTakesOverWithoutAnySuspicion() {
            for (Behaviour cause : new Behaviour[] {Behaviour.UNPLUGGED, Behaviour.REFUSES}) {
                network.set(PI, Behaviour.UP);
                network.set(PI_WIRELESS, Behaviour.UP);
                pass(10);
                network.set(PI, cause);
                for (int i = 0; i < 100; i++) {
                    pass(0.1);
                    assertThat(state()).as(cause.toString()).isEqualTo(NodeState.ALIVE);
                }
                assertThat(roster.entries().get(0).node().addresses().get(0)).isEqualTo(PI_WIRELESS.address());
            }
        }

        @Test
        void theFirstIsTriedAgainAndPreferredWhenItIsBack() {
            pass(3);
            network.set(PI, Behaviour.UNPLUGGED);
            pass(5);
            assertThat(placesOfPi()).startsWith(PI_WIRELESS.address());
            network.set(PI, Behaviour.UP);
            pass(12);
            network.set(PI_WIRELESS, Behaviour.UNPLUGGED);
            pass(5);
            assertThat(placesOfPi()).startsWith(PI.address());
        }

        @Test
        void oneThatIsNeverThereIsTriedMoreAndMoreSeldom() {
            pass(3);
            network.set(PI, Behaviour.UNPLUGGED);
            pass(600);
            long before = network.attempts(PI);
            pass(600);
            assertThat(network.attempts(PI) - before).isBetween(1L, 3L);
            assertThat(network.open(PI)).isLessThanOrEqualTo(1);
            assertThat(state()).isEqualTo(NodeState.ALIVE);
        }

        @Test
        void bothHaveToFail() {
            network.set(PI, Behaviour.UNPLUGGED);
            network.set(PI_WIRELESS, Behaviour.HANGS);
            pass(5);
            assertThat(state()).isEqualTo(NodeState.GONE);
        }
    }

    @Nested
    final class OurOwnTrouble {
        @Test
        void aLostCableMakesNobodyGone() {
            network.set(PI, Behaviour.UNPLUGGED);
            cutOff.add(PI);
            pass(60);
            assertThat(state()).isEqualTo(NodeState.SUSPECT);
            cutOff.clear();
            pass(2);
            assertThat(state()).as("has time to answer after the cable is back").isEqualTo(NodeState.SUSPECT);
            network.set(PI, Behaviour.UP);
            pass(1);
            assertThat(state()).isEqualTo(NodeState.ALIVE);
        }

        @Test
        void whoWentWhileTheCableWasOutIsGoneSoonAfter() {
            network.set(PI, Behaviour.UNPLUGGED);
            cutOff.add(PI);
            pass(60);
            cutOff.clear();
            pass(4);
            assertThat(state()).isEqualTo(NodeState.GONE);
        }

        @Test
        void sleepingIsNotHeldAgainstTheNodes() {
            now += Duration.ofMinutes(30).toNanos();
            watchdog.tick(now);
            assertThat(state()).isEqualTo(NodeState.ALIVE);
            pass(2);
            assertThat(state()).isEqualTo(NodeState.ALIVE);
        }
    }

    @Nested
    final class WhatWasStored {
        @Test
        void isProbedAtOnceAndBackWhenItAnswers() {
            Roster later = new Roster(Node.DEFAULT_CLUSTER);
            later.restored(roster.entries(), wall());
            assertThat(later.entries())
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.state()).isEqualTo(NodeState.GONE));
            Watchdog fresh = watchdog(1, later);
            fresh.follow(later.entries(), now);
            fresh.tick(now);
            replies.forEach(Runnable::run);
            assertThat(later.entries().get(0).state()).isEqualTo(NodeState.ALIVE);
            assertThat(later.entries().get(0).seenBy()).containsExactly("zeroconf");
        }
    }

    @Nested
    final class Crowds {
        @Test
        void areProbedEvenly() {
            for (int i = 0; i < 500; i++) {
                String address = "10.1." + i / 250 + "." + (1 + i % 250);
                network.set(new Endpoint(address(address), 22), Behaviour.UP);
                roster.sighted("zeroconf", seen("n" + i, withId("node-id-" + i, "node" + i, address)), wall());
            }
            pass(5);
            long most = 0;
            for (int i = 0; i < 40; i++) {
                long before = network.attempts();
                pass(0.05);
                most = Math.max(most, network.attempts() - before);
            }
            assertThat(most).as("probes in 50 ms, of 24 on average").isLessThan(70);
        }

        @Test
        void ofMachinesThatNeverWereTakeNoProbesFromThoseThatAre() {
            pass(3);
            for (int i = 0; i < 1_500; i++) {
                String address = "10.9." + i / 250 + "." + (1 + i % 250);
                network.set(new Endpoint(address(address), 22), Behaviour.UNPLUGGED);
                roster.sighted("zeroconf", seen("r" + i, withId("rogue-id-" + i, "rogue" + i, address)), wall());
            }
            for (int second = 0; second < 8; second++) {
                pass(1);
                assertThat(state()).isEqualTo(NodeState.ALIVE);
            }
        }

        @Test
        void ofMachinesThatNeverWereAreNotAskedForLong() {
            for (int i = 0; i < 20; i++) {
                roster.sighted("zeroconf", seen("r" + i, withId("rogue-id-" + i, "rogue" + i, "10.9.0." + i)), wall());
            }
            pass(120);
            Endpoint one = new Endpoint(address("10.9.0.7"), 22);
            long before = network.attempts(one);
            pass(120);
            assertThat(network.attempts(one) - before).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void settingsThatCannotWorkAreRefused() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> new WatchdogSettings(second, second, second, second, second))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rhythm < suspectAfter < goneAfter");
    }

    private NodeState state() {
        return roster.entries().stream()
                .filter(entry -> entry.node().name().equals("pi1"))
                .findFirst()
                .orElseThrow()
                .state();
    }

    private List<InetAddress> placesOfPi() {
        return roster.entries().stream()
                .filter(entry -> entry.node().name().equals("pi1"))
                .findFirst()
                .orElseThrow()
                .node()
                .addresses();
    }

    private void pass(double seconds) {
        long end = now + (long) (seconds * 1e9);
        while (now < end) {
            now += Watchdog.TICK.toNanos();
            watchdog.tick(now);
            for (Runnable reply = replies.poll(); reply != null; reply = replies.poll()) {
                reply.run();
            }
            watchdog.follow(roster.entries(), now);
        }
    }

    private Instant wall() {
        return Seeing.START.plusNanos(now);
    }

    private Watchdog watchdog(long seed) {
        return watchdog(seed, roster);
    }

    private Watchdog watchdog(long seed, Roster judged) {
        Watchdog.Judge judge = new Watchdog.Judge() {
            @Override
            public void answered(Endpoint endpoint) {
                judged.answered(endpoint, wall());
            }

            @Override
            public void missed(Collection<Endpoint> endpoints) {
                judged.missed(endpoints, wall());
            }

            @Override
            public void absent(Collection<Endpoint> endpoints) {
                judged.absent(endpoints, wall());
            }

            @Override
            public boolean isCutOffFrom(Endpoint endpoint) {
                return cutOff.contains(endpoint);
            }
        };
        return new Watchdog(WatchdogSettings.DEFAULT, network, judge, replies::add, new Random(seed));
    }
}
