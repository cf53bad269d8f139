// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.cli.config.Folders;
import org.sciabc.cli.console.Terminal;
import org.sciabc.cli.flow.PlanStage.Planned;
import org.sciabc.cli.flow.ProvisionStage.Provisioned;
import org.sciabc.cli.option.DiscoveryOptions;
import org.sciabc.cli.option.NetworkOptions;
import org.sciabc.cli.option.ReachOptions;
import org.sciabc.cli.option.SlotOptions;
import org.sciabc.provision.Users;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Node;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.SciabcException;

/**
 * The main job on simulated nodes: the same stages as with real ones, in a folder of its own that is gone afterwards. What
 * the person has configured is neither read nor changed.
 */
public final class Demonstration {
    private static final int PASSWORD_BYTES = 18;

    private final Session session;
    private final LocalPackages packages;
    private final int nodes;

    public Demonstration(Session session, LocalPackages packages, int nodes) {
        this.session = session;
        this.packages = packages;
        this.nodes = nodes;
    }

    /** Runs it; the result is the program's own exit status. */
    public int run() throws SciabcException, InterruptedException {
        Path folder = temporaryFolder();
        try {
            return in(folder);
        } finally {
            delete(folder);
        }
    }

    private int in(Path folder) throws SciabcException, InterruptedException {
        Path password = folder.resolve("password");
        AtomicFile.ownerOnlyAt(password).write(randomPassword() + "\n");
        Folders folders = Folders.of(Map.of("SCIABC_HOME", folder.toString()), Optional.empty());
        Session own = new Session(
                session.terminal(),
                folders,
                session.environment(),
                Optional.of("demo"),
                session.job(),
                Optional.empty(),
                session.plugins());
        NetworkOptions network = NetworkOptions.withSettings(List.of(
                // The nodes are this machine: what it lacks was installed before, after asking.
                "simulator.nodes=" + nodes,
                "simulator.password-file=" + password,
                "openmpi.python=false",
                // Neither does it stay that anybody could use its connections.
                "ssh.keep-open=0s"));
        try (Setup setup = Setup.open(own, network)) {
            return new Steps(setup, folder, password).run();
        }
    }

    /** The stages, one after the other, each said as it happens. */
    private final class Steps {
        private final Terminal terminal = session.terminal();
        private final Setup setup;
        private final Path folder;
        private final DiscoveryOptions discovery = DiscoveryOptions.of("simulator", nodes);
        private final ReachOptions reaching;

        Steps(Setup setup, Path folder, Path password) {
            this.setup = setup;
            this.folder = folder;
            this.reaching = ReachOptions.agreeing(password.toString());
        }

        int run() throws SciabcException, InterruptedException {
            terminal.step("starting " + nodes + " simulated nodes");
            try (Announcing simulation = Announcing.start(
                            setup,
                            setup.backends(discovery.backends()),
                            Announcing.self(
                                    setup,
                                    Users.local(System.getProperty("user.name", "root"))
                                            .name(),
                                    Node.SSH_PORT));
                    Reach reach = Reach.of(setup, reaching)) {
                simulation.told().forEach(line -> terminal.detail("  " + line));
                int status = launchOn(provisioned(reach), reach);
                terminal.step("stopping the nodes and removing what was made");
                return status;
            }
        }

        private List<Node> provisioned(Reach reach) throws SciabcException, InterruptedException {
            terminal.step("discovering");
            List<Node> found = NodesInUse.discover(new DiscoverStage(setup, discovery, reach.questions()), List.of());
            found.forEach(node -> terminal.say(
                    "  " + node.name() + " at " + node.addresses().get(0).getHostAddress() + " port " + node.port()));
            terminal.step("planning and provisioning");
            Planned planned =
                    Preparation.demonstrationPlan(setup, reach, discovery).run(found);
            Provisioned provisioned = new ProvisionStage(setup, reach).run(planned);
            if (!provisioned.failures().isEmpty()) {
                throw new CliFailure(
                        ExitCode.PARTLY,
                        "the demonstration ends here",
                        "not all nodes became ready",
                        "the reasons are above");
            }
            return provisioned.ready();
        }

        private int launchOn(List<Node> ready, Reach reach) throws SciabcException, InterruptedException {
            LaunchStage stage = new LaunchStage(setup, reach, setup.launcher(Optional.empty()));
            List<ReadyNode> slotted = stage.ready(ready, new SlotOptions());
            terminal.step("hostfile");
            stage.hostfile(slotted).lines().forEach(line -> terminal.say("  " + line));
            List<String> program = new ExampleProgram(setup, packages, folder).prepare("pi");
            terminal.step("launching " + String.join(" ", program) + " on " + stage.describe(slotted));
            return stage.run(slotted, new LaunchRequest.Job(program, OptionalInt.empty(), Map.of(), true));
        }
    }

    private static Path temporaryFolder() throws CliFailure {
        try {
            return Files.createTempDirectory("sciabc-demo-");
        } catch (IOException full) {
            throw new CliFailure(
                    ExitCode.CONFIGURATION,
                    "cannot make a temporary folder",
                    "there is no room, or no right to write, in " + System.getProperty("java.io.tmpdir", "/tmp"),
                    "");
        }
    }

    private static String randomPassword() {
        byte[] bytes = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().encodeToString(bytes);
    }

    private void delete(Path folder) {
        try (Stream<Path> content = Files.walk(folder)) {
            for (Path path : content.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException remains) {
            session.terminal().warning("could not remove " + folder + "; it is safe to delete");
        }
    }
}
