// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ConnectRequest;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.HostKeyDecision;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.RequirementsRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Secret;
import org.sciabc.spi.Settings;

/** A manager for tests: a state folder, a person's folder, an environment, and the plugin. */
final class ManagerSide {
    final Path state;
    final Path userFolder;
    final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> given = new HashMap<>();

    ManagerSide(Path folder) throws IOException {
        state = Files.createDirectories(folder.resolve("state"));
        userFolder = Files.createDirectories(folder.resolve("user/.ssh"));
    }

    SshProvisioner ssh() {
        return new SshProvisioner(
                new Surroundings(environment, userFolder, new SecureRandom()), new ShortWays(Duration.ofSeconds(10)));
    }

    ManagerSide with(String key, String value) {
        given.put(key, value);
        return this;
    }

    Settings settings() throws SciabcException {
        return Settings.of(ssh().settings(), given);
    }

    /** Makes the cluster's key and returns its line for authorized_keys. */
    String clusterKey() throws SciabcException {
        return ClusterKeyLine.of(ssh().requirements(new RequirementsRequest("lab", settings(), state)));
    }

    ConnectRequest request(Node node, String user) throws SciabcException {
        return new ConnectRequest(
                node, user, settings(), state, Optional.empty(), (who, key) -> true, Duration.ofSeconds(10));
    }

    ConnectRequest request(Node node, String user, String password) throws SciabcException {
        return new ConnectRequest(
                node,
                user,
                settings(),
                state,
                Optional.of(Secret.of(password)),
                (who, key) -> true,
                Duration.ofSeconds(10));
    }

    static ConnectRequest deciding(ConnectRequest request, HostKeyDecision decision) {
        return new ConnectRequest(
                request.node(),
                request.user(),
                request.settings(),
                request.stateFolder(),
                request.password(),
                decision,
                request.timeout());
    }

    static ConnectRequest within(ConnectRequest request, Duration timeout) {
        return new ConnectRequest(
                request.node(),
                request.user(),
                request.settings(),
                request.stateFolder(),
                request.password(),
                request.hostKeyDecision(),
                timeout);
    }

    /** What a command printed, and how it ended. */
    record Result(ExitStatus status, String out, String err) {}

    static Result run(NodeConnection connection, String script) throws SciabcException, InterruptedException {
        return run(connection, RemoteCommand.of(script), InputStream.nullInputStream());
    }

    static Result run(NodeConnection connection, RemoteCommand command, InputStream in)
            throws SciabcException, InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ExitStatus status = connection.run(command, new CommandStreams(in, out, err));
        return new Result(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
