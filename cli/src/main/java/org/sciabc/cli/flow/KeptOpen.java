// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.net.InetAddress;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.standby.Standby;
import org.sciabc.launch.KeptConnections;
import org.sciabc.launch.WaitingShells;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.OpenConnection;
import org.sciabc.spi.OpenConnections;
import org.sciabc.spi.Provisioner;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.RemoteShellRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.StandingRequest;

/** What the provisioner keeps open to the nodes of a job. */
final class KeptOpen implements KeptConnections {
    private final Setup setup;
    private final Chosen<Provisioner> provisioner;
    private final LaunchRequest job;

    KeptOpen(Setup setup, Reach reach, LaunchRequest job) {
        this.setup = setup;
        this.provisioner = reach.provisioner();
        this.job = job;
    }

    @Override
    public Set<InetAddress> openedBefore(Instant moment) throws SciabcException, InterruptedException {
        Optional<OpenConnections> connections = provisioner.component().openConnections();
        Set<InetAddress> before = new HashSet<>();
        if (connections.isPresent()) {
            for (OpenConnection each : connections.get().list(standing())) {
                if (each.since().isBefore(moment)) {
                    before.add(each.address());
                }
            }
        }
        return before;
    }

    @Override
    public Optional<WaitingShells> shells() {
        return setup.session().standby().map(Standby::shells);
    }

    @Override
    public RemoteShell another(Set<InetAddress> nodes) throws SciabcException {
        List<ReadyNode> these = job.nodes().stream()
                .filter(each -> nodes.contains(each.address()))
                .toList();
        return provisioner
                .component()
                .remoteShell(new RemoteShellRequest(these, provisioner.settings(), setup.stateFolder(), true));
    }

    @Override
    public void close(Set<InetAddress> nodes) throws SciabcException, InterruptedException {
        Optional<OpenConnections> connections = provisioner.component().openConnections();
        if (connections.isPresent() && !nodes.isEmpty()) {
            connections.get().close(standing(), nodes);
        }
    }

    private StandingRequest standing() throws CliFailure {
        return new StandingRequest(provisioner.settings(), setup.stateFolder(), job.processes());
    }
}
