// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sciabc.spi.JobLauncher;

/** For each clause of the contract a launcher that breaks it, and is caught by the test for this clause. */
class BrokenLauncherTest {
    private static volatile Supplier<JobLauncher> underTest = ShellLauncher::new;

    /** The contract for the launcher of the moment. */
    static class Contract extends LauncherContractTest {
        @Override
        protected JobLauncher create() {
            return underTest.get();
        }

        @Override
        protected Optional<Map<String, String>> givenSoThatNothingStarts() {
            return Optional.of(Map.of("shell", "/nowhere/sh"));
        }
    }

    @Test
    void aRightLauncherFulfilsTheContract() {
        underTest = ShellLauncher::new;

        Outcome.of(Contract.class).requireThatAllSucceeded();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void aBrokenLauncherIsCaught(String what, Supplier<JobLauncher> launcher, String message, String[] tests) {
        underTest = launcher;

        Outcome.of(Contract.class).requireThatItFailedIn(message, tests);
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                breaks(
                        "a hostfile that counts",
                        BrokenLauncher.Counting::new,
                        "the same request has to give the same text again",
                        "theHostfileDependsOnTheRequestAlone"),
                breaks(
                        "a hostfile in local digits",
                        BrokenLauncher.Local::new,
                        "must not depend on this machine's language",
                        "theHostfileDependsOnTheRequestAlone"),
                breaks(
                        "a hostfile that is sorted",
                        BrokenLauncher.Sorting::new,
                        "where the nodes stand in the text",
                        "theHostfileKeepsTheOrderAndEndsEachLine"),
                breaks(
                        "a hostfile without its last line feed",
                        BrokenLauncher.Unending::new,
                        "has to end with a line feed",
                        "theHostfileKeepsTheOrderAndEndsEachLine"),
                breaks(
                        "a hostfile for nobody",
                        BrokenLauncher.Talkative::new,
                        "# nodes",
                        "theHostfileOfNoNodesIsEmpty"),
                breaks(
                        "two probes of one name",
                        BrokenLauncher.Confusing::new,
                        "the names of the probes",
                        "probesAreDistinctAndAlwaysTheSame",
                        "checkTakesAnyAnswerAndSaysHarmlessThings"),
                breaks(
                        "repeating what a node said",
                        BrokenLauncher.Parroting::new,
                        "must not reach the terminal as it is",
                        "checkTakesAnyAnswerAndSaysHarmlessThings"),
                breaks(
                        "counting on an answer",
                        BrokenLauncher.Expectant::new,
                        "no version",
                        "checkTakesAnyAnswerAndSaysHarmlessThings"),
                breaks(
                        "taking everything for a success",
                        BrokenLauncher.Optimistic::new,
                        "the exit status is the job's own",
                        "passesTheExitStatusOn"),
                breaks(
                        "hoarding output",
                        BrokenLauncher.Hoarding::new,
                        "standard output did not have 'ready'",
                        "deliversOutputAsItComes",
                        "passesInputOnOrLeavesItAlone",
                        "endsTheJobWhenInterrupted"),
                breaks(
                        "starting a program without the host",
                        BrokenLauncher.Independent::new,
                        "processes that were started by other means",
                        "startsProgramsOnlyThroughTheRequest"),
                breaks(
                        "making a status out of an interruption",
                        BrokenLauncher.Swallowing::new,
                        "has to throw InterruptedException, and returned ExitStatus[code=130]",
                        "endsTheJobWhenInterrupted"),
                breaks(
                        "splitting arguments",
                        BrokenLauncher.Splitting::new,
                        "the environment and the arguments that the job saw",
                        "passesWordsAndEnvironmentOnAsTheyAre"),
                breaks(
                        "forgetting the environment",
                        BrokenLauncher.Forgetful::new,
                        "the environment and the arguments that the job saw",
                        "passesWordsAndEnvironmentOnAsTheyAre",
                        "tagsOutputOrRefusesTo"),
                breaks(
                        "starting one process",
                        BrokenLauncher.Lonely::new,
                        "here",
                        "startsAsManyProcessesAsWereAskedFor",
                        "startsOneProcessForEachSlotWhereNobodySaysHowMany"),
                breaks(
                        "taking no number for one",
                        BrokenLauncher.Modest::new,
                        "a job with no number of processes has one for each slot, here 2",
                        "startsOneProcessForEachSlotWhereNobodySaysHowMany"),
                breaks(
                        "denying that it launches",
                        BrokenLauncher.DenyingLaunches::new,
                        "launching, which it declares not to support, has to be refused",
                        "launchesOrRefusesTo"),
                breaks(
                        "reading input that it does not pass on",
                        BrokenLauncher.DenyingInput::new,
                        "a launcher that does not pass input on must not read it",
                        "passesInputOnOrLeavesItAlone"),
                breaks(
                        "making up a status",
                        BrokenLauncher.Inventive::new,
                        "has to be refused with a SciabcException, and was not",
                        "saysThatAJobCouldNotBeStarted",
                        "tagsOutputOrRefusesTo",
                        "startsProgramsOnlyThroughTheRequest"),
                breaks(
                        "leaving output untagged",
                        BrokenLauncher.Untagging::new,
                        "tagged output",
                        "tagsOutputOrRefusesTo"),
                breaks(
                        "staying where it is",
                        BrokenLauncher.Staying::new,
                        "job folder",
                        "startsInTheFolderThatWasAskedFor"),
                breaks(
                        "closing streams",
                        BrokenLauncher.Closing::new,
                        "streams are their owner's to close",
                        "leavesStreamsOpen"));
    }

    private static Arguments breaks(String what, Supplier<JobLauncher> launcher, String message, String... tests) {
        return arguments(what, launcher, message, tests);
    }
}
