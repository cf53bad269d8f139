// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.console.Terminal;
import org.sciabc.provision.JournalCopies;
import org.sciabc.provision.PlanRequest;
import org.sciabc.provision.Restoration;
import org.sciabc.provision.Restored;
import org.sciabc.roster.RememberedUsers;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;

/** Puts nodes back as they were, from the journal that each keeps. */
public final class RestoreStage {
    private static final Duration LIMIT = Duration.ofMinutes(30);

    private final Setup setup;
    private final Reach reach;
    private final Terminal terminal;
    private final Restoration restoration;

    /** What plugins want of nodes is not asked: what was done to one is in its journal, whatever is configured now. */
    public RestoreStage(Setup setup, Reach reach) throws SciabcException {
        PlanRequest request = PlanRequest.of(setup.cluster(), List.of());
        this.setup = setup;
        this.reach = reach;
        this.terminal = setup.session().terminal();
        this.restoration = new Restoration(
                reach.access(),
                PlanStage.crowd(LIMIT),
                request,
                PlanStage.gathering(reach),
                new JournalCopies(setup.stateFolder()));
    }

    /** What would be undone; changes nothing. */
    public List<Restored> preview(List<Node> nodes) throws SciabcException, InterruptedException {
        reach.askPasswords(nodes);
        terminal.step("reading the journals");
        return restoration.preview(nodes);
    }

    /** Undoes it, and looks again. */
    public List<Restored> restore(List<Node> nodes) throws SciabcException, InterruptedException {
        terminal.step("restoring");
        List<Restored> results = restoration.restore(nodes);
        new RememberedUsers(setup.stateFolder())
                .forget(results.stream()
                        .filter(Restored::isComplete)
                        .map(Restored::node)
                        .toList());
        return results;
    }

    /** Says for each reason once which nodes were not worked through to the end. */
    public void reportFailures(List<Restored> results) {
        Map<Node, SciabcException> failures = new LinkedHashMap<>();
        results.forEach(result -> result.failure().ifPresent(failure -> failures.put(result.node(), failure)));
        ProvisionStage.report(failures, terminal);
    }

    /** The exit status: 0, or 75 when nodes are not as they were, or 69 when nobody was reached. */
    public static int status(List<Restored> results) {
        if (results.stream().allMatch(Restored::isComplete)) {
            return ExitCode.OK;
        }
        boolean anybody = results.stream()
                .anyMatch(result -> result.isComplete() || !result.undone().isEmpty());
        return anybody ? ExitCode.PARTLY : ExitCode.UNAVAILABLE;
    }
}
