// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.verb;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.cli.Verb;
import org.sciabc.cli.flow.Announcing;
import org.sciabc.cli.flow.Setup;
import org.sciabc.cli.option.NetworkOptions;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/** {@code sciabc announce}. */
@Parameters(separators = "=")
public final class AnnounceVerb implements Verb {
    @Parameter(
            names = "--discovery",
            description = "NAMES | the backends to be found through (default: zeroconf, or the configuration's)")
    private List<String> backends = new ArrayList<>();

    @Parameter(names = "--user", description = "NAME | the account to log in with (default: your own)")
    private @Nullable String user;

    @Parameter(names = "--ssh-port", description = "PORT | where this machine's SSH server listens")
    private int sshPort = Node.SSH_PORT;

    @ParametersDelegate
    private NetworkOptions network = new NetworkOptions();

    @Override
    public int run(Session session) throws SciabcException, InterruptedException {
        String account = user == null ? System.getProperty("user.name", "") : user;
        if (Untrusted.user(account).isEmpty()) {
            throw CliFailure.usage(
                    "--user cannot be '" + Untrusted.line(account, 40) + "'", "it is not a user's name", "");
        }
        if (sshPort < 1 || sshPort > 65_535) {
            throw CliFailure.usage("--ssh-port cannot be " + sshPort, "it takes a port from 1 to 65535", "");
        }
        try (Setup setup = Setup.open(session, network);
                Announcing announcing = Announcing.start(setup, setup.backends(backends), account, sshPort)) {
            session.terminal().say("announced to the cluster '" + setup.cluster() + "'; Ctrl-C ends it");
            announcing.told().forEach(line -> session.terminal().say("  " + line));
            session.terminal().flush();
            untilInterrupted();
            session.terminal().say("saying goodbye");
        }
        return ExitCode.OK;
    }

    private static void untilInterrupted() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException asked) {
            // Ctrl-C or SIGTERM is how an announcement is meant to end.
            return;
        }
    }
}
