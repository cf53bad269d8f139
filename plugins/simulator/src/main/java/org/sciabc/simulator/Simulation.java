// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.Hardware;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Secret;
import org.sciabc.spi.Subnet;
import org.sciabc.spi.Untrusted;

/** Nodes that run in this process until it is closed. Closing removes everything that was made. */
final class Simulation implements Announcement {
    private static final InetAddress LOOPBACK =
            Subnet.parse("127.0.0.1").orElseThrow().base();
    private static final int ID_LENGTH = 12;
    private static final int PASSWORD_LENGTH = 20;

    private final AnnounceRequest request;
    private final SimulatorSettings settings;
    private final Surroundings surroundings;
    private final RunFolder folder;
    private final Path passwordFile;
    private final NodeTable table = new NodeTable();
    private final NodeCommands commands;
    private final NodeServer server;
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private Simulation(
            AnnounceRequest request,
            SimulatorSettings settings,
            Surroundings surroundings,
            RunFolder folder,
            Password password) {
        this.request = request;
        this.settings = settings;
        this.surroundings = surroundings;
        this.folder = folder;
        this.passwordFile = password.file();
        this.commands = new NodeCommands(new CommandEnvironment(folder.id(), surroundings), table, settings.delay());
        this.server = new NodeServer(table, new Login(surroundings.user(), password.secret(), table), commands);
    }

    /** A password together with the file that it is in. */
    private record Password(Secret secret, Path file) {}

    /**
     * Starts the nodes. When that fails, or the thread is interrupted, nothing is left of them.
     *
     * @throws SciabcException when they cannot be started
     * @throws InterruptedException when the thread was interrupted
     */
    static Simulation start(AnnounceRequest request, SimulatorSettings settings, Surroundings surroundings)
            throws SciabcException, InterruptedException {
        if (Untrusted.user(surroundings.user()).isEmpty()) {
            throw new SciabcException(
                    "cannot simulate nodes",
                    "the name of this account cannot be used for SSH: '" + Untrusted.line(surroundings.user(), 40)
                            + "'",
                    "an account has at most 32 letters, digits, dots, underscores and hyphens");
        }
        Runs runs = Runs.of(request.stateFolder());
        for (RunFolder stale : runs.stale()) {
            remove(stale, request);
        }
        RunFolder folder = runs.create(surroundings.randomText(ID_LENGTH));
        try {
            // First of all: from now on others can tell whose folder it is, and clean up should this process be killed.
            folder.record().write(new RunRecord(Owner.self(), List.of()).text());
            Simulation simulation =
                    new Simulation(request, settings, surroundings, folder, password(settings, surroundings, folder));
            simulation.begin();
            return simulation;
        } catch (SciabcException | InterruptedException | RuntimeException failure) {
            remove(folder, request);
            throw failure;
        }
    }

    /** Lines of the form {@code key=value}. */
    @Override
    public List<String> told() {
        List<String> lines = new ArrayList<>();
        for (SimulatedNode node : nodes) {
            String manner = settings.silent().contains(node.name()) ? " silent" : "";
            lines.add(node.name() + "=" + node.endpoint().getAddress().getHostAddress() + " port "
                    + node.node().port() + manner);
        }
        lines.add("user=" + surroundings.user());
        lines.add("password-file=" + passwordFile);
        return lines;
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        // An interruption that has come before must not keep anything from being waited for and removed.
        boolean interrupted = Thread.interrupted();
        end();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        try {
            folder.record().write(new RunRecord(Owner.self(), List.of()).text());
        } catch (SciabcException unwritable) {
            // Others will see the nodes leave when the folder is removed.
        }
        server.close();
        commands.close();
        remove(folder, request);
    }

    private void begin() throws SciabcException, InterruptedException {
        try {
            for (int number = 1; number <= settings.nodes(); number++) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while nodes were started");
                }
                SimulatedNode node = start(number);
                table.add(node);
                nodes.add(node);
            }
            folder.record().write(record().text());
        } catch (SciabcException | InterruptedException | RuntimeException failure) {
            server.close();
            commands.close();
            throw failure;
        }
    }

    private SimulatedNode start(int number) throws SciabcException {
        String name = SimulatorSettings.nameOf(number);
        InetAddress address = surroundings.has(settings.addressOf(number)) ? settings.addressOf(number) : LOOPBACK;
        InetSocketAddress endpoint = settings.silent().contains(name)
                ? server.listenSilently(address, settings.port())
                : server.listen(address, settings.port());
        KeyPair key = hostKey();
        Node node = Node.of(name, List.of(endpoint.getAddress()))
                .withId(new NodeId(folder.id() + "-" + name))
                .withPort(endpoint.getPort())
                .withUser(surroundings.user())
                .withHardware(hardware())
                .withHostKey(KeyUtils.getFingerPrint(BuiltinDigests.sha256, key.getPublic()))
                .withCluster(request.self().cluster().orElse(Node.DEFAULT_CLUSTER));
        return new SimulatedNode(node, folder.createHome(name), key);
    }

    /** The cores are said to be the node's own; the memory is this machine's, shared by all of them, and not announced. */
    private Hardware hardware() {
        Hardware machine = request.self().hardware();
        return new Hardware(OptionalInt.of(settings.cores()), OptionalLong.empty(), machine.arch(), machine.os());
    }

    private RunRecord record() {
        return new RunRecord(
                Owner.self(), nodes.stream().map(SimulatedNode::node).toList());
    }

    private static KeyPair hostKey() {
        try {
            return KeyPairGenerator.getInstance(JdkEd25519.ALGORITHM).generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Password password(SimulatorSettings settings, Surroundings surroundings, RunFolder folder)
            throws SciabcException {
        Optional<Path> given = settings.passwordFile();
        if (given.isPresent()) {
            return new Password(firstLine(given.get()), given.get());
        }
        String text = surroundings.randomText(PASSWORD_LENGTH);
        folder.password().write(text + "\n");
        return new Password(Secret.of(text), folder.password().path());
    }

    private static Secret firstLine(Path file) throws SciabcException {
        Optional<String> line =
                AtomicFile.at(file).read().flatMap(text -> text.lines().findFirst());
        return line.filter(text -> !text.isEmpty())
                .map(Secret::of)
                .orElseThrow(() -> new SciabcException(
                        "cannot simulate nodes",
                        "there is no password in the first line of " + file,
                        "leave 'simulator.password-file' out for a random one"));
    }

    private static void remove(RunFolder folder, AnnounceRequest request) {
        try {
            Runs.remove(folder);
        } catch (SciabcException undeletable) {
            request.notices().accept(Notice.warning(undeletable.what() + ": " + undeletable.why()));
        }
    }
}
