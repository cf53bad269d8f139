// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.console.Questions;
import org.sciabc.cli.option.DiscoveryOptions;
import org.sciabc.roster.DiscoverRequest;
import org.sciabc.roster.DiscoverRequest.Source;
import org.sciabc.roster.Discovered;
import org.sciabc.roster.Discovery;
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
    private int shown;

    /**
     * A stage that has not begun.
     *
     * @param questions puts what a backend has to ask before it begins
     */
    public DiscoverStage(Setup setup, DiscoveryOptions options, Questions questions) {
        this.setup = setup;
        this.options = options;
        this.questions = questions;
    }

    /** Looks, and passes notices on. Finding nothing is a result, too: see {@link #requireEnough}. */
    public Discovered run() throws SciabcException, InterruptedException {
        Duration time = options.time();
        OptionalInt enough = options.expected();
        List<Source> sources = new ArrayList<>();
        for (Chosen<DiscoveryBackend> backend :
                Agreement.obtain(setup, questions, setup.backends(options.backends()))) {
            sources.add(new Source(backend.component(), backend.settings(), interfacesFor(setup, backend)));
        }
        Discovery discovery = new Discovery(InstantSource.system(), this::show);
        Discovered discovered =
                discovery.run(new DiscoverRequest(setup.cluster(), sources, setup.stateFolder(), time, enough));
        discovered.notices().forEach(setup.session().terminal()::notice);
        return discovered;
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

    /** The networks for a backend: one that cannot choose is told only what a person asked for, which it then refuses. */
    static List<LocalInterface> interfacesFor(Setup setup, Chosen<DiscoveryBackend> backend) throws SciabcException {
        boolean chooses = backend.component().supports(DiscoveryBackend.Feature.INTERFACES);
        return chooses || setup.namesInterfaces() ? setup.interfaces() : List.of();
    }

    /**
     * Refuses a discovery that found too few.
     *
     * @throws CliFailure saying what was tried, for each backend and network
     */
    public void requireEnough(Discovered discovered) throws CliFailure {
        int found = discovered.nodes().size();
        int wanted = options.expected().orElse(1);
        if (found >= wanted) {
            discovered
                    .reports()
                    .forEach(report -> report.failure()
                            .ifPresent(failure -> setup.session()
                                    .terminal()
                                    .warning(report.backend() + ": " + failure.getMessage())));
            return;
        }
        String time = Durations.format(options.time());
        String what = found == 0
                ? "no nodes found in " + time
                : "only " + found + (found == 1 ? " node" : " nodes") + " of " + wanted + " found in " + time;
        throw new CliFailure(ExitCode.UNAVAILABLE, what + tried(discovered), "", hint(discovered));
    }

    private static String tried(Discovered discovered) {
        StringBuilder lines = new StringBuilder();
        for (Discovered.BackendReport report : discovered.reports()) {
            report.listening().forEach((place, finding) -> lines.append(line(report.backend(), place, finding)));
            report.failure()
                    .ifPresent(failure -> lines.append(line(report.backend(), "", "failed: " + failure.getMessage())));
            if (report.listening().isEmpty() && report.failure().isEmpty()) {
                lines.append(line(report.backend(), "", "did not begin to listen in time"));
            }
        }
        return lines.toString();
    }

    private static String line(String backend, String place, String finding) {
        return String.format("%n  %-10s %-24s %s", backend, place, finding).stripTrailing();
    }

    private String hint(Discovered discovered) {
        return discovered.reports().stream()
                .flatMap(report -> report.failure().stream())
                .flatMap(failure -> failure.hint().stream())
                .findFirst()
                .orElse("is 'sciabc announce' running on the other machines, in cluster '" + setup.cluster() + "'?");
    }
}
