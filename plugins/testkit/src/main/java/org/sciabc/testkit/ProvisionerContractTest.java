// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.sciabc.launch.OwnProcesses;
import org.sciabc.spi.ConnectException;
import org.sciabc.spi.ConnectException.Kind;
import org.sciabc.spi.ConnectRequest;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.HostKeyDecision;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.Provisioner;
import org.sciabc.spi.Provisioner.Feature;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.RemoteShellRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Secret;
import org.sciabc.spi.Settings;

/**
 * The contract of {@link Provisioner} and of the connections that it makes, as tests. A provisioner's own test extends it, says
 * how the provisioner is created, and has a node that it can reach:
 *
 * <pre>{@code
 * class ContainerContractTest extends ProvisionerContractTest {
 *     @Override
 *     protected Provisioner create() {
 *         return new ContainerProvisioner();
 *     }
 *
 *     @Override
 *     protected ReachableNode reachable() {
 *         return ReachableNode.of(container.node(), "root");
 *     }
 * }
 * }</pre>
 *
 * <p>On the node are a POSIX shell, {@code cat}, {@code kill}, {@code sleep} and {@code stat}. What a provisioner declares not to support is
 * tested to be refused.
 */
public abstract class ProvisionerContractTest extends CommandContractTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int CROWD = 6;

    /** For subclasses. */
    protected ProvisionerContractTest() {}

    /**
     * A node that runs and can be reached. Is called often; who made it ends it, for instance in an {@code @AfterEach}.
     *
     * @return the same node at each call during one test
     * @throws Exception when that fails, which fails the test
     */
    protected abstract ReachableNode reachable() throws Exception;

    /**
     * Whether nodes have keys that a person is asked about.
     *
     * @return true unless overridden, such as for containers of this machine
     */
    protected boolean asksAboutHostKeys() {
        return true;
    }

    /**
     * Whether nodes are reached over TCP at the addresses that they have, so that one that accepts connections and then says
     * nothing can be made by the test.
     *
     * @return true unless overridden
     */
    protected boolean connectsOverTcp() {
        return true;
    }

    /**
     * A node that cannot be reached.
     *
     * @return one whose port refuses connections, unless overridden
     * @throws Exception when that fails, which fails the test
     */
    protected Node unreachable() throws Exception {
        return SampleNodes.nobody();
    }

    @Override
    final NodeConnection connect() throws Exception {
        Provisioner provisioner = create();
        ConnectRequest request = request(reachable());
        return Call.make(() -> provisioner.connect(request));
    }

    @Override
    final void useOnce() throws Exception {
        useWith(settings());
    }

    @Override
    final void useWith(Settings settings) throws Exception {
        Provisioner provisioner = create();
        ReachableNode node = reachable();
        ConnectRequest request = new ConnectRequest(
                node.node(), node.user(), settings, stateFolder(), node.password(), (who, key) -> true, PATIENCE);
        try (NodeConnection connection = Call.make(() -> provisioner.connect(request))) {
            run(connection, "echo used");
            if (provisioner.supports(Feature.UPLOAD)) {
                upload(connection, content("used"), target("used"), 0600);
                run(connection, "rm " + target("used"));
            }
        }
    }

    @Test
    final void saysWhyANodeIsNotReached() throws Exception {
        ReachableNode nobody = ReachableNode.of(unreachable(), reachable().user());
        Call<Boolean> call = connecting(request(nobody, Optional.empty(), HostKeyDecision.REFUSE, PATIENCE));

        requireEnd(call, PATIENCE.plus(Call.A_SECOND), "connecting has to end within the request's timeout");
        requireFailure(call, Kind.UNREACHABLE);
    }

    @Test
    final void givesUpANodeThatSaysNothing() throws Exception {
        assumeTrue(connectsOverTcp(), "this provisioner does not connect over TCP");
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Call<Boolean> call =
                    connecting(request(silent(silent), Optional.empty(), HostKeyDecision.REFUSE, aWhile()));

            requireEnd(call, aWhile().plus(Call.A_SECOND), "connecting has to end within the request's timeout");
            requireFailure(call, Kind.SILENT);
        }
    }

    @Test
    final void obeysInterruptionWhileItConnects() throws Exception {
        assumeTrue(connectsOverTcp(), "this provisioner does not connect over TCP");
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Call<Boolean> call = connecting(
                    request(silent(silent), Optional.empty(), HostKeyDecision.REFUSE, PATIENCE.multipliedBy(6)));
            call.endsWithin(Duration.ofMillis(300));
            call.interrupt();
            requireEnd(call, Call.A_SECOND, "an interrupted connect has to end within one second");
        }
    }

    @Test
    final void refusesAnUnknownHostKeyThatNobodyAccepted() throws Exception {
        assumeTrue(asksAboutHostKeys(), "these nodes have no keys that a person is asked about");
        ReachableNode node = reachable();
        Call<Boolean> call = connecting(request(node, node.password(), HostKeyDecision.REFUSE, PATIENCE));

        requireEnd(call, PATIENCE.plus(Call.A_SECOND), "connecting has to end within the request's timeout");
        requireFailure(call, Kind.HOST_KEY_UNKNOWN);
    }

    @Test
    final void asksOnceAboutAHostKeyAndRemembersTheAnswer() throws Exception {
        assumeTrue(asksAboutHostKeys(), "these nodes have no keys that a person is asked about");
        ReachableNode node = reachable();
        List<String> asked = new CopyOnWriteArrayList<>();
        Provisioner first = create();
        ConnectRequest accepting = request(
                node,
                node.password(),
                (who, fingerprint) -> {
                    asked.add(fingerprint);
                    return true;
                },
                PATIENCE);
        Call.make(() -> first.connect(accepting)).close();
        Provisioner second = create();
        ConnectRequest refusing = request(node, node.password(), HostKeyDecision.REFUSE, PATIENCE);
        Call.make(() -> second.connect(refusing)).close();

        assertThat(asked).as("questions about the key of one node").hasSize(1);
        assertThat(asked.get(0)).as("the fingerprint that a person compares").contains("SHA256:");
    }

    @Test
    final void refusesAWrongPasswordWithoutRepeatingIt() throws Exception {
        ReachableNode node = reachable();
        String wrong = "Xq7-not-the-password";
        ConnectRequest request = request(node, Optional.of(Secret.of(wrong)), (who, key) -> true, PATIENCE);
        if (!create().supports(Feature.PASSWORD)) {
            Provisioner provisioner = create();
            Refusal.require("a password, which it declares not to support,", () -> provisioner.connect(request));
            return;
        }
        assumeTrue(node.password().isPresent(), "this node lets the manager in without a password");
        Call<Boolean> call = connecting(request);
        requireEnd(call, PATIENCE.plus(Call.A_SECOND), "connecting has to end within the request's timeout");
        SciabcException failure = requireFailure(call, Kind.AUTHENTICATION);
        assertThat(failure.what() + failure.why() + failure.hint())
                .as("a secret must not stand in a message")
                .doesNotContain(wrong);
    }

    @Test
    final void connectsToManyNodesAtOnce() throws Exception {
        Provisioner provisioner = create();
        ReachableNode node = reachable();
        List<Call<String>> calls = new ArrayList<>();
        for (int i = 0; i < CROWD; i++) {
            String word = "number" + i;
            ConnectRequest request = request(node);
            calls.add(Call.begin(() -> {
                try (NodeConnection connection = provisioner.connect(request)) {
                    return run(connection, "echo " + word).streams().out();
                }
            }));
        }
        for (int i = 0; i < CROWD; i++) {
            requireEnd(calls.get(i), Call.TOO_LONG, "each of many connections at once has to come to its end");
            assertThat(calls.get(i).result()).isEqualTo("number" + i + "\n");
        }
    }

    @Test
    final void uploadsAWholeFileOrRefusesTo() throws Exception {
        String path = target("whole");
        byte[] bytes = "first line\nno line feed at the end: ü".repeat(3_000).getBytes(StandardCharsets.UTF_8);
        try (NodeConnection connection = connect()) {
            if (!create().supports(Feature.UPLOAD)) {
                Refusal.require("an upload, which it declares not to support,", () -> {
                    connection.upload(new ByteArrayInputStream(bytes), path, 0600);
                    return true;
                });
                return;
            }
            upload(connection, content("to be replaced"), path, 0600);
            upload(connection, new ByteArrayInputStream(bytes), path, 0751);
            Ran ran = run(connection, "cat " + path);
            assertThat(ran.streams().outBytes())
                    .as("what is in the file after the upload")
                    .isEqualTo(bytes);
            assertThat(run(connection, "stat -c %a " + path + " 2>/dev/null || stat -f %Lp " + path)
                            .streams()
                            .out())
                    .as("the mode of the file after the upload")
                    .isEqualTo("751\n");
            run(connection, "rm " + path);
        }
    }

    @Test
    final void leavesTheFileAsItWasWhenAnUploadFails() throws Exception {
        assumeTrue(create().supports(Feature.UPLOAD), "this provisioner declares that it cannot upload");
        String path = target("kept");
        InputStream breaking = new BreakingSource(200_000);
        try (NodeConnection connection = connect()) {
            upload(connection, content("as it was"), path, 0600);
            Refusal.require("an upload whose source breaks", () -> {
                connection.upload(breaking, path, 0600);
                return true;
            });
            Refusal.require("an upload into a folder that does not exist", () -> {
                connection.upload(content("lost"), target("no-such-folder") + "/file", 0600);
                return true;
            });
            assertThat(run(connection, "cat " + path).streams().out())
                    .as("what is in the file after an upload that failed")
                    .isEqualTo("as it was");
            run(connection, "rm " + path);
        }
    }

    @Test
    final void givesACommandThatReachesTheNodeOrRefusesTo() throws Exception {
        Provisioner provisioner = create();
        ReachableNode node = reachable();
        InetAddress address = node.node().addresses().isEmpty()
                ? InetAddress.getLoopbackAddress()
                : node.node().addresses().get(0);
        // Before: the node's key has to be known, and there is nobody to ask when a job is launched.
        connect().close();
        RemoteShellRequest request = new RemoteShellRequest(
                List.of(new ReadyNode(node.node(), address, node.user(), 1)), settings(), stateFolder());
        if (!provisioner.supports(Feature.REMOTE_SHELL)) {
            Refusal.require(
                    "a remote shell, which it declares not to support,", () -> provisioner.remoteShell(request));
            return;
        }
        assertThat(Call.make(() -> provisioner.unknown(request)))
                .as("nodes whose key is not known, after they were connected to")
                .isEmpty();
        RemoteShell shell = shellOrAbort(provisioner, request);
        assertThat(shell.command().get(0))
                .as("a launcher starts it whatever the PATH is")
                .startsWith("/");
        if (node.password().isEmpty()) {
            requireToReach(address, shell.command());
            requireToReach(address, shell.apart());
        }
    }

    /** With one word that a shell has to read, as the host has, and with several that are one command, as launchers have. */
    private void requireToReach(InetAddress address, List<String> shell) throws Exception {
        requireToReach(address, shell, List.of("cat; exit 7"));
        requireToReach(address, shell, List.of("cat;", "exit", "7"));
    }

    private void requireToReach(InetAddress address, List<String> shell, List<String> program) throws Exception {
        List<String> command = new ArrayList<>(shell);
        command.add(address.getHostAddress());
        command.addAll(program);
        RecordingStreams streams = RecordingStreams.withInput("reached\n".getBytes(StandardCharsets.UTF_8));
        ExitStatus status =
                Call.make(() -> new OwnProcesses("/usr/bin:/bin", aWhile()).run(command, Map.of(), streams.streams()));
        assertThat(streams.out())
                .as(
                        "a remote shell passes input on and has a shell read the words, and '%s' ended with %s and said '%s'",
                        String.join(" ", command), status.code(), streams.err())
                .isEqualTo("reached\n");
        assertThat(status.code())
                .as("the exit status of '%s', which is the program's own", String.join(" ", command))
                .isEqualTo(7);
    }

    private static RemoteShell shellOrAbort(Provisioner provisioner, RemoteShellRequest request) throws Exception {
        try {
            return Call.make(() -> provisioner.remoteShell(request));
        } catch (SciabcException noSuchCommandHere) {
            return abort("no remote shell on this machine: " + noSuchCommandHere.getMessage());
        }
    }

    private static String target(String name) {
        return "sciabc-contract-" + name;
    }

    private static InputStream content(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void upload(NodeConnection connection, InputStream content, String path, int mode) throws Exception {
        Call.make(() -> {
            connection.upload(content, path, mode);
            return true;
        });
    }

    private static ReachableNode silent(ServerSocket socket) {
        return ReachableNode.of(
                Node.of("silent", List.of(InetAddress.getLoopbackAddress())).withPort(socket.getLocalPort()), "ada");
    }

    private ConnectRequest request(ReachableNode node) throws Exception {
        return request(node, node.password(), (who, key) -> true, PATIENCE);
    }

    private ConnectRequest request(
            ReachableNode node, Optional<Secret> password, HostKeyDecision decision, Duration timeout)
            throws Exception {
        return new ConnectRequest(node.node(), node.user(), settings(), stateFolder(), password, decision, timeout);
    }

    private Call<Boolean> connecting(ConnectRequest request) throws Exception {
        Provisioner provisioner = create();
        return Call.begin(() -> {
            provisioner.connect(request).close();
            return true;
        });
    }

    private static SciabcException requireFailure(Call<Boolean> call, Kind kind) throws Exception {
        try {
            call.result();
        } catch (ConnectException failure) {
            assertThat(failure.kind())
                    .as("the kind of reason, by which advice is chosen; it said '%s'", failure.getMessage())
                    .isEqualTo(kind);
            assertThat(Said.wrongInFailure(failure))
                    .as("what is wrong with the message")
                    .isEmpty();
            return failure;
        }
        throw new AssertionError(
                "connecting has to fail with a ConnectException of the kind " + kind + ", and the node was reached");
    }
}
