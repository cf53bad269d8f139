// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.HostConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.utility.DockerImageName;

/** A machine of a lab: a container with an init of its own, on the lab's network. */
abstract sealed class Machine permits NodeContainer, ManagerContainer {

    /** Longer than any boot that worked; 32 at once took 15 s on two cores. */
    private static final Duration BOOT_LIMIT = Duration.ofSeconds(90);

    /** For making it, booting it, and hearing why it did not boot. */
    private static final Duration START_LIMIT = Duration.ofMinutes(5);

    /** Waits in the machine itself: a look from outside costs the engine more than the look is worth. */
    private static final String UNTIL_BOOTED = """
            until state=$(systemctl is-system-running --wait 2>/dev/null) || [ "$state" = degraded ]; do sleep 0.05; done
            until read -r -t 1 greeting </dev/tcp/127.0.0.1/22 && [[ $greeting == SSH-* ]]; do sleep 0.05; done 2>/dev/null
            """;

    private final String name;
    private final String address;
    private final GenericContainer<?> container;

    Machine(LabNetwork network, String name, int place, MachineImage image, Map<Path, String> mounts) {
        this.name = name;
        this.address = network.address(place);
        this.container = new GenericContainer<>(DockerImageName.parse(image.reference()))
                .withImagePullPolicy(any -> false)
                .withLabels(network.labels())
                .withCreateContainerCmdModifier(create -> configure(create, network, mounts))
                .waitingFor(new Booted());
    }

    private void configure(CreateContainerCmd create, LabNetwork network, Map<Path, String> mounts) {
        List<Bind> binds = new ArrayList<>(List.of(Bind.parse("/sys/fs/cgroup:/sys/fs/cgroup:rw")));
        mounts.forEach((from, to) -> binds.add(Bind.parse(from + ":" + to + ":ro")));
        // Enough for systemd, and less than --privileged, which an engine refuses where it lacks a capability itself.
        HostConfig host = HostConfig.newHostConfig()
                .withCapAdd(Capability.SYS_ADMIN, Capability.NET_ADMIN)
                .withSecurityOpts(List.of("seccomp=unconfined", "apparmor=unconfined"))
                .withTmpFs(Map.of("/run", "", "/tmp", "exec"))
                .withCgroupnsMode("host")
                .withNetworkMode(network.id())
                .withBinds(binds);
        create.withName(network.name() + "-" + name)
                .withHostName(name)
                .withIpv4Address(address)
                .withHostConfig(host);
    }

    /** Its host name. */
    final String name() {
        return name;
    }

    /** Its address on the lab's network; it keeps it when it is unplugged or switched off. */
    final String address() {
        return address;
    }

    /** Returns when the init has started everything and sshd answers. */
    final void boot() {
        Engine.within(START_LIMIT, "boot " + name, () -> {
            container.start();
            return null;
        });
    }

    final Result run(Command command) {
        try (RunningCommand running = start(command)) {
            return running.await();
        }
    }

    final RunningCommand start(Command command) {
        return RunningCommand.start(this, command);
    }

    /** Runs a script as root, for what a test prepares or looks at: a failure of it is a failure of the test. */
    final String sh(String script) {
        return run(Command.script(script)).succeeded().stdout();
    }

    /** Makes a key pair for {@link ManagerContainer#USER} there, and returns the public key. */
    final String makeKey() {
        return run(Command.script("cd && install -d -m 700 .ssh && ssh-keygen -q -t ed25519 -N '' -f .ssh/id_ed25519"
                                + " && cat .ssh/id_ed25519.pub")
                        .as(ManagerContainer.USER)
                        .with("HOME", "/home/" + ManagerContainer.USER))
                .succeeded()
                .stdout()
                .strip();
    }

    /**
     * Makes a file that belongs to root and that everybody may read, whose folder is there already. It appears complete:
     * Avahi looks at a service file once, and in two of six tries it was before {@code install} had set the mode.
     */
    final void write(String path, String content) {
        run(Command.of("sh", "-c", "cat >\"$0.new\" && chmod 644 \"$0.new\" && mv \"$0.new\" \"$0\"", path)
                        .reading(content))
                .succeeded();
    }

    final String read(String path) {
        return run(Command.of("cat", path)).succeeded().stdout();
    }

    /** Takes the machine away, with all that is on it. */
    final void remove() {
        try {
            Engine.ask(
                    "remove " + name,
                    engine -> engine.removeContainerCmd(id())
                            .withForce(true)
                            .withRemoveVolumes(true)
                            .exec());
        } catch (NotFoundException alreadyGone) {
            return;
        }
    }

    /** Somebody connects it to a network, besides those that it is on. */
    final void plugInto(LabNetwork network, String address) {
        Engine.ask(
                "connect " + name,
                engine -> engine.connectToNetworkCmd()
                        .withContainerId(id())
                        .withNetworkId(network.id())
                        .withContainerNetwork(new ContainerNetwork()
                                .withIpamConfig(new ContainerNetwork.Ipam().withIpv4Address(address)))
                        .exec());
    }

    final boolean exists() {
        return container.getContainerId() != null;
    }

    final String id() {
        return container.getContainerId();
    }

    @Override
    public final String toString() {
        return name + " (" + address + ")";
    }

    /** What it has to say about a boot that failed. */
    private String lastWords() {
        return "its journal:\n"
                + run(Command.script("systemctl --failed --no-legend; journalctl --boot --no-pager --lines 30")
                                .within(Duration.ofSeconds(10)))
                        .stdout();
    }

    final void awaitBoot() {
        try {
            awaitBooted();
        } catch (ConflictException notRunning) {
            throw new IllegalStateException(
                    name + "'s init ended at once, as it does where fs.inotify.max_user_instances is used up"
                            + " (itests/run raises it)",
                    notRunning);
        }
    }

    private void awaitBooted() {
        Result booted = run(Command.script("timeout " + BOOT_LIMIT.toSeconds() + " bash -c '" + UNTIL_BOOTED + "'")
                .within(BOOT_LIMIT.plusSeconds(10)));
        if (booted.exitStatus() != 0) {
            throw new IllegalStateException(
                    name + " did not boot within " + BOOT_LIMIT.toSeconds() + " s; " + lastWords());
        }
    }

    private final class Booted extends AbstractWaitStrategy {
        @Override
        protected void waitUntilReady() {
            awaitBoot();
        }
    }
}
