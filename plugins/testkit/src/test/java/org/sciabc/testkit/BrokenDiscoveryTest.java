// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.Node;

/** For each clause of the contract a backend that breaks it, and is caught by the test for this clause and no other. */
class BrokenDiscoveryTest {
    private static volatile Supplier<DiscoveryBackend> underTest = MemoryDiscovery::new;

    /** The contract for the backend of the moment. Nodes come in a right way, whatever the backend does. */
    static class Contract extends DiscoveryContractTest {
        @Override
        protected DiscoveryBackend create() {
            return underTest.get();
        }

        @Override
        protected Presence appear(Node node) throws Exception {
            Announcement announcement = new MemoryDiscovery().announce(announceRequest(node));
            return Presence.of(node, announcement);
        }

        @Override
        protected Optional<Map<String, String>> givenSoThatNothingAnswers() {
            return Optional.of(BlockedDiscovery.WITHOUT_ANSWERS);
        }

        @Override
        protected Duration patience() {
            return Duration.ofMillis(600);
        }

        @Override
        Duration aWhile() {
            return Duration.ofMillis(200);
        }
    }

    @AfterAll
    static void endWhatWasLeft() {
        BrokenDiscovery.END.countDown();
    }

    @Test
    void aRightBackendFulfilsTheContract() {
        underTest = MemoryDiscovery::new;

        Outcome.of(Contract.class).requireThatAllSucceeded();
    }

    @Test
    void whoseNodesAreAmongThoseOfOtherClustersIsRight() {
        underTest = NeighbourDiscovery::new;

        Outcome.of(Contract.class).requireThatAllSucceeded();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void aBrokenBackendIsCaught(String what, Supplier<DiscoveryBackend> backend, String message, String[] tests) {
        underTest = backend;

        Outcome.of(Contract.class).requireThatItFailedIn(message, tests);
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                breaks(
                        "an id in capitals",
                        BrokenDiscovery.ShoutingId::new,
                        "lower-case",
                        "idIsWellFormedAndAlwaysTheSame"),
                breaks(
                        "a changing id",
                        BrokenDiscovery.ChangingId::new,
                        "has to be the same",
                        "idIsWellFormedAndAlwaysTheSame"),
                breaks(
                        "two lines of summary",
                        BrokenDiscovery.LongSummary::new,
                        "line break",
                        "summaryIsOneLineWithoutAFullStop"),
                breaks(
                        "a default that its type refuses",
                        BrokenDiscovery.WrongDefault::new,
                        "setting 'tries' has to accept its own default",
                        "settingsAreWellFormedAndTheirDefaultsAreAccepted"),
                breaks(
                        "a slow constructor",
                        () -> new BrokenDiscovery.SlowToCreate(Duration.ZERO),
                        "has to return at once",
                        "isCreatedAtOnceAndWithoutEffects"),
                breaks(
                        "a thread from the constructor",
                        BrokenDiscovery.ThreadWhenCreated::new,
                        "must not start threads, and started 'left-running'",
                        "isCreatedAtOnceAndWithoutEffects"),
                breaks(
                        "a socket from the constructor",
                        BrokenDiscovery.SocketWhenCreated::new,
                        "must not open files or connections",
                        "isCreatedAtOnceAndWithoutEffects"),
                breaks(
                        "no public constructor",
                        () -> new BrokenDiscovery.NeedsArguments(1),
                        "needs a public constructor without parameters",
                        "isAPublicClassThatTheHostCanCreate",
                        "isCreatedAtOnceAndWithoutEffects"),
                breaks(
                        "no annotation",
                        BrokenDiscovery.NotAnExtension::new,
                        "needs the annotation org.pf4j.Extension",
                        "isAPublicClassThatTheHostCanCreate"),
                breaks(
                        "changing requirements",
                        BrokenDiscovery.ChangingRequirements::new,
                        "have to be the same when they are asked for again",
                        "requirementsAreTheSameForTheSameRequest"),
                breaks(
                        "a requirement with a relative path",
                        BrokenDiscovery.RelativeRequirement::new,
                        "its path 'memory' is neither absolute nor below ~/",
                        "requirementsAreWellFormed"),
                breaks(
                        "a number that is too great for it",
                        BrokenDiscovery.TrustingSettings::new,
                        "setting 'tries' as '999999999999999999' has to work or to be refused",
                        "settingsThatAreRefusedAreRefusedInWords"),
                breaks(
                        "printing",
                        BrokenDiscovery.Printing::new,
                        "BrokenDiscovery$Printing printed 'watching'",
                        "printsNothing"),
                breaks("prompting", BrokenDiscovery.Prompting::new, "BrokenDiscovery$Prompting", "promptsForNothing"),
                breaks(
                        "a thread left behind",
                        BrokenDiscovery.LeavingThreads::new,
                        "'left-running' in",
                        "leavesNoThreads"),
                breaks(
                        "saying what was not announced",
                        BrokenDiscovery.Distorting::new,
                        "the user of there is Optional[ada], and was reported as Optional[root]",
                        "reportsNodesThatAreThere"),
                breaks(
                        "looking once",
                        BrokenDiscovery.LookingOnce::new,
                        "no sighting of later within 0.6 s",
                        "reportsNodesThatComeLater",
                        "reportsThatANodeLeftOrDeclaresThatItCannot"),
                breaks(
                        "not reporting that a node left",
                        BrokenDiscovery.Clinging::new,
                        "no loss of leaving@memory within 0.6 s",
                        "reportsThatANodeLeftOrDeclaresThatItCannot"),
                breaks(
                        "denying that it reports leaving",
                        BrokenDiscovery.DenyingLeaving::new,
                        "declares that it does not report leaving must not report it",
                        "reportsThatANodeLeftOrDeclaresThatItCannot"),
                breaks(
                        "losing what it never saw",
                        BrokenDiscovery.LosingOthers::new,
                        "no loss of leaving@memory within 0.6 s; reported was",
                        "reportsThatANodeLeftOrDeclaresThatItCannot"),
                breaks(
                        "not saying what it listens on",
                        BrokenDiscovery.Silent::new,
                        "no call of listening",
                        "saysWhatItListensOn"),
                breaks(
                        "calling from two threads at once",
                        BrokenDiscovery.Concurrent::new,
                        "must not be called from two threads at once",
                        "callsTheListenerFromOneThreadAtATime"),
                breaks(
                        "calling after it returned",
                        BrokenDiscovery.Afterthought::new,
                        "must not be called after watch returned",
                        "leavesTheListenerAloneAfterItReturned"),
                breaks(
                        "returning early",
                        BrokenDiscovery.Hasty::new,
                        "must watch until the limit of 0.2 s has passed",
                        "returnsWhenTheLimitHasPassedAndNotBefore"),
                breaks(
                        "returning late",
                        BrokenDiscovery.Late::new,
                        "has to return when its limit has passed",
                        "returnsWhenTheLimitHasPassedAndNotBefore",
                        "returnsWhenTheLimitHasPassedAlthoughNothingAnswers"),
                breaks(
                        "ignoring interruption",
                        BrokenDiscovery.Stubborn::new,
                        "an interrupted watch has to end within one second, and 1.5 s later it has not",
                        "obeysInterruptionWithinASecond",
                        "obeysInterruptionAlthoughNothingAnswers",
                        "obeysAnInterruptionThatCameBefore",
                        "reportsNodesThatComeLater",
                        "saysWhatItListensOn"),
                breaks(
                        "waiting for an answer without an end",
                        BlockedDiscovery::new,
                        "it has to return when its limit has passed, although nothing has answered",
                        "returnsWhenTheLimitHasPassedAlthoughNothingAnswers",
                        "obeysInterruptionAlthoughNothingAnswers"),
                breaks(
                        "failing when it is interrupted",
                        BrokenDiscovery.Failing::new,
                        "has to return or to throw InterruptedException, and failed: cannot watch",
                        "obeysInterruptionWithinASecond",
                        "obeysInterruptionAlthoughNothingAnswers",
                        "obeysAnInterruptionThatCameBefore"),
                breaks(
                        "watching once at a time",
                        BrokenDiscovery.Alone::new,
                        "cannot watch: it is watching already",
                        "watchesTwiceAtOnce"),
                breaks(
                        "keeping secret what it tells",
                        BrokenDiscovery.Secretive::new,
                        "what the network is told",
                        "announcesAndWithdrawsOrRefusesToAnnounce"),
                breaks(
                        "staying findable",
                        BrokenDiscovery.Unforgettable::new,
                        "what was withdrawn must not be found any more",
                        "announcesAndWithdrawsOrRefusesToAnnounce"),
                breaks(
                        "denying that it announces",
                        BrokenDiscovery.DenyingAnnouncing::new,
                        "announcing, which it declares not to support, has to be refused with a SciabcException, and was not",
                        "announcesAndWithdrawsOrRefusesToAnnounce"),
                breaks(
                        "breaking down in place of refusing",
                        BrokenDiscovery.BreakingDown::new,
                        "has to be refused with a SciabcException, and ended in java.lang.UnsupportedOperationException",
                        "announcesAndWithdrawsOrRefusesToAnnounce"),
                breaks(
                        "refusing in the words of a programmer",
                        BrokenDiscovery.Gibberish::new,
                        "it names a class",
                        "announcesAndWithdrawsOrRefusesToAnnounce"),
                breaks(
                        "ignoring interfaces that it cannot keep to",
                        BrokenDiscovery.IgnoringInterfaces::new,
                        "an interface, which it declares not to support, has to be refused",
                        "keepsToTheInterfacesOfTheRequestOrRefusesThem"),
                breaks(
                        "using another interface",
                        BrokenDiscovery.Straying::new,
                        "only interfaces of the request may be used",
                        "keepsToTheInterfacesOfTheRequestOrRefusesThem"));
    }

    private static Arguments breaks(String what, Supplier<DiscoveryBackend> backend, String message, String... tests) {
        return arguments(what, backend, message, tests);
    }
}
