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
import org.sciabc.cli.flow.LaunchStage;
import org.sciabc.cli.flow.NodesInUse;
import org.sciabc.cli.flow.Setup;
import org.sciabc.cli.option.DiscoveryOptions;
import org.sciabc.cli.option.FormatOption;
import org.sciabc.cli.option.NetworkOptions;
import org.sciabc.cli.option.ReachOptions;
import org.sciabc.cli.option.SlotOptions;
import org.sciabc.launch.HostfileDialect;
import org.sciabc.spi.Node;
import org.sciabc.spi.ReadyNode;
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

    @Parameter(names = "--format", description = FormatOption.HELP)
    private @Nullable String format;

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
        Optional<HostfileDialect> dialect = format == null ? Optional.empty() : Optional.of(FormatOption.parse(format));
        Optional<Path> file = output == null ? Optional.empty() : Optional.of(FormatOption.path(output));
        launching.slots();
        try (Setup setup = Setup.open(session, network)) {
            Questions questions = new Questions(session.terminal(), reaching.agreesToAll());
            List<Node> found = NodesInUse.discover(new DiscoverStage(setup, discovery, questions), sets);
            Hostfiles hostfiles = Hostfiles.of(setup, launching, reaching.user(), List.of(dialect));
            List<ReadyNode> nodes = hostfiles.ready(found);
            List<ReadyNode> leftOut = Hostfiles.unlistable(nodes, dialect);
            if (!leftOut.isEmpty()) {
                session.terminal().notice(Hostfiles.leftOut(leftOut, dialect));
            }
            String text = hostfiles.text(nodes, dialect);
            hostfiles
                    .prepare(nodes)
                    .ifPresent(failure -> session.terminal()
                            .detail("without the launch verb, nodes cannot be reached: " + failure.getMessage()));
            if (file.isPresent()) {
                LaunchStage.write(file.get(), text);
                hostfiles
                        .byHand(file.get())
                        .ifPresent(line -> session.terminal().hint("by hand: " + line + " PROGRAM"));
            } else {
                session.terminal().out().print(text);
            }
            return ExitCode.OK;
        }
    }
}
