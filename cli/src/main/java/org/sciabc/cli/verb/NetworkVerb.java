// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.verb;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.util.List;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.cli.Verb;
import org.sciabc.cli.config.Configuration;
import org.sciabc.cli.console.NetworkReport;
import org.sciabc.cli.flow.Setup;
import org.sciabc.cli.network.NetworkFacts;
import org.sciabc.cli.network.ProfileChoice;
import org.sciabc.cli.network.SystemNetwork;
import org.sciabc.cli.option.NetworkOptions;
import org.sciabc.roster.LocalInterfaces;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.SciabcException;

/** {@code sciabc network}. */
@Parameters(separators = "=")
public final class NetworkVerb implements Verb {
    @Parameter(names = "--json", description = "print one JSON object")
    private boolean json;

    @ParametersDelegate
    private NetworkOptions network = new NetworkOptions();

    @Override
    public boolean usesPlugins() {
        return false;
    }

    @Override
    public int run(Session session) throws SciabcException {
        Configuration file = Configuration.read(session.folders());
        NetworkFacts facts = SystemNetwork.of(session.environment()).look();
        ProfileChoice choice = ProfileChoice.of(file.networks(), facts, network.profile());
        Configuration holds =
                choice.candidates().size() == 1 ? file.on(choice.candidates().get(0)) : file;
        List<String> selectors = network.interfaces().isEmpty() ? holds.interfaces() : network.interfaces();
        NetworkReport report = new NetworkReport(
                facts,
                choice,
                holds,
                Setup.cluster(session, holds),
                selectors,
                network.settings(),
                used(selectors, session));
        if (json) {
            session.terminal().json(report.json());
        } else {
            report.print(session.terminal().out());
        }
        choice.profile();
        return ExitCode.OK;
    }

    /** The interfaces that would be used; none is no failure here, since it is what somebody may have come to see. */
    private static List<LocalInterface> used(List<String> selectors, Session session) throws SciabcException {
        LocalInterfaces interfaces = LocalInterfaces.enumerate();
        try {
            return interfaces.choose(selectors);
        } catch (SciabcException nothingUsable) {
            session.terminal().warning(nothingUsable.what() + ": " + nothingUsable.why());
            nothingUsable.hint().ifPresent(session.terminal()::hint);
            return List.of();
        }
    }

    @Override
    public boolean isInterruptible() {
        return false;
    }
}
