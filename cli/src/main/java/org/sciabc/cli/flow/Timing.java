// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.sciabc.cli.console.Terminal;

/** Where the time of a run goes, stage by stage, for who asked. Beginning a stage ends the one before. */
public final class Timing implements AutoCloseable {
    private static final double MILLIS = 1_000.0;

    private final Optional<Terminal> terminal;
    private final InstantSource clock;
    private final Map<String, Duration> stages = new LinkedHashMap<>();
    private final Instant beginning;
    private Instant since;
    private String current;
    private int runs = 1;

    Timing(Optional<Terminal> terminal, InstantSource clock, Instant beginning, String first) {
        this.terminal = terminal;
        this.clock = clock;
        this.beginning = beginning;
        this.since = beginning;
        this.current = first;
    }

    /** Measures from the start of this process: the stage of the start itself, and now the next one. */
    public static Timing ofProcess(Terminal terminal, boolean wanted, String next) {
        InstantSource clock = InstantSource.system();
        Instant start =
                wanted ? ProcessHandle.current().info().startInstant().orElseGet(clock::instant) : clock.instant();
        Timing timing = new Timing(wanted ? Optional.of(terminal) : Optional.empty(), clock, start, "Java and options");
        timing.stage(next);
        return timing;
    }

    /** One that nobody asked for. */
    public static Timing unwanted() {
        InstantSource clock = InstantSource.system();
        return new Timing(Optional.empty(), clock, clock.instant(), "");
    }

    /** From now on it is this that takes the time. */
    public void stage(String name) {
        Instant now = clock.instant();
        stages.merge(current, Duration.between(since, now), Duration::plus);
        since = now;
        current = runs == 1 ? name : name + ", run " + runs;
    }

    /** The job is run again: its stages are told apart from those before. */
    public void again() {
        runs++;
    }

    /** Says it on standard error, however the run ended. */
    @Override
    public void close() {
        stage("");
        terminal.ifPresent(shown -> {
            shown.say("timing:");
            stages.forEach((name, taken) -> shown.say(line(name, taken)));
            shown.say(line("in all", Duration.between(beginning, since)));
        });
    }

    private static String line(String name, Duration taken) {
        return String.format(Locale.ROOT, "  %-28s %8.3f s", name, taken.toMillis() / MILLIS);
    }
}
