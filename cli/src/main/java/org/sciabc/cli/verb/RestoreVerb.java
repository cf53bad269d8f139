// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.verb;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.util.ArrayList;
import java.util.List;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.cli.Verb;
import org.sciabc.cli.console.RestoredText;
import org.sciabc.cli.console.Terminal;
import org.sciabc.cli.flow.DiscoverStage;
import org.sciabc.cli.flow.NodesInUse;
import org.sciabc.cli.flow.Reach;
import org.sciabc.cli.flow.RestoreStage;
import org.sciabc.cli.flow.Setup;
import org.sciabc.cli.option.DiscoveryOptions;
import org.sciabc.cli.option.NetworkOptions;
import org.sciabc.cli.option.ReachOptions;
import org.sciabc.provision.Restored;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;

/** {@code sciabc restore}. */
@Parameters(separators = "=")
public final class RestoreVerb implements Verb {
    private static final String ALL = "all";

    @Parameter(description = "NODES")
    private List<String> sets = new ArrayList<>();

    @Parameter(names = "--json", description = "print one JSON object")
    private boolean json;

    @Parameter(names = "--dry-run", description = "show what would be undone and stop")
    private boolean dryRun;

    @ParametersDelegate
    private DiscoveryOptions discovery = new DiscoveryOptions();

    @ParametersDelegate
    private ReachOptions reaching = new ReachOptions();

    @ParametersDelegate
    private NetworkOptions network = new NetworkOptions();

    @Override
    public int run(Session session) throws SciabcException, InterruptedException {
        if (sets.isEmpty()) {
            throw CliFailure.usage(
                    "which nodes are to be restored?", "none is named", "name them, such as 'node[1-3]', or 'all'");
        }
        try (Setup setup = Setup.open(session, network);
                Reach reach = Reach.forUndoing(setup, reaching)) {
            List<String> wanted = sets.equals(List.of(ALL)) ? List.of() : sets;
            List<Node> nodes = NodesInUse.discover(new DiscoverStage(setup, discovery, reach.questions()), wanted);
            RestoreStage stage = new RestoreStage(setup, reach);
            List<Restored> preview = stage.preview(nodes);
            if (dryRun) {
                show(setup, preview, RestoredText.preview(preview));
                stage.reportFailures(preview);
                return RestoreStage.status(preview);
            }
            return restore(setup, reach, stage, preview);
        }
    }

    private int restore(Setup setup, Reach reach, RestoreStage stage, List<Restored> preview)
            throws SciabcException, InterruptedException {
        Terminal terminal = setup.session().terminal();
        RestoredText.preview(preview).forEach(terminal::say);
        boolean changes = preview.stream().anyMatch(result -> !result.undone().isEmpty());
        if (changes && !reach.questions().agrees("Undo this?", "--yes")) {
            throw new CliFailure(ExitCode.PARTLY, "nothing was undone", "you did not agree", "");
        }
        List<Node> reached = preview.stream()
                .filter(result -> result.failure().isEmpty() || !result.undone().isEmpty())
                .map(Restored::node)
                .toList();
        boolean work = changes || preview.stream().anyMatch(Restored::hadJournal);
        List<Restored> results = new ArrayList<>(work ? stage.restore(reached) : List.of());
        preview.stream()
                .filter(result -> !work || !reached.contains(result.node()))
                .forEach(results::add);
        show(setup, results, RestoredText.outcome(results));
        stage.reportFailures(results);
        return RestoreStage.status(results);
    }

    private void show(Setup setup, List<Restored> results, List<String> lines) {
        Terminal terminal = setup.session().terminal();
        if (json) {
            terminal.json(RestoredText.json(setup.cluster(), dryRun, results));
        } else {
            lines.forEach(terminal.out()::println);
        }
    }
}
