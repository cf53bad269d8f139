// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.sciabc.cli.Session;
import org.sciabc.cli.console.Terminal;
import org.sciabc.cli.standby.Standby;

/** Where the time of a run goes, stage by stage, for who asked. Beginning a stage ends the one before. */
public final class Timing implements AutoCloseable {
    private static final double MILLIS = 1_000.0;

    /** Its place behind the name of the program. */
    private static final int START_TIME = 19;

    private static final double TICKS_A_SECOND = 100.0;

    /** Where a container has an uptime of its own, the difference may be anything. */
    private static final double OLDEST = 600;

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

    /** Measures from the start of this process, or from when one that stays was asked: the stage of the start itself, and now the next one. */
    public static Timing ofProcess(Session session, boolean wanted, String next) {
        InstantSource clock = InstantSource.system();
        Instant start = clock.instant();
        if (wanted) {
            Optional<Standby> standby = session.standby();
            start = standby.isPresent() ? standby.get().askedAt() : start.minus(age().orElse(Duration.ZERO));
        }
        Timing timing = new Timing(
                wanted ? Optional.of(session.terminal()) : Optional.empty(), clock, start, "Java and options");
        timing.stage(next);
        return timing;
    }

    /**
     * For how long this process has run, as proc(5) tells. What {@link ProcessHandle} tells is wrong by up to a second on
     * Linux, where it counts from the second in which the machine started.
     */
    private static Optional<Duration> age() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            String[] uptime = Files.readString(Path.of("/proc/uptime")).split(" ", -1);
            double seconds = Double.parseDouble(uptime[0]) - Long.parseLong(fields[START_TIME]) / TICKS_A_SECOND;
            return seconds >= 0 && seconds < OLDEST
                    ? Optional.of(Duration.ofMillis(Math.round(seconds * MILLIS)))
                    : Optional.empty();
        } catch (IOException | RuntimeException notLinux) {
            return ProcessHandle.current().info().startInstant().map(start -> Duration.between(start, Instant.now()));
        }
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
