// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.dockerjava.api.exception.InternalServerErrorException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** A machine that can become a node of a cluster, and all that can happen to one. */
final class NodeContainer extends Machine {

    /** The account that its owner logs in with; it may use {@code sudo}, with its password. */
    static final String USER = "pi";

    static final String PASSWORD = "raspberry";

    static final String SERVICE_FILE = "/etc/avahi/services/sciabc.service";

    private static final Duration FREEZING = Duration.ofSeconds(20);

    private final LabNetwork network;

    NodeContainer(LabNetwork network, int number, MachineImage image) {
        super(
                network,
                "node" + number,
                LabNetwork.PLACE_OF_MANAGER + number,
                image,
                Map.of(Project.distribution(), ManagerContainer.DISTRIBUTION));
        this.network = network;
    }

    /** Announces itself as the Python project of 2016 did: Avahi's service file, without a TXT record. */
    void announceAs2016() {
        try (InputStream file = Objects.requireNonNull(getClass().getResourceAsStream("/sciabc-2016.service"))) {
            write(SERVICE_FILE, new String(file.readAllBytes(), UTF_8));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** Its owner has a key, and no other, log in as {@link #USER}. */
    void letIn(String key) {
        sh("install -d -m 700 -o pi -g pi ~pi/.ssh && echo '" + key
                + "' >~pi/.ssh/authorized_keys && chown pi: ~pi/.ssh/authorized_keys");
    }

    /** The SHA-256 fingerprint of its ed25519 host key, as ssh shows it. */
    String hostKeyFingerprint() {
        return sh("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub").split(" ", -1)[1];
    }

    /** Stops answering, keeps its connections: what a machine under an impossible load looks like. */
    void freeze() {
        long deadline = System.nanoTime() + FREEZING.toNanos();
        while (true) {
            try {
                Engine.ask(
                        "pause " + name(),
                        engine -> engine.pauseContainerCmd(id()).exec());
                return;
            } catch (InternalServerErrorException busy) {
                // "unable to freeze": a machine that is busy does not stop all of its processes within the engine's
                // patience.
                if (System.nanoTime() > deadline) {
                    throw busy;
                }
            }
        }
    }

    void thaw() {
        Engine.ask(
                "unpause " + name(), engine -> engine.unpauseContainerCmd(id()).exec());
    }

    /** Somebody pulls its network cable: the interface stays and loses its carrier. */
    void unplug() {
        sh("ip link set eth0 down");
    }

    void plug() {
        sh("ip link set eth0 up");
    }

    /** Its network interface goes, as a USB adapter does. */
    void detach() {
        Engine.ask(
                "disconnect " + name(),
                engine -> engine.disconnectFromNetworkCmd()
                        .withContainerId(id())
                        .withNetworkId(network.id())
                        .withForce(true)
                        .exec());
    }

    void attach() {
        plugInto(network, address());
    }

    /** Its power goes, without a goodbye. */
    void cutPower() {
        Engine.ask("kill " + name(), engine -> engine.killContainerCmd(id()).exec());
        // The engine answers before the machine has left its network, and no two may leave at once: see Lab.close.
        Engine.ask(
                "say how " + name() + " is",
                engine -> engine.inspectContainerCmd(id()).exec());
    }

    /** Boots again after {@link #cutPower}, with the disk as it was. */
    void restorePower() {
        Engine.ask("start " + name(), engine -> engine.startContainerCmd(id()).exec());
        awaitBoot();
    }
}
