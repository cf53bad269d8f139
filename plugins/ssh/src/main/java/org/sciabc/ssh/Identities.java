// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sciabc.spi.SciabcException;

/**
 * The keys to log in with, best first: the cluster's own, the one that was asked for, the agent's, those in the person's
 * {@code .ssh}. What belongs to the person is touched only when the cluster's own key did not do.
 */
final class Identities implements Closeable {
    /** The files that OpenSSH, too, looks for. */
    static final List<String> USUAL_FILES = List.of("id_ed25519", "id_ecdsa", "id_rsa");

    private final Path stateFolder;
    private final SshSettings settings;
    private final Surroundings surroundings;
    private final Deadline deadline;
    private final Deque<Identity> waiting = new ArrayDeque<>();
    private final List<byte[]> seen = new ArrayList<>();
    private final List<String> unusable = new ArrayList<>();
    private int stage;
    private @Nullable Agent agent;

    Identities(Path stateFolder, SshSettings settings, Surroundings surroundings, Deadline deadline) {
        this.stateFolder = stateFolder;
        this.settings = settings;
        this.surroundings = surroundings;
        this.deadline = deadline;
    }

    /** The next key to try; empty when there is none left. */
    Optional<Identity> next() {
        while (waiting.isEmpty() && stage < 3) {
            switch (stage++) {
                case 0 -> addOwn();
                case 1 -> addAgents();
                default -> addUsers();
            }
        }
        return Optional.ofNullable(waiting.poll());
    }

    /** How many of the keys that were found are still to be tried. */
    int left() {
        return waiting.size();
    }

    /** Which keys could not be tried, and why. */
    List<String> unusable() {
        return List.copyOf(unusable);
    }

    @Override
    public void close() {
        if (agent != null) {
            try {
                agent.close();
            } catch (IOException broken) {
                // Nothing more was wanted of it.
                return;
            }
        }
    }

    private void addOwn() {
        Path clusterKey = ClusterKey.fileIn(stateFolder);
        if (Files.exists(clusterKey)) {
            addFile(clusterKey, "the cluster's key");
        }
        if (settings.identity().isPresent()) {
            Path file = settings.identity().get();
            addFile(file, "the key " + file.getFileName());
        }
    }

    private void addAgents() {
        Optional<String> socket = surroundings.variable("SSH_AUTH_SOCK");
        if (!settings.userKeys() || socket.isEmpty()) {
            return;
        }
        try {
            Agent connected = Agent.connect(Path.of(socket.get()));
            agent = connected;
            deadline.entrust(connected);
            connected.identities().forEach(this::add);
        } catch (IOException | java.nio.file.InvalidPathException failure) {
            unusable.add("the agent (it does not answer)");
        }
    }

    private void addUsers() {
        if (settings.userKeys()) {
            for (String name : USUAL_FILES) {
                Path file = surroundings.userFolder().resolve(name);
                if (Files.exists(file)) {
                    addFile(file, "~/.ssh/" + name);
                }
            }
        }
    }

    private void addFile(Path file, String label) {
        try {
            add(FileIdentity.read(file, label));
        } catch (SciabcException failure) {
            unusable.add(label + " (" + failure.why() + ")");
        }
    }

    private void add(Identity identity) {
        byte[] key = identity.publicKey();
        for (byte[] known : seen) {
            if (Arrays.equals(known, key)) {
                return;
            }
        }
        seen.add(key);
        waiting.add(identity);
    }
}
