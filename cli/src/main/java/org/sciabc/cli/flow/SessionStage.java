// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.console.StayingProcess;
import org.sciabc.cli.console.Terminal;
import org.sciabc.cli.standby.StandbyFolder;
import org.sciabc.launch.Preflight;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.OpenConnection;
import org.sciabc.spi.Provisioner;
import org.sciabc.spi.Resident;
import org.sciabc.spi.ResidentRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.StandingRequest;

/** What stays open between launches: opening it in advance, seeing it, closing it. */
public final class SessionStage {
    private final Setup setup;
    private final Chosen<Provisioner> provisioner;
    private final Chosen<JobLauncher> launcher;

    public SessionStage(Setup setup, Chosen<Provisioner> provisioner, Chosen<JobLauncher> launcher) {
        this.setup = setup;
        this.provisioner = provisioner;
        this.launcher = launcher;
    }

    /**
     * What is open now.
     *
     * @param connections the connections, sorted by the names of their nodes
     * @param resident what runs on the nodes, where something does
     * @param standby the process of this program that stays, where one does
     */
    public record Standing(
            List<OpenConnection> connections, Optional<Resident> resident, Optional<StayingProcess> standby) {
        /** Whether nothing is. */
        public boolean isNothing() {
            return connections.isEmpty() && resident.isEmpty() && standby.isEmpty();
        }
    }

    /** Looks; reaches no node. */
    public Standing standing() throws SciabcException, InterruptedException {
        var connections = provisioner.component().openConnections();
        var runtime = launcher.component().resident();
        return new Standing(
                connections.isPresent() ? connections.get().list(ofProvisioner()) : List.of(),
                runtime.isPresent() ? runtime.get().state(ofLauncher()) : Optional.empty(),
                StandbyFolder.ofScript().flatMap(StandbyFolder::standing));
    }

    /**
     * What was ended.
     *
     * @param before what there was
     * @param standbyIsAtWork whether the process of this program that stays runs a command, and ends after that
     */
    public record Stopped(Standing before, boolean standbyIsAtWork) {}

    /** Ends everything. */
    public Stopped stop() throws SciabcException, InterruptedException {
        Standing before = standing();
        boolean standbyIsAtWork = !endStandby();
        var runtime = launcher.component().resident();
        if (runtime.isPresent()) {
            runtime.get().stop(ofLauncher());
        }
        var connections = provisioner.component().openConnections();
        if (connections.isPresent()) {
            connections.get().close(ofProvisioner(), Set.of());
        }
        Preflight.forget(setup.stateFolder());
        return new Stopped(before, standbyIsAtWork);
    }

    /**
     * Checks the nodes, which opens connections to all of them at once, and starts what the launcher can keep running there. That
     * it cannot be is no failure: open connections are worth having without it.
     *
     * @param launch what checks them
     * @param draft the nodes, and how they are reached
     * @param idle after how long without a job it ends
     */
    public void start(LaunchStage launch, LaunchRequest draft, Duration idle)
            throws SciabcException, InterruptedException {
        LaunchRequest request = launch.checked(draft);
        setup.session().standby().ifPresent(standby -> standby.nextJob().hope());
        Terminal terminal = setup.session().terminal();
        var runtime = launcher.component().resident();
        try {
            boolean runs = runtime.isPresent()
                    && runtime.get().start(new ResidentRequest(request, idle)).isPresent();
            if (!launch.beginNext(request) && !runs && runtime.isPresent()) {
                terminal.say("connections alone stay open: the "
                        + launcher.component().id() + " of this machine has nothing that could stay on the nodes");
            }
        } catch (SciabcException refused) {
            terminal.warning(refused.what() + ": " + refused.why());
            refused.hint().ifPresent(terminal::hint);
        }
    }

    /**
     * Ends the process of this program that stays for the next commands, if there is one, and says so when that takes longer.
     *
     * @return whether none is there any more
     */
    public boolean endStandby() throws CliFailure, InterruptedException {
        var standby = StandbyFolder.ofScript();
        if (standby.isEmpty() || standby.get().end()) {
            return true;
        }
        setup.session().terminal().say("the process that stays for the next commands is at work, and ends after that");
        return false;
    }

    /** Refuses where nothing could stay open. */
    public void requireSomethingToKeep() throws CliFailure {
        if (provisioner.component().openConnections().isEmpty()
                && launcher.component().resident().isEmpty()) {
            throw CliFailure.usage(
                    "there is nothing to keep open",
                    "neither " + provisioner.component().id() + " nor "
                            + launcher.component().id() + " keeps anything between launches",
                    "");
        }
    }

    /** Nodes as people read them. */
    public static String names(List<String> names) {
        return NodeSet.of(names).toString();
    }

    private StandingRequest ofProvisioner() throws CliFailure {
        return new StandingRequest(provisioner.settings(), setup.stateFolder(), LaunchStage.processes(setup));
    }

    private StandingRequest ofLauncher() throws CliFailure {
        return new StandingRequest(launcher.settings(), setup.stateFolder(), LaunchStage.processes(setup));
    }
}
