// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.standby;

import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Interruption;
import org.sciabc.cli.console.NotHereException;
import org.sciabc.cli.console.Terminal;
import org.sciabc.launch.NextJob;
import org.sciabc.launch.NextJob.Waiting;
import org.sciabc.launch.WaitingShells;
import org.sciabc.plugin.KeptPlugins;
import org.sciabc.spi.SciabcException;

/**
 * Runs the commands that are laid into its folder, one at a time, in the surroundings in which it was started. The first is
 * there from the beginning, and when it fails there is no reason to stay. Ends after a while without a command, when its
 * folder goes, and by SIGTERM; the start script sees to its folder then.
 */
public final class StandbyProcess implements Standby {
    static final int END = 'e';

    private static final Duration USUAL_IDLE = Duration.ofMinutes(10);

    /** A script takes milliseconds from making the desk to saying whose it is. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final long SHORT_NANOS = 10_000_000;

    /** Said to a command that only a process at its terminal can run. */
    private static final String ELSEWHERE = "elsewhere";

    private static final long LOOK_NANOS = 250_000_000;

    /** A command that is run. */
    public interface Commands {
        /** Runs it, and returns its exit status. */
        int run(String[] arguments, Terminal terminal, Map<String, String> environment, Standby standby);
    }

    private final StandbyFolder folder;
    private final Commands commands;
    private final InstantSource clock = InstantSource.system();
    private final WaitingShells shells = new WaitingShells();
    private final NextJob nextJob = new NextJob(this::log);
    private final KeptPlugins plugins = KeptPlugins.forSeveralHosts();
    private final PrintStream ownErr = System.err;
    private final PrintStream ownOut = System.out;
    private volatile Duration idle = USUAL_IDLE;
    private volatile Instant lastUse = clock.instant();
    private volatile @Nullable Serving serving;
    private long lastClient;
    private Optional<Waiting> told = Optional.empty();

    /** The command that runs now; its streams may not be open yet. */
    private record Serving(Request request, Thread thread, Instant since, boolean isOpen) {}

    public StandbyProcess(StandbyFolder folder, Commands commands) {
        this.folder = folder;
        this.commands = commands;
    }

    /** Serves until there is a reason to end. */
    public void serve() {
        try {
            folder.open(ProcessHandle.current().pid(), idle);
            Thread watch = new Thread(this::watch, "standby");
            watch.setDaemon(true);
            watch.start();
            // Open for writing, too: so it never ends, and nobody who rings has to wait.
            try (RandomAccessFile bell = new RandomAccessFile(folder.bell().toFile(), "rw")) {
                boolean goesOn = command() == 0;
                while (goesOn && folder.isOpen()) {
                    goesOn = bell.read() != END;
                    if (goesOn) {
                        command();
                    }
                }
                // What was begun takes its time to end, and nobody is to ask for anything meanwhile.
                leaveInTheEnd();
            } finally {
                nextJob.close();
            }
        } catch (IOException | SciabcException | InterruptedException broken) {
            log(broken);
        }
    }

    /** Into the log, which outlives the folder. */
    private void log(Exception broken) {
        broken.printStackTrace(ownErr);
    }

    @Override
    public Instant askedAt() {
        Serving current = serving;
        return current == null ? lastUse : current.since();
    }

    @Override
    public KeptPlugins plugins() {
        return plugins;
    }

    @Override
    public WaitingShells shells() {
        return shells;
    }

    @Override
    public NextJob nextJob() {
        return nextJob;
    }

    @Override
    public void stayFor(Duration time) throws SciabcException {
        idle = time;
        folder.stayFor(time);
    }

    /** One command, in a thread of its own: whatever was interrupted there ends with it. */
    private int command() throws InterruptedException {
        Request request;
        try {
            request = Request.on(folder.desk());
        } catch (IOException takenBack) {
            return ExitCode.SOFTWARE;
        }
        lastClient = request.client();
        if (!request.isInterrupted()) {
            forgetLateSignal();
        }
        int[] status = {ExitCode.SOFTWARE};
        Thread thread = new Thread(() -> status[0] = run(request), "main");
        serving = new Serving(request, thread, clock.instant(), false);
        try {
            thread.start();
            thread.join();
        } finally {
            lastUse = clock.instant();
            serving = null;
            Interruption.forget();
            wasPassedOn();
        }
        return status[0];
    }

    private int run(Request request) {
        try {
            Request.Streams streams = request.open();
            serving = new Serving(request, Thread.currentThread(), askedAt(), true);
            OptionalInt status = OptionalInt.empty();
            try {
                status = status(request, streams);
            } finally {
                System.setOut(ownOut);
                System.setErr(ownErr);
                streams.end(status.isPresent() ? Integer.toString(status.getAsInt()) : ELSEWHERE);
            }
            return status.orElse(ExitCode.SOFTWARE);
        } catch (IOException gone) {
            // Nobody is there any more to hear of it.
            return ExitCode.SOFTWARE;
        }
    }

    /** Absent when only a process at the terminal can do it. */
    private OptionalInt status(Request request, Request.Streams streams) {
        if (request.isInterrupted()) {
            return OptionalInt.of(Interruption.status());
        }
        Map<String, String> environment = request.environment();
        Terminal terminal =
                Terminal.ofOther(streams.in(), streams.out(), streams.err(), request.terminals(), environment);
        // What is said past the terminal goes where it would go from a process of its own.
        System.setOut(terminal.out());
        System.setErr(terminal.err());
        try {
            int status = commands.run(request.arguments().toArray(new String[0]), terminal, environment, this);
            terminal.flush();
            return OptionalInt.of(status);
        } catch (NotHereException elsewhere) {
            return OptionalInt.empty();
        }
    }

    /** Sees what nobody tells. */
    private void watch() {
        boolean isOver = false;
        while (!isOver) {
            LockSupport.parkNanos(LOOK_NANOS);
            tellWhatWaits();
            Serving current = serving;
            if (current == null) {
                forgetLateSignal();
                clearDesk();
                isOver = mayEnd() && leave();
            } else if (!current.request().hasClient()) {
                // It waits for the other end of a stream, and nobody will come.
                isOver = !current.isOpen();
                Interruption.hangUp(current.thread());
                release(current.request());
            }
        }
        try {
            nextJob.close();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        Interruption.finish(0);
    }

    /** A Ctrl-C that came when the command had ended, and only the rest of its output was on its way, means no session. */
    private void forgetLateSignal() {
        // Beside the desk, which goes with the command.
        if (Interruption.hasArrived() && wasPassedOn()) {
            Interruption.forget();
        }
    }

    /** Whether the start script has passed on a signal since somebody asked. */
    private boolean wasPassedOn() {
        try {
            return Files.deleteIfExists(folder.path().resolve("interrupted"));
        } catch (IOException remains) {
            log(remains);
            return false;
        }
    }

    private void release(Request request) {
        try {
            request.release();
        } catch (IOException gone) {
            log(gone);
        }
    }

    /** For {@code session status}, which another process runs. */
    private void tellWhatWaits() {
        Optional<Waiting> waiting = nextJob.waiting();
        if (!waiting.equals(told)) {
            told = waiting;
            try {
                folder.tell(waiting);
            } catch (SciabcException full) {
                log(full);
            }
        }
    }

    /** Somebody was killed on the way to asking, or before the answer was read. */
    private void clearDesk() {
        Path desk = folder.desk();
        try {
            if (Files.exists(desk)
                    && clock.instant()
                            .isAfter(Files.getLastModifiedTime(desk).toInstant().plus(PATIENCE))
                    && !Request.hasClient(desk)) {
                try (Stream<Path> content = Files.list(desk)) {
                    for (Path each : content.toList()) {
                        Files.deleteIfExists(each);
                    }
                }
                Files.deleteIfExists(desk);
            }
        } catch (IOException | UncheckedIOException busy) {
            // Somebody is at it; the next look is soon.
        }
    }

    private boolean mayEnd() {
        return Interruption.hasArrived()
                || !folder.isOpen()
                || Duration.between(lastUse, clock.instant()).compareTo(idle) > 0;
    }

    /** The desk is still that of the last client for a moment; whoever was quicker to take it than we were is sent away. */
    private void leaveInTheEnd() {
        Instant end = clock.instant().plus(PATIENCE);
        while (!leave() && clock.instant().isBefore(end)) {
            try {
                Request request = Request.on(folder.desk());
                if (request.client() != lastClient) {
                    serving = new Serving(request, Thread.currentThread(), clock.instant(), false);
                    lastClient = request.client();
                    request.open().end(ELSEWHERE);
                    serving = null;
                }
            } catch (IOException notYet) {
                // It is being laid, or taken away: the next look is soon.
            }
            LockSupport.parkNanos(SHORT_NANOS);
        }
    }

    /** From here on nobody can ask for anything: who wants to makes the desk. */
    private boolean leave() {
        try {
            Files.createDirectory(folder.desk());
            return true;
        } catch (IOException taken) {
            return !folder.isOpen() || Interruption.hasArrived();
        }
    }
}
