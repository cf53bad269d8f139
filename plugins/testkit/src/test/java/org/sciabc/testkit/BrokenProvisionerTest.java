// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.Provisioner;

/** For each clause of the contract a provisioner that breaks it, and is caught by the test for this clause. */
class BrokenProvisionerTest {
    private static volatile Supplier<Provisioner> underTest = LocalProvisioner::new;

    /** The contract for the provisioner of the moment, with a node that greets whoever connects. */
    static class Contract extends ProvisionerContractTest {
        private final ServerSocket server;

        Contract() throws IOException {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        }

        @BeforeEach
        void greet() {
            Thread greeter = new Thread(
                    () -> {
                        while (!server.isClosed()) {
                            try (Socket guest = server.accept()) {
                                guest.getOutputStream().write('!');
                            } catch (IOException closed) {
                                return;
                            }
                        }
                    },
                    "greeter");
            greeter.setDaemon(true);
            greeter.start();
        }

        @AfterEach
        void stop() throws IOException {
            server.close();
        }

        @Override
        Duration aWhile() {
            return Duration.ofMillis(300);
        }

        @Override
        protected Provisioner create() {
            return underTest.get();
        }

        @Override
        protected ReachableNode reachable() {
            Node node =
                    Node.of("here", List.of(InetAddress.getLoopbackAddress())).withPort(server.getLocalPort());
            return ReachableNode.of(node, "ada").withPassword(LocalProvisioner.PASSWORD);
        }
    }

    /** The same with a node that lets everybody in, so that its remote shell can be tried. */
    static class OpenContract extends Contract {
        OpenContract() throws IOException {}

        @Override
        protected ReachableNode reachable() {
            ReachableNode node = super.reachable();
            return ReachableNode.of(node.node(), node.user());
        }
    }

    @Test
    void aRightProvisionerFulfilsTheContract() {
        underTest = LocalProvisioner::new;

        Outcome.of(Contract.class).requireThatAllSucceeded();
    }

    @Test
    void aRightRemoteShellFulfilsTheContract() {
        underTest = LocalProvisioner::new;

        Outcome.of(OpenContract.class).requireThatAllSucceeded();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shift; exec \"$@\"                       | a remote shell passes input on and has a shell read the words",
                "shift; exec /bin/sh -c \"$*\" </dev/null | a remote shell passes input on and has a shell read the words",
                "shift; exec /bin/sh -c \"$1\"            | the exit status of",
                "shift; /bin/sh -c \"$*\"; exit 0         | the exit status of",
            })
    void aBrokenRemoteShellIsCaught(String script, String message) {
        underTest = () -> new BrokenProvisioner.WithShell(script);

        Outcome.of(OpenContract.class).requireThatItFailedIn(message, "givesACommandThatReachesTheNodeOrRefusesTo");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void aBrokenProvisionerIsCaught(String what, Supplier<Provisioner> provisioner, String message, String[] tests) {
        underTest = provisioner;

        Outcome.of(Contract.class).requireThatItFailedIn(message, tests);
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                connecting(
                        "dropping output",
                        BrokenProvisioner.DroppingOutput::new,
                        "lines of standard output that were there when run returned",
                        "deliversAllOutputBeforeItReturns",
                        "passesInputOnToItsEnd",
                        "uploadsAWholeFileOrRefusesTo"),
                connecting(
                        "hoarding output",
                        BrokenProvisioner.Hoarding::new,
                        "standard output did not have 'ready'",
                        "deliversOutputAsItComes",
                        "endsTheCommandWhenInterrupted",
                        "endsTheCommandWhenClosed"),
                connecting(
                        "waiting for the end of input",
                        BrokenProvisioner.Thirsty::new,
                        "a command whose input has no end has to end",
                        "doesNotWaitForTheEndOfInputThatTheCommandDoesNotRead"),
                connecting(
                        "taking everything for a success",
                        BrokenProvisioner.Optimistic::new,
                        "the exit status is the command's own",
                        "passesTheExitStatusOn",
                        "countsASignalAsAShellDoes"),
                connecting(
                        "passing no input on",
                        BrokenProvisioner.Deaf::new,
                        "300000 bytes of input have to arrive as they are; 0 came back",
                        "passesInputOnToItsEnd",
                        "deliversOutputAsItComes"),
                connecting(
                        "handing the script over as an argument",
                        BrokenProvisioner.Argumentative::new,
                        "cannot run a command: the script is too long",
                        "takesALongScript"),
                connecting(
                        "leaving the command running",
                        BrokenProvisioner.Abandoning::new,
                        "the end of the remote process after interruption",
                        "endsTheCommandWhenInterrupted",
                        "endsTheCommandWhenItsTimeoutPasses",
                        "endsTheCommandWhenClosed"),
                connecting(
                        "not looking at the time",
                        BrokenProvisioner.Timeless::new,
                        "a run has to end within one second after its command's timeout",
                        "endsTheCommandWhenItsTimeoutPasses"),
                connecting(
                        "closing streams",
                        BrokenProvisioner.Closing::new,
                        "streams are their owner's to close",
                        "leavesStreamsOpen"),
                connecting(
                        "working when it is closed",
                        BrokenProvisioner.Undead::new,
                        "running a command after close has to be refused",
                        "runsNothingAfterItWasClosedAndClosesTwice"),
                connecting(
                        "writing into the file",
                        BrokenProvisioner.Overwriting::new,
                        "what is in the file after an upload that failed",
                        "leavesTheFileAsItWasWhenAnUploadFails"),
                connecting(
                        "forgetting the mode",
                        BrokenProvisioner.Modeless::new,
                        "the mode of the file after the upload",
                        "uploadsAWholeFileOrRefusesTo"),
                breaks(
                        "trusting everybody",
                        BrokenProvisioner.Credulous::new,
                        "has to fail with a ConnectException of the kind HOST_KEY_UNKNOWN, and the node was reached",
                        "refusesAnUnknownHostKeyThatNobodyAccepted",
                        "asksOnceAboutAHostKeyAndRemembersTheAnswer"),
                breaks(
                        "forgetting the answer",
                        BrokenProvisioner.Forgetful::new,
                        "its key is not known",
                        "asksOnceAboutAHostKeyAndRemembersTheAnswer"),
                breaks(
                        "telling the password",
                        BrokenProvisioner.Telltale::new,
                        "a secret must not stand in a message",
                        "refusesAWrongPasswordWithoutRepeatingIt"),
                breaks(
                        "ignoring passwords",
                        BrokenProvisioner.DenyingPasswords::new,
                        "a password, which it declares not to support, has to be refused",
                        "refusesAWrongPasswordWithoutRepeatingIt"),
                breaks(
                        "denying that it uploads",
                        BrokenProvisioner.DenyingUploads::new,
                        "an upload, which it declares not to support, has to be refused",
                        "uploadsAWholeFileOrRefusesTo"),
                breaks(
                        "waiting too long",
                        BrokenProvisioner.Patient::new,
                        "connecting has to end within the request's timeout",
                        "givesUpANodeThatSaysNothing"),
                breaks(
                        "ignoring interruption",
                        BrokenProvisioner.Stubborn::new,
                        "an interrupted connect has to end within one second",
                        "obeysInterruptionWhileItConnects"),
                breaks(
                        "naming another reason",
                        BrokenProvisioner.Guessing::new,
                        "the kind of reason, by which advice is chosen",
                        "saysWhyANodeIsNotReached"),
                breaks(
                        "counting on the PATH",
                        BrokenProvisioner.Pathless::new,
                        "a launcher starts it whatever the PATH is",
                        "givesACommandThatReachesTheNodeOrRefusesTo"),
                breaks(
                        "denying that it has a remote shell",
                        BrokenProvisioner.DenyingShell::new,
                        "a remote shell, which it declares not to support, has to be refused",
                        "givesACommandThatReachesTheNodeOrRefusesTo"));
    }

    private static Arguments connecting(
            String what, Function<Path, NodeConnection> connections, String message, String... tests) {
        return breaks(what, () -> new BrokenProvisioner.WithConnection(connections), message, tests);
    }

    private static Arguments breaks(String what, Supplier<Provisioner> provisioner, String message, String... tests) {
        return arguments(what, provisioner, message, tests);
    }
}
