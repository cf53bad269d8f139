// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.verb;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.cli.Verb;
import org.sciabc.cli.console.Terminal;
import org.sciabc.cli.flow.AnnounceInstallation;
import org.sciabc.cli.flow.Announcing;
import org.sciabc.cli.flow.AsRoot;
import org.sciabc.cli.flow.ProfileFollower;
import org.sciabc.cli.flow.Setup;
import org.sciabc.cli.flow.WantedFile;
import org.sciabc.cli.option.NetworkOptions;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/** {@code sciabc announce}. */
@Parameters(separators = "=")
public final class AnnounceVerb implements Verb {
    private static final long RHYTHM = 1;

    @Parameter(
            names = "--discovery",
            description = "NAMES | the backends to be found through (default: zeroconf, or the configuration's)")
    private List<String> backends = new ArrayList<>();

    @Parameter(names = "--user", description = "NAME | the account to log in with (default: your own)")
    private @Nullable String user;

    @Parameter(names = "--ssh-port", description = "PORT | where this machine's SSH server listens")
    private int sshPort = Node.SSH_PORT;

    @Parameter(names = "--install", description = "announce this machine at every start from now on; needs root")
    private boolean install;

    @Parameter(names = "--uninstall", description = "undo --install; needs root")
    private boolean uninstall;

    @Parameter(names = "--dry-run", description = "with --install or --uninstall: print what root has to run, and stop")
    private boolean dryRun;

    @ParametersDelegate
    private NetworkOptions network = new NetworkOptions();

    @Override
    public int run(Session session) throws SciabcException, InterruptedException {
        String account = account(session);
        if (sshPort < 1 || sshPort > 65_535) {
            throw CliFailure.usage("--ssh-port cannot be " + sshPort, "it takes a port from 1 to 65535", "");
        }
        if (install && uninstall) {
            throw CliFailure.usage("--install and --uninstall are opposites", "both were given", "give one of them");
        }
        if (dryRun && !install && !uninstall) {
            throw CliFailure.usage("--dry-run goes with --install or --uninstall", "neither was given", "");
        }
        AnnounceInstallation installation = new AnnounceInstallation(Path.of("/"), new AsRoot(session));
        if (install) {
            return install(session, installation, account);
        }
        if (uninstall) {
            return uninstall(session.terminal(), installation);
        }
        announce(session, account);
        return ExitCode.OK;
    }

    private void announce(Session session, String account) throws SciabcException, InterruptedException {
        boolean changed = announceOnce(session, account);
        String said = "";
        while (changed) {
            if (said.isEmpty()) {
                session.terminal().say("another network profile applies now: announcing anew");
            }
            try {
                changed = announceOnce(session, account);
                said = "";
            } catch (SciabcException notYet) {
                String problem = notYet.what() + ": " + notYet.why() + "; trying again";
                if (!problem.equals(said)) {
                    session.terminal().warning(problem);
                    said = problem;
                }
                TimeUnit.SECONDS.sleep(RHYTHM);
            }
        }
    }

    /** Announces until it is interrupted, or until another network profile applies; returns whether one does. */
    private boolean announceOnce(Session session, String account) throws SciabcException, InterruptedException {
        Terminal terminal = session.terminal();
        try (Setup setup = Setup.open(session, network);
                Announcing announcing =
                        Announcing.start(setup, setup.backends(backends), Announcing.self(setup, account, sshPort))) {
            terminal.say(AnnounceInstallation.ANNOUNCED + " '" + setup.cluster() + "'; Ctrl-C ends it");
            announcing.told().forEach(line -> terminal.say("  " + line));
            terminal.flush();
            boolean profileChanged = untilInterrupted(session, setup, announcing);
            terminal.say("saying goodbye");
            return profileChanged;
        }
    }

    private boolean untilInterrupted(Session session, Setup setup, Announcing announcing) {
        ProfileFollower profile = ProfileFollower.of(setup, network, session.terminal()::notice);
        try {
            while (true) {
                TimeUnit.SECONDS.sleep(RHYTHM);
                // A gateway and the name of a Wi-Fi are often known only some time after the interfaces have changed.
                if (announcing.follow(profile::isElsewhere) || profile.hasMoved()) {
                    return true;
                }
            }
        } catch (InterruptedException asked) {
            // Ctrl-C or SIGTERM is how an announcement is meant to end.
            return false;
        }
    }

    private int install(Session session, AnnounceInstallation installation, String account)
            throws SciabcException, InterruptedException {
        Terminal terminal = session.terminal();
        AnnounceInstallation.Wanted wanted;
        try (Setup setup = Setup.open(session, network)) {
            wanted = new WantedFile(setup, installation, network)
                    .choose(setup.backends(backends), Announcing.self(setup, account, sshPort), backends);
        }
        if (dryRun) {
            terminal.out().print(installation.installing(wanted));
            return ExitCode.OK;
        }
        terminal.say(
                installation.install(wanted)
                        ? "installed " + wanted.file() + ": this machine is announced now, and at every start"
                        : "installed already: " + wanted.file());
        terminal.say("'sciabc announce --uninstall' undoes it; what the network is told: 'sciabc services'");
        return ExitCode.OK;
    }

    private int uninstall(Terminal terminal, AnnounceInstallation installation)
            throws SciabcException, InterruptedException {
        installation
                .foreign()
                .forEach(file -> terminal.say(file + " was not written by 'sciabc announce --install': left as it is"));
        if (dryRun) {
            terminal.out().print(installation.uninstalling());
            return ExitCode.OK;
        }
        List<String> removed = installation.uninstall();
        terminal.say(removed.isEmpty() ? "nothing is installed here" : "removed " + String.join(" and ", removed));
        return ExitCode.OK;
    }

    /** Who is root through sudo means the account that sudo was called from. */
    private String account(Session session) throws CliFailure {
        String own = System.getProperty("user.name", "");
        String caller = own.equals("root") ? session.environment().getOrDefault("SUDO_USER", own) : own;
        String account = Optional.ofNullable(user).orElse(caller);
        if (Untrusted.user(account).isEmpty()) {
            throw CliFailure.usage(
                    "cannot announce the account '" + Untrusted.line(account, 40) + "'",
                    "a user's name is no number, begins with a letter, digit or underscore, and has at most 32 of these, dots and"
                            + " hyphens",
                    "name the account to log in with: --user NAME");
        }
        return account;
    }
}
