// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.verb;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.cli.Verb;
import org.sciabc.cli.console.Questions;
import org.sciabc.cli.flow.DiscoverStage;
import org.sciabc.cli.flow.Hostfiles;
import org.sciabc.cli.flow.NodesInUse;
import org.sciabc.cli.flow.Setup;
import org.sciabc.cli.option.DiscoveryOptions;
import org.sciabc.cli.option.NetworkOptions;
import org.sciabc.cli.option.ReachOptions;
import org.sciabc.cli.option.SlotOptions;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;

/** {@code sciabc hostfile}. */
@Parameters(separators = "=")
public final class HostfileVerb implements Verb {
    @Parameter(description = "NODES")
    private List<String> sets = new ArrayList<>();

    @Parameter(
            names = {"-o", "--output"},
            description = "FILE | write to this file instead of standard output")
    private @Nullable String output;

    @ParametersDelegate
    private SlotOptions launching = new SlotOptions();

    @ParametersDelegate
    private DiscoveryOptions discovery = new DiscoveryOptions();

    @ParametersDelegate
    private ReachOptions reaching = new ReachOptions();

    @ParametersDelegate
    private NetworkOptions network = new NetworkOptions();

    @Override
    public int run(Session session) throws SciabcException, InterruptedException {
        try (Setup setup = Setup.open(session, network)) {
            Questions questions = new Questions(session.terminal(), reaching.agreesToAll());
            List<Node> nodes = NodesInUse.discover(new DiscoverStage(setup, discovery, questions), sets);
            String text = Hostfiles.text(setup, nodes, launching, reaching);
            Optional<Path> file = Optional.ofNullable(output).map(Path::of);
            if (file.isPresent()) {
                AtomicFile.at(file.get()).write(text);
            } else {
                session.terminal().out().print(text);
            }
            return ExitCode.OK;
        }
    }
}
