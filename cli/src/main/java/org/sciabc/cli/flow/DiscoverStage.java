// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.console.Findings;
import org.sciabc.cli.console.Questions;
import org.sciabc.cli.console.Terminal;
import org.sciabc.cli.option.DiscoveryOptions;
import org.sciabc.roster.DiscoverRequest;
import org.sciabc.roster.DiscoverRequest.Ending;
import org.sciabc.roster.DiscoverRequest.Source;
import org.sciabc.roster.Discovered;
import org.sciabc.roster.Discovery;
import org.sciabc.roster.RosterCheck;
import org.sciabc.roster.RosterEntry;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.Durations;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.SciabcException;

/** The first stage: which nodes are there. */
public final class DiscoverStage {
    private final Setup setup;
    private final DiscoveryOptions options;
    private final Questions questions;
    private final Consumer<String> explain;
    private final boolean saysChanges;
    private final Ending ending;
    private int shown;

    /**
     * A stage that says which backends ran where, and what each saw, only to somebody who wants to follow closely.
     *
     * @param questions puts what a backend has to ask before it begins
     */
    public DiscoverStage(Setup setup, DiscoveryOptions options, Questions questions) {
        this(setup, options, questions, setup.session().terminal()::detail, false, Ending.WHEN_SETTLED);
    }

    private DiscoverStage(
            Setup setup,
            DiscoveryOptions options,
            Questions questions,
            Consumer<String> explain,
            boolean saysChanges,
            Ending ending) {
        this.setup = setup;
        this.options = options;
        this.questions = questions;
        this.explain = explain;
        this.saysChanges = saysChanges;
        this.ending = options.namesTime() || options.isFresh() ? Ending.AT_LIMIT : ending;
    }

    /** A stage that says in any case which backends ran where, and what each saw. */
    public static DiscoverStage explaining(Setup setup, DiscoveryOptions options, Questions questions) {
        return new DiscoverStage(
                setup, options, questions, setup.session().terminal()::say, false, Ending.WHEN_SETTLED);
    }

    /** A stage that says the same, and who is elsewhere than before; it hears the network out whatever is known already. */
    public static DiscoverStage listening(Setup setup, DiscoveryOptions options, Questions questions) {
        return new DiscoverStage(setup, options, questions, setup.session().terminal()::say, true, Ending.AT_LIMIT);
    }

    /** Looks, and passes notices on. Finding nothing is a result, too: see {@link #requireEnough}. */
    public Discovered run() throws SciabcException, InterruptedException {
        Discovered discovered = options.usesKnown() ? known() : looked();
        setup.session().terminal().notices(discovered.notices(), saysChanges ? discovered.changes() : List.of());
        List<RosterEntry> learnt = new ArrayList<>(discovered.nodes());
        learnt.addAll(discovered.silent());
        KnownNodes.remember(setup, learnt);
        return discovered;
    }

    private Discovered known() throws SciabcException, InterruptedException {
        long start = System.nanoTime();
        RosterCheck.Checked checked = KnownNodes.check(setup, KnownNodes.of(setup, setup.backends(options.backends())));
        return new Discovered(
                checked.answering(),
                List.of(),
                checked.notices(),
                checked.changes(),
                List.of(),
                Duration.ofNanos(System.nanoTime() - start));
    }

    private Discovered looked() throws SciabcException, InterruptedException {
        Duration time = options.time();
        OptionalInt enough = options.expected();
        List<Source> sources = new ArrayList<>();
        List<Chosen<DiscoveryBackend>> backends =
                Agreement.obtain(setup, questions, setup.backends(options.backends()));
        for (Chosen<DiscoveryBackend> backend : backends) {
            sources.add(new Source(backend.component(), backend.settings(), interfacesFor(setup, backend)));
        }
        InstantSource clock = InstantSource.system();
        List<RosterEntry> known =
                options.isFresh() ? List.of() : KnownNodes.toBeginWith(setup, backends, clock.instant());
        if (enough.isPresent()) {
            // Nothing further is waited for then: what has no identity may be another machine by now, or say more.
            known = known.stream()
                    .filter(entry -> entry.node().id().isPresent())
                    .toList();
        }
        return new Discovery(clock, this::show)
                .run(new DiscoverRequest(setup.cluster(), sources, setup.stateFolder(), time, enough)
                        .startingWith(known, ending));
    }

    /** Nodes as they appear, for the person who waits. */
    private void show(List<RosterEntry> entries) {
        if (setup.session().terminal().canAsk() && entries.size() > shown) {
            shown = entries.size();
            String names = NodeSet.of(
                            entries.stream().map(entry -> entry.node().name()).toList())
                    .toString();
            setup.session().terminal().say("found " + shown + ": " + names);
        }
    }

    /** The networks for a backend. */
    static List<LocalInterface> interfacesFor(Setup setup, Chosen<DiscoveryBackend> backend) throws SciabcException {
        return tellsInterfaces(setup, backend) ? setup.interfaces() : List.of();
    }

    /** Whether a backend is told the networks: one that cannot choose only those that a person asked for, to refuse them. */
    public static boolean tellsInterfaces(Setup setup, Chosen<DiscoveryBackend> backend) {
        return setup.namesInterfaces() || backend.component().supports(DiscoveryBackend.Feature.INTERFACES);
    }

    /**
     * Refuses a discovery that found too few; of another it says where the backends ran and what each saw.
     *
     * @throws CliFailure saying what was tried, for each backend and network
     */
    public void requireEnough(Discovered discovered) throws CliFailure {
        int found = discovered.nodes().size();
        int wanted = options.expected().orElse(1);
        if (found >= wanted) {
            Terminal terminal = setup.session().terminal();
            discovered
                    .reports()
                    .forEach(report -> report.failure().ifPresent(failure -> {
                        terminal.warning(report.backend() + ": " + failure.getMessage());
                        terminal.trace(failure);
                    }));
            Findings.of(discovered).lines().forEach(explain);
            return;
        }
        if (options.usesKnown()) {
            throw new CliFailure(
                    ExitCode.UNAVAILABLE,
                    found == 0 ? "no known node answers" : "only " + found + " of " + wanted + " known nodes answer",
                    "",
                    "'sciabc nodes' shows what is known; without --known, nodes are looked for");
        }
        String time = Durations.format(options.time());
        String what = found == 0
                ? "no nodes found in " + time
                : "only " + found + (found == 1 ? " node" : " nodes") + " of " + wanted + " found in " + time;
        CliFailure tooFew = new CliFailure(
                ExitCode.UNAVAILABLE, what + Findings.of(discovered).text(), "", hint(discovered));
        List<SciabcException> failures = failures(discovered);
        if (!failures.isEmpty()) {
            tooFew.initCause(failures.get(0));
            failures.stream().skip(1).forEach(tooFew::addSuppressed);
        }
        throw tooFew;
    }

    private static List<SciabcException> failures(Discovered discovered) {
        return discovered.reports().stream()
                .flatMap(report -> report.failure().stream())
                .toList();
    }

    private String hint(Discovered discovered) {
        return failures(discovered).stream()
                .flatMap(failure -> failure.hint().stream())
                .findFirst()
                .orElse("is 'sciabc announce' running on the other machines, in cluster '" + setup.cluster()
                        + "'? 'sciabc services' shows everything that answers on this network");
    }
}
