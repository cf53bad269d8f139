// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.verb;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sciabc.cli.CliFailure;
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
import org.sciabc.cli.flow.DiscoverStage;
import org.sciabc.cli.flow.Hostfiles;
import org.sciabc.cli.flow.KnownNodes;
import org.sciabc.cli.flow.LaunchStage;
import org.sciabc.cli.flow.ProfileFollower;
import org.sciabc.cli.flow.Setup;
import org.sciabc.cli.option.NetworkOptions;
import org.sciabc.cli.option.SlotOptions;
import org.sciabc.cli.option.Whole;
import org.sciabc.cli.watch.HostfileTarget;
import org.sciabc.cli.watch.Keeper;
import org.sciabc.cli.watch.ProfileLookout;
import org.sciabc.roster.LocalInterfaces;
import org.sciabc.roster.Roster;
import org.sciabc.roster.RosterEntry;
import org.sciabc.roster.RosterStore;
import org.sciabc.roster.Watch;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;

/** {@code sciabc watch}. */
@Parameters(separators = "=")
public final class WatchVerb implements Verb {
    /** A command of the person's may start something that goes on: the next change is not to wait for that. */
    private static final Duration OUTPUT_PATIENCE = Duration.ofSeconds(1);

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
        List<HostfileTarget> targets = HostfileTarget.of(files, formats);
        boolean moved = watchOnce(session, targets, false);
        String problem = "";
        while (moved) {
            try {
                moved = watchOnce(session, targets, true);
            } catch (SciabcException notYet) {
                String text = notYet.what() + ": " + notYet.why() + "; trying again";
                if (!text.equals(problem)) {
                    session.terminal().warning(text);
                }
                problem = text;
                TimeUnit.SECONDS.sleep(1);
            }
        }
        return ExitCode.OK;
    }

    /** Where nobody can choose a network, each would refuse, again and again. */
    private static void requireChoice(Setup setup, List<Chosen<DiscoveryBackend>> chosen) throws CliFailure {
        if (setup.namesInterfaces()
                && chosen.stream().noneMatch(each -> each.component().supports(DiscoveryBackend.Feature.INTERFACES))) {
            throw new CliFailure(
                    ExitCode.UNAVAILABLE,
                    chosen.stream().map(each -> each.component().id()).collect(Collectors.joining(", "))
                            + " cannot be told which network to use",
                    "it does not choose among networks",
                    "leave out --interface, or add a backend that does, such as zeroconf");
        }
    }

    /**
     * Watches with what applies now, until nobody reads what is shown or until another network profile applies; returns
     * whether one does.
     *
     * @param again whether a watch under another profile went before
     */
    private boolean watchOnce(Session session, List<HostfileTarget> targets, boolean again)
            throws SciabcException, InterruptedException {
        InstantSource clock = InstantSource.system();
        try (Setup setup = Setup.open(session, network)) {
            List<Chosen<DiscoveryBackend>> chosen =
                    Agreement.obtain(setup, new Questions(session.terminal(), yes), setup.backends(backends));
            requireChoice(setup, chosen);
            Watch watch = new Watch(
                    new Watch.Request(
                            chosen.stream()
                                    .map(each -> new Watch.Source(
                                            each.component(),
                                            each.settings(),
                                            DiscoverStage.tellsInterfaces(setup, each)))
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
                    LaunchStage.processes(setup).waitingForOutput(OUTPUT_PATIENCE));
            Optional<Notice> news = again ? Optional.of(nowApplies(setup, chosen)) : Optional.empty();
            Roster roster = new Roster(setup.cluster());
            roster.restored(KnownNodes.toWatch(setup, chosen, clock.instant()), clock.instant());
            return watch(setup, watch, outputs, roster, KnownNodes.of(setup, chosen), news);
        }
    }

    private boolean watch(
            Setup setup,
            Watch watch,
            Keeper.Outputs outputs,
            Roster roster,
            List<RosterEntry> known,
            Optional<Notice> news)
            throws SciabcException, InterruptedException {
        InstantSource clock = InstantSource.system();
        Thread watching = Thread.currentThread();
        AtomicBoolean unread = new AtomicBoolean();
        AtomicBoolean moved = new AtomicBoolean();
        AtomicReference<RuntimeException> broken = new AtomicReference<>();
        Consumer<RuntimeException> ending = defect -> {
            broken.compareAndSet(null, defect);
            watching.interrupt();
        };
        RosterView view = view(setup.session().terminal(), setup, clock);
        try (Keeper keeper = new Keeper(outputs, view, known, clock, () -> end(unread, watching), ending)) {
            keeper.start();
            news.ifPresent(keeper::notice);
            ProfileFollower profile = ProfileFollower.of(setup, network, keeper::notice);
            try (ProfileLookout lookout = new ProfileLookout(profile, () -> end(moved, watching), ending)) {
                lookout.start();
                watch.run(roster, keeper);
            }
        } catch (InterruptedException ended) {
            if (!unread.get() && !moved.get() && broken.get() == null) {
                throw ended;
            }
        }
        if (broken.get() != null) {
            throw broken.get();
        }
        return moved.get() && !unread.get();
    }

    private static void end(AtomicBoolean why, Thread watching) {
        if (!why.getAndSet(true)) {
            watching.interrupt();
        }
    }

    private static Notice nowApplies(Setup setup, List<Chosen<DiscoveryBackend>> chosen) {
        String through = chosen.stream().map(each -> each.component().id()).collect(Collectors.joining(", "));
        return Notice.info(setup.profile()
                        .map(profile -> "network profile '" + profile.name() + "' applies now")
                        .orElse("no network profile applies now")
                + ": watching cluster '" + setup.cluster() + "' through " + through);
    }

    private RosterView view(Terminal terminal, Setup setup, InstantSource clock) {
        if (json) {
            return new EventJson(terminal, clock);
        }
        return terminal.canRedrawData() ? new LiveTable(terminal, setup.cluster(), clock) : new EventLines(terminal);
    }
}
