// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pf4j.Extension;
import org.sciabc.spi.ConnectRequest;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.OpenConnections;
import org.sciabc.spi.Provisioner;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.RemoteShellRequest;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.RequirementsRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;

/** Reaches nodes with SSH, through sshj. */
@Extension
public final class SshProvisioner implements Provisioner {
    private final Surroundings surroundings;
    private final ShortWays shortWays;

    /** One that uses the keys and the agent of whoever runs this process. */
    public SshProvisioner() {
        this(Surroundings.ofThisProcess());
    }

    SshProvisioner(Surroundings surroundings) {
        this(surroundings, new ShortWays(ShortWays.PATIENCE));
    }

    SshProvisioner(Surroundings surroundings, ShortWays shortWays) {
        this.surroundings = surroundings;
        this.shortWays = shortWays;
    }

    @Override
    public String id() {
        return "ssh";
    }

    @Override
    public String summary() {
        return "SSH with keys, agent or password";
    }

    @Override
    public List<Setting> settings() {
        return SshSettings.declarations();
    }

    @Override
    public List<Requirement> requirements(RequirementsRequest request) throws SciabcException {
        try {
            String line = ClusterKey.publicLine(request.stateFolder(), request.cluster(), surroundings.random());
            List<Requirement> requirements = new ArrayList<>();
            requirements.add(new Requirement.AuthorizedKey(line, "the manager logs in with it instead of a password"));
            if (SshSettings.areMutual(request.settings()) && !request.nodes().isEmpty()) {
                requirements.addAll(new MutualAccess(request, surroundings).requirements());
            }
            return List.copyOf(requirements);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new SciabcException("cannot make a key for the cluster", "it was interrupted", "", stop);
        }
    }

    @Override
    public NodeConnection connect(ConnectRequest request) throws SciabcException, InterruptedException {
        try (Deadline deadline = Deadline.after(request.timeout())) {
            return new Login(request, SshSettings.of(request.settings()), surroundings, deadline).connect();
        }
    }

    @Override
    public RemoteShell remoteShell(RemoteShellRequest request) throws SciabcException {
        Path client = OpenSshClient.on(surroundings);
        try {
            SshSettings settings = SshSettings.of(request.settings());
            Path file = new SshConfigFile(request, settings, surroundings, shortWays).write();
            List<String> command = List.of(OpenSshClient.word(client), "-F", file.toString());
            return new RemoteShell(
                    command, !request.isCold() && settings.keepsOpen(), ApartScript.before(command, file, request));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new SciabcException("cannot write a configuration for ssh", "it was interrupted", "", stop);
        }
    }

    @Override
    public List<ReadyNode> unknown(RemoteShellRequest request) throws SciabcException {
        KnownHosts knownHosts = new KnownHosts(request.stateFolder(), surroundings.userFolder());
        List<ReadyNode> unknown = new ArrayList<>();
        for (ReadyNode ready : request.nodes()) {
            Endpoint endpoint = new Endpoint(ready.address(), ready.node().port());
            if (!knownHosts.isKnown(ready.node(), endpoint)) {
                unknown.add(ready);
            }
        }
        return List.copyOf(unknown);
    }

    @Override
    public Optional<OpenConnections> openConnections() {
        return Optional.of(new MasterConnections(shortWays));
    }
}
