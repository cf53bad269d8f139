// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.LocalProcesses;

/** Starts nothing, and keeps what it was asked to start: for tests of the command line that a launcher makes. */
public final class RecordingProcesses implements LocalProcesses {
    private final List<Started> started = new CopyOnWriteArrayList<>();
    private final ExitStatus status;
    private final String output;

    /**
     * A program that was to be started.
     *
     * @param command the program and its arguments
     * @param environment the variables that were to be set
     */
    public record Started(List<String> command, Map<String, String> environment) {
        /** Keeps copies of both. */
        public Started {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
        }
    }

    private RecordingProcesses(ExitStatus status, String output) {
        this.status = status;
        this.output = output;
    }

    /**
     * Programs that print nothing and end well.
     *
     * @return processes that record
     */
    public static RecordingProcesses ending() {
        return ending(ExitStatus.OK, "");
    }

    /**
     * Programs that print this and end so.
     *
     * @param status how each of them ends
     * @param output what each of them prints to its standard output
     * @return processes that record
     */
    public static RecordingProcesses ending(ExitStatus status, String output) {
        return new RecordingProcesses(status, output);
    }

    /**
     * What was to be started so far.
     *
     * @return in the order in which it was asked for
     */
    public List<Started> started() {
        return List.copyOf(started);
    }

    @Override
    public ExitStatus run(List<String> command, Map<String, String> environment, CommandStreams streams) {
        started.add(new Started(command, environment));
        try {
            streams.out().write(output.getBytes(StandardCharsets.UTF_8));
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
        return status;
    }
}
