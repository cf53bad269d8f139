// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.verb;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.cli.Verb;
import org.sciabc.cli.console.Findings;
import org.sciabc.cli.console.NodeJson;
import org.sciabc.cli.console.NodeTable;
import org.sciabc.cli.console.Questions;
import org.sciabc.cli.flow.DiscoverStage;
import org.sciabc.cli.flow.Setup;
import org.sciabc.cli.option.DiscoveryOptions;
import org.sciabc.cli.option.NetworkOptions;
import org.sciabc.roster.Discovered;
import org.sciabc.spi.SciabcException;

/** {@code sciabc discover}. */
@Parameters(separators = "=")
public final class DiscoverVerb implements Verb {
    @Parameter(names = "--json", description = "print one JSON object")
    private boolean json;

    @Parameter(
            names = {"-y", "--yes"},
            description = "agree to everything that would be asked, such as sweeping this network")
    private boolean yes;

    @ParametersDelegate
    private DiscoveryOptions discovery = new DiscoveryOptions();

    @ParametersDelegate
    private NetworkOptions network = new NetworkOptions();

    @Override
    public int run(Session session) throws SciabcException, InterruptedException {
        try (Setup setup = Setup.open(session, network)) {
            DiscoverStage stage = DiscoverStage.listening(setup, discovery, new Questions(session.terminal(), yes));
            Discovered discovered = stage.run();
            if (json) {
                session.terminal().json(json(setup.cluster(), discovered));
            } else if (!discovered.nodes().isEmpty()) {
                NodeTable.print(session.terminal().out(), discovered.nodes());
            }
            stage.requireEnough(discovered);
            return ExitCode.OK;
        }
    }

    private static String json(String cluster, Discovered discovered) {
        JsonStringWriter json =
                JsonWriter.string().object().value("cluster", cluster).array("nodes");
        discovered.nodes().forEach(entry -> NodeJson.write(json, entry));
        json.end().array("notices");
        discovered.notices().forEach(notice -> json.value(notice.text()));
        json.end();
        Findings.of(discovered).write(json);
        return json.end().done();
    }
}
