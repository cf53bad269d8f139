// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.verb;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import java.time.InstantSource;
import java.util.List;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.cli.Verb;
import org.sciabc.cli.console.NodeJson;
import org.sciabc.cli.console.NodeTable;
import org.sciabc.cli.flow.KnownNodes;
import org.sciabc.cli.flow.Setup;
import org.sciabc.cli.option.ProfileOption;
import org.sciabc.roster.RosterCheck;
import org.sciabc.roster.RosterEntry;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;

/** {@code sciabc nodes}. */
@Parameters(separators = "=")
public final class NodesVerb implements Verb {
    @Parameter(names = "--json", description = "print one JSON object")
    private boolean json;

    @Parameter(names = "--no-check", description = "print what is on disk, without asking the nodes")
    private boolean unchecked;

    @ParametersDelegate
    private ProfileOption profile = new ProfileOption();

    @Override
    public int run(Session session) throws SciabcException, InterruptedException {
        try (Setup setup = Setup.open(session, profile.network())) {
            List<RosterEntry> known = KnownNodes.all(setup);
            RosterCheck.Checked checked = unchecked || known.isEmpty()
                    ? new RosterCheck.Checked(known, List.of(), List.of())
                    : KnownNodes.check(setup, known);
            session.terminal().notices(checked.notices(), checked.changes());
            if (!unchecked) {
                KnownNodes.remember(setup, checked.entries());
            }
            if (json) {
                session.terminal().json(json(setup.cluster(), checked));
            } else if (!known.isEmpty()) {
                NodeTable.printKnown(
                        session.terminal().out(),
                        checked.entries(),
                        InstantSource.system().instant());
            }
            if (known.isEmpty()) {
                throw new CliFailure(
                        ExitCode.UNAVAILABLE,
                        "no nodes are known in cluster '" + setup.cluster() + "'",
                        "no command has found any yet",
                        "'sciabc discover' looks for some");
            }
            return unchecked || !checked.answering().isEmpty() ? ExitCode.OK : ExitCode.UNAVAILABLE;
        }
    }

    private static String json(String cluster, RosterCheck.Checked checked) {
        JsonStringWriter json =
                JsonWriter.string().object().value("cluster", cluster).array("nodes");
        checked.entries().forEach(entry -> NodeJson.writeKnown(json, entry));
        json.end().array("notices");
        checked.notices().stream().map(Notice::text).forEach(json::value);
        return json.end().end().done();
    }
}
