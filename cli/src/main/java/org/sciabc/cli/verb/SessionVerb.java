// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.verb;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.cli.Verb;
import org.sciabc.cli.console.StandingText;
import org.sciabc.cli.flow.LaunchStage;
import org.sciabc.cli.flow.NodesInUse;
import org.sciabc.cli.flow.Reach;
import org.sciabc.cli.flow.SessionStage;
import org.sciabc.cli.flow.SessionStage.Standing;
import org.sciabc.cli.flow.SessionStage.Stopped;
import org.sciabc.cli.flow.Setup;
import org.sciabc.cli.option.DiscoveryOptions;
import org.sciabc.cli.option.Meaningless;
import org.sciabc.cli.option.NetworkOptions;
import org.sciabc.cli.option.ReachOptions;
import org.sciabc.cli.option.SlotOptions;
import org.sciabc.cli.standby.Standby;
import org.sciabc.spi.Durations;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/** {@code sciabc session [status|start|stop]}. */
@Parameters(separators = "=")
public final class SessionVerb implements Verb {
    private static final List<String> ACTIONS = List.of("status", "start", "stop");

    @Parameter(description = "status | start | stop")
    private List<String> words = new ArrayList<>();

    @Parameter(names = "--json", description = "print one JSON object (status; stop: what is open after it)")
    private boolean json;

    @Parameter(
            names = "--hostfile",
            description = "FILE | the nodes of this file instead of those that are found (start)")
    private @Nullable String hostfile;

    @Parameter(
            names = "--idle",
            description = "TIME | how long what was started stays without a job (start; default: 10m)")
    private @Nullable String idle;

    /** The start script reads it as well: it would otherwise have a process that stays run this. */
    @Parameter(names = "--no-standby", description = "keep no process of sciabc for the next commands (start)")
    private boolean noStandby;

    @ParametersDelegate
    private SlotOptions slots = new SlotOptions();

    @ParametersDelegate
    private DiscoveryOptions discovery = new DiscoveryOptions();

    @ParametersDelegate
    private ReachOptions reaching = new ReachOptions();

    @ParametersDelegate
    private NetworkOptions network = new NetworkOptions();

    @Override
    public int run(Session session) throws SciabcException, InterruptedException {
        String action = words.isEmpty() ? "status" : words.get(0);
        if (!ACTIONS.contains(action) || words.size() > 1) {
            throw CliFailure.usage(
                    "'session' cannot '" + Untrusted.line(String.join(" ", words), 60) + "'",
                    "it takes one word: status, start or stop",
                    "'sciabc help session' shows what it takes");
        }
        if (!action.equals("start")) {
            String why = "only 'session start' opens something";
            Meaningless here = new Meaningless("'session " + action + "'", why);
            here.refuse("--hostfile", hostfile != null);
            here.refuse("--idle", idle != null);
            here.refuse("--no-standby", noStandby);
            discovery.requireNone(here.beside(), why);
        }
        slots.slots();
        try (Setup setup = Setup.open(session, network)) {
            return switch (action) {
                case "start" -> start(setup);
                case "stop" -> stop(setup);
                default -> show(setup, stage(setup).standing());
            };
        }
    }

    private SessionStage stage(Setup setup) throws SciabcException {
        return new SessionStage(setup, setup.provisioner(reaching.provisioner()), setup.launcher(slots.launcher()));
    }

    private int start(Setup setup) throws SciabcException, InterruptedException {
        Duration time = idle();
        Optional<Standby> standby = setup.session().standby();
        if (standby.isPresent()) {
            standby.get().stayFor(time);
        } else if (noStandby) {
            stage(setup).endStandby();
        }
        try (Reach reach = Reach.of(setup, reaching)) {
            SessionStage stage = stage(setup);
            stage.requireSomethingToKeep();
            List<Node> nodes = NodesInUse.of(Optional.ofNullable(hostfile), setup, discovery, reach);
            LaunchStage launch = new LaunchStage(setup, reach, setup.launcher(slots.launcher()));
            boolean isRoot = System.getProperty("user.name", "").equals("root");
            LaunchRequest.Job nothing = new LaunchRequest.Job(List.of("true"), OptionalInt.empty(), Map.of(), isRoot);
            stage.start(
                    launch,
                    launch.request(
                            hostfile == null ? launch.ready(nodes, slots) : launch.listed(nodes, slots), nothing),
                    time);
            return show(setup, stage.standing());
        }
    }

    private int stop(Setup setup) throws SciabcException, InterruptedException {
        Stopped stopped = stage(setup).stop();
        say(setup, stopped);
        if (json) {
            // What is at work has not ended yet.
            printJson(setup, stage(setup).standing());
        }
        return ExitCode.OK;
    }

    private static void say(Setup setup, Stopped stopped) {
        Standing before = stopped.before();
        if (before.isNothing()) {
            setup.session().terminal().say("nothing was open");
            return;
        }
        before.resident()
                .ifPresent(running -> setup.session()
                        .terminal()
                        .say("ended " + running.what() + ", on " + SessionStage.names(running.nodes())));
        if (before.standby().isPresent() && !stopped.standbyIsAtWork()) {
            setup.session().terminal().say("ended the process that stayed for the next commands");
        }
        if (!before.connections().isEmpty()) {
            setup.session()
                    .terminal()
                    .say("closed the connections to "
                            + SessionStage.names(before.connections().stream()
                                    .map(connection -> connection.name())
                                    .toList()));
        }
    }

    private int show(Setup setup, Standing standing) {
        if (json) {
            printJson(setup, standing);
            return ExitCode.OK;
        }
        StandingText.lines(
                        standing.connections(),
                        standing.resident(),
                        standing.standby(),
                        InstantSource.system().instant())
                .forEach(setup.session().terminal().out()::println);
        if (standing.isNothing()) {
            setup.session().terminal().say("nothing is open in cluster '" + setup.cluster() + "'");
        } else {
            setup.session().terminal().hint("'sciabc session stop' closes all of it");
        }
        return ExitCode.OK;
    }

    private static void printJson(Setup setup, Standing standing) {
        setup.session()
                .terminal()
                .json(StandingText.json(
                        setup.cluster(), standing.connections(), standing.resident(), standing.standby()));
    }

    private Duration idle() throws CliFailure {
        String text = Optional.ofNullable(idle).orElse("10m");
        return Durations.parse(text)
                .filter(time -> time.toSeconds() >= 1 && time.toDays() < 1)
                .orElseThrow(() -> CliFailure.usage(
                        "--idle cannot be '" + Untrusted.line(text, 40) + "'",
                        "it takes a time from 1s to a day, such as 10m",
                        ""));
    }
}
