// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.watch;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.LocalProcesses;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * A command of the person's that runs after each change, on a thread of its own and never twice at once: changes that come
 * while it runs make one more run. It finds the events on its standard input, one JSON object a line.
 */
final class ChangeCommand implements AutoCloseable {
    private static final int LONGEST_LINE = 400;

    /** Somewhat more than what a program is given to clean up. */
    private static final Duration PATIENCE = Duration.ofSeconds(7);

    /** What a command that never ends may leave unheard. */
    private static final int MOST_WAITING = 10_000;

    private final String command;
    private final LocalProcesses processes;
    private final Consumer<Notice> notices;
    private final BlockingQueue<Change> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private final Thread thread;

    /** Changes, as JSON, and variables that say how things are after them. */
    private record Change(List<String> events, Map<String, String> environment) {}

    /** A command, for {@code sh -c}. */
    ChangeCommand(String command, LocalProcesses processes, Consumer<Notice> notices) {
        this.command = command;
        this.processes = processes;
        this.notices = notices;
        this.thread = new Thread(this::work, "on-change");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /**
     * Runs the command for these changes, as soon as it does not run any longer.
     *
     * @param events as JSON
     * @param environment variables that say how things are after them
     */
    void after(List<String> events, Map<String, String> environment) {
        if (!waiting.offer(new Change(List.copyOf(events), environment))) {
            notices.accept(Notice.warning("the command of --on-change does not end: it will not hear of all changes"));
        }
    }

    /** Ends the command if it runs. */
    @Override
    public void close() {
        thread.interrupt();
        Worker.await(thread, PATIENCE);
    }

    private void work() {
        try {
            while (true) {
                Change first = waiting.take();
                List<Change> all = new ArrayList<>(List.of(first));
                waiting.drainTo(all);
                run(all);
            }
        } catch (InterruptedException asked) {
            // That is how it is told to end.
            return;
        }
    }

    private void run(List<Change> changes) throws InterruptedException {
        StringBuilder events = new StringBuilder();
        changes.stream()
                .flatMap(change -> change.events().stream())
                .forEach(event -> events.append(event).append('\n'));
        Lines out = new Lines();
        Lines err = new Lines();
        CommandStreams streams = new CommandStreams(
                new ByteArrayInputStream(events.toString().getBytes(StandardCharsets.UTF_8)), out, err);
        try {
            ExitStatus status = processes.run(
                    List.of("sh", "-c", command),
                    changes.get(changes.size() - 1).environment(),
                    streams);
            if (status.code() != 0) {
                notices.accept(Notice.warning("the command of --on-change ended with status " + status.code()));
            }
        } catch (SciabcException failure) {
            notices.accept(Notice.warning("the command of --on-change could not be run: " + failure.getMessage()));
        } finally {
            out.end();
            err.end();
        }
    }

    /** Passes on what the command says, line by line. */
    private final class Lines extends OutputStream {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int octet) {
            if (octet == '\n') {
                end();
            } else if (line.size() < LONGEST_LINE) {
                line.write(octet);
            }
        }

        synchronized void end() {
            if (line.size() > 0) {
                notices.accept(Notice.info(
                        "on-change: " + Untrusted.line(line.toString(StandardCharsets.UTF_8), LONGEST_LINE)));
                line.reset();
            }
        }
    }
}
