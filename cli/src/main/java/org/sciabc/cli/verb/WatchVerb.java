// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.verb;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.cli.Verb;
import org.sciabc.cli.console.EventJson;
import org.sciabc.cli.console.EventLines;
import org.sciabc.cli.console.LiveTable;
import org.sciabc.cli.console.Questions;
import org.sciabc.cli.console.RosterView;
import org.sciabc.cli.console.Terminal;
import org.sciabc.cli.flow.Agreement;
import org.sciabc.cli.flow.Chosen;
import org.sciabc.cli.flow.Hostfiles;
import org.sciabc.cli.flow.KnownNodes;
import org.sciabc.cli.flow.LaunchStage;
import org.sciabc.cli.flow.Setup;
import org.sciabc.cli.option.NetworkOptions;
import org.sciabc.cli.option.SlotOptions;
import org.sciabc.cli.option.Whole;
import org.sciabc.cli.watch.HostfileTarget;
import org.sciabc.cli.watch.Keeper;
import org.sciabc.roster.LocalInterfaces;
import org.sciabc.roster.Roster;
import org.sciabc.roster.RosterEntry;
import org.sciabc.roster.RosterStore;
import org.sciabc.roster.Watch;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.SciabcException;

/** {@code sciabc watch}. */
@Parameters(separators = "=")
public final class WatchVerb implements Verb {
    @Parameter(
            names = "--hostfile",
            splitter = Whole.class,
            description = "FILE | keep the list of nodes in this file (may be repeated)")
    private List<String> files = new ArrayList<>();

    @Parameter(
            names = "--format",
            description = "NAME | its form, as of 'hostfile'; one for all files, or one for each in the same order")
    private List<String> formats = new ArrayList<>();

    @Parameter(names = "--json", description = "print one JSON object an event")
    private boolean json;

    @Parameter(
            names = "--on-change",
            description = "COMMAND | run this after each change; the events are on its standard input, as JSON")
    private @Nullable String onChange;

    @Parameter(
            names = "--discovery",
            description =
                    "NAMES | the discovery backends, separated by commas (default: zeroconf, or the configuration's)")
    private List<String> backends = new ArrayList<>();

    @Parameter(
            names = {"-y", "--yes"},
            description = "agree to everything that would be asked, such as sweeping this network")
    private boolean yes;

    @Parameter(names = "--user", description = "NAME | the account on the nodes, for the list; as of 'launch'")
    private @Nullable String user;

    @ParametersDelegate
    private SlotOptions slots = new SlotOptions();

    @ParametersDelegate
    private NetworkOptions network = new NetworkOptions();

    @Override
    public int run(Session session) throws SciabcException, InterruptedException {
        InstantSource clock = InstantSource.system();
        List<HostfileTarget> targets = HostfileTarget.of(files, formats);
        try (Setup setup = Setup.open(session, network)) {
            List<Chosen<DiscoveryBackend>> chosen =
                    Agreement.obtain(setup, new Questions(session.terminal(), yes), setup.backends(backends));
            Watch watch = new Watch(
                    new Watch.Request(
                            chosen.stream()
                                    .map(each -> new Watch.Source(each.component(), each.settings()))
                                    .toList(),
                            setup.interfaceSelectors(),
                            setup.stateFolder(),
                            setup.watchdog()),
                    LocalInterfaces::enumerate,
                    clock,
                    new Random());
            Hostfiles hostfiles = Hostfiles.of(
                    setup,
                    slots,
                    Optional.ofNullable(user),
                    targets.stream().map(HostfileTarget::dialect).toList());
            Keeper.Outputs outputs = new Keeper.Outputs(
                    hostfiles,
                    targets,
                    new RosterStore(setup.stateFolder()),
                    setup.cluster(),
                    Optional.ofNullable(onChange),
                    LaunchStage.processes(setup));
            return watch(watch, outputs, KnownNodes.of(setup, chosen), view(session.terminal(), setup, clock), clock);
        }
    }

    private int watch(
            Watch watch, Keeper.Outputs outputs, List<RosterEntry> known, RosterView view, InstantSource clock)
            throws SciabcException, InterruptedException {
        Roster roster = new Roster(outputs.cluster());
        roster.restored(known, clock.instant());
        Thread watching = Thread.currentThread();
        AtomicBoolean unread = new AtomicBoolean();
        Runnable end = () -> {
            unread.set(true);
            watching.interrupt();
        };
        try (Keeper keeper = new Keeper(outputs, view, known, clock, end)) {
            keeper.start();
            watch.run(roster, keeper);
        } catch (InterruptedException ended) {
            if (!unread.get()) {
                throw ended;
            }
        }
        return ExitCode.OK;
    }

    private RosterView view(Terminal terminal, Setup setup, InstantSource clock) {
        if (json) {
            return new EventJson(terminal, clock);
        }
        return terminal.canRedrawData() ? new LiveTable(terminal, setup.cluster(), clock) : new EventLines(terminal);
    }
}
