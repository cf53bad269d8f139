// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.util.List;
import org.pf4j.Extension;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;
import org.sciabc.spi.SightingListener;
import org.sciabc.spi.WatchRequest;

/**
 * Nodes on this machine alone. Announcing starts them, closing the announcement removes them, and watching finds those of
 * every process of this account, through files below the cluster's folder.
 *
 * <p>What {@link Announcement#told} returns are lines of the form {@code key=value}: one for each node, then {@code user}
 * and {@code password-file}, with which one can log in.
 */
@Extension
public final class SimulatorDiscovery implements DiscoveryBackend {
    private final Surroundings surroundings;

    /** The simulator of this process. */
    public SimulatorDiscovery() {
        this(Surroundings.ofThisProcess());
    }

    SimulatorDiscovery(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public String id() {
        return "simulator";
    }

    @Override
    public String summary() {
        return "simulates nodes on this machine, and finds simulated ones";
    }

    @Override
    public List<Setting> settings() {
        return SimulatorSettings.DECLARED;
    }

    @Override
    public boolean supports(Feature feature) {
        return feature != Feature.INTERFACES;
    }

    @Override
    public Announcement announce(AnnounceRequest request) throws SciabcException, InterruptedException {
        refuse(request.interfaces());
        return Simulation.start(request, SimulatorSettings.parse(request.settings()), surroundings);
    }

    @Override
    public void watch(WatchRequest request, SightingListener listener) throws SciabcException, InterruptedException {
        refuse(request.interfaces());
        new RunWatch(Runs.of(request.stateFolder()), request.cluster(), listener).watch(request.limit());
    }

    private static void refuse(List<LocalInterface> interfaces) throws SciabcException {
        if (!interfaces.isEmpty()) {
            throw new SciabcException(
                    "the simulator cannot use " + interfaces.get(0).name(),
                    "simulated nodes are on this machine only",
                    "leave out either '--interface' or the simulator");
        }
    }
}
