// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.LocalProcesses;
import org.sciabc.spi.SciabcException;

/**
 * Programs on this machine, each in a session of its own where {@code setsid} is there: a Ctrl-C on the terminal then
 * reaches only us, and the program hears of it once, from us. (Open MPI's mpirun takes a second signal within five seconds
 * as the order to leave its remote processes behind.)
 */
public final class OwnProcesses implements LocalProcesses {
    private static final int BUFFER_BYTES = 1 << 16;

    private final String searchPath;
    private final Optional<Path> setsid;
    private final Duration patience;
    private final Optional<Duration> patienceWithOutput;
    private final boolean mayOutliveUs;

    /**
     * Programs of this environment.
     *
     * @param searchPath the folders to find programs in, as in {@code PATH}
     * @param patience how long a program may take to clean up when it was asked to end
     */
    public OwnProcesses(String searchPath, Duration patience) {
        this(searchPath, patience, Optional.empty(), true);
    }

    private OwnProcesses(
            String searchPath, Duration patience, Optional<Duration> patienceWithOutput, boolean mayOutliveUs) {
        this.searchPath = searchPath;
        this.setsid = find("setsid", searchPath);
        this.patience = patience;
        this.patienceWithOutput = patienceWithOutput;
        this.mayOutliveUs = mayOutliveUs;
    }

    /**
     * The same for programs that leave others behind on purpose: those keep the output open, and are not waited for. What
     * they say later is still passed on.
     *
     * @param atMost how long output is waited for once the program itself has ended
     */
    public OwnProcesses waitingForOutput(Duration atMost) {
        return new OwnProcesses(searchPath, patience, Optional.of(atMost), mayOutliveUs);
    }

    /**
     * The same for programs that would go on, and others with them, when this process is gone: each has a {@link LifeLine}.
     * Those that end with their input need none.
     */
    public OwnProcesses notOutlivingUs() {
        return new OwnProcesses(searchPath, patience, patienceWithOutput, false);
    }

    /** Finds a program in the folders of a search path. */
    public static Optional<Path> find(String program, String searchPath) {
        return Stream.of(searchPath.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder).resolve(program))
                .filter(Files::isExecutable)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    @Override
    public ExitStatus run(List<String> command, Map<String, String> environment, CommandStreams streams)
            throws SciabcException, InterruptedException {
        Process process = start(command, environment);
        LifeLine line = mayOutliveUs ? LifeLine.none(process) : LifeLine.to(process, setsid, patience);
        try {
            return attend(process, streams);
        } catch (InterruptedException interrupted) {
            line.asked();
            end(process);
            throw interrupted;
        } finally {
            line.close();
        }
    }

    private Process start(List<String> command, Map<String, String> environment) throws SciabcException {
        String program = command.get(0);
        if (!isThere(program)) {
            throw missing(program);
        }
        List<String> words = new ArrayList<>();
        setsid.ifPresent(path -> words.add(path.toString()));
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException refused) {
            SciabcException failure = missing(program);
            failure.initCause(refused);
            throw failure;
        }
    }

    /** Asked beforehand: setsid would start without complaint, and its status look like that of a job that failed. */
    private boolean isThere(String program) {
        return program.contains(File.separator)
                ? Files.isExecutable(Path.of(program)) && Files.isRegularFile(Path.of(program))
                : find(program, searchPath).isPresent();
    }

    private static SciabcException missing(String program) {
        return new SciabcException("cannot start '" + program + "'", "it is missing or not executable", "");
    }

    private ExitStatus attend(Process process, CommandStreams streams) throws InterruptedException {
        Thread out = pump("stdout", process.getInputStream(), streams.out(), false);
        Thread err = pump("stderr", process.getErrorStream(), streams.err(), false);
        pump("stdin", streams.in(), process.getOutputStream(), true);
        int status = process.waitFor();
        long waitMillis = patienceWithOutput.map(Duration::toMillis).orElse(0L);
        out.join(waitMillis);
        err.join(waitMillis);
        return new ExitStatus(status & 0xFF);
    }

    /** Copies as it comes. The input thread may stay blocked in a read of a terminal: it is a daemon. */
    private static Thread pump(String name, InputStream from, OutputStream to, boolean closing) {
        Thread thread = new Thread(() -> copy(from, to, closing), "job-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void copy(InputStream from, OutputStream to, boolean closing) {
        byte[] buffer = new byte[BUFFER_BYTES];
        boolean writable = true;
        try {
            for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                writable = writable && write(to, buffer, read);
                if (!writable && closing) {
                    return;
                }
            }
        } catch (IOException ended) {
            // The process is gone, and with it the end of the pipe: what it had written was read before.
            return;
        } finally {
            if (closing) {
                closeQuietly(to);
            }
        }
    }

    /** A reader that went away ({@code | head}) must not block the program: its further output is dropped. */
    private static boolean write(OutputStream to, byte[] buffer, int length) {
        try {
            to.write(buffer, 0, length);
            to.flush();
            return true;
        } catch (IOException readerLeft) {
            return false;
        }
    }

    private static void closeQuietly(Closeable stream) {
        try {
            stream.close();
        } catch (IOException alreadyGone) {
            // Closing tells a process that there is no more input, or no reader; one that has ended need not know.
        }
    }

    private void end(Process process) {
        List<ProcessHandle> family = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        // Not by process.destroy(): it closes the input, too, and waits there for as long as a write to it does, which
        // may
        // be until the last process that has it has ended.
        process.toHandle().destroy();
        closeStreams(process);
        boolean ended = false;
        try {
            ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            process.toHandle().destroyForcibly();
        }
        family.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    }

    /** Nobody waits any more for a reader who does not read, and can hear; and what is asked to end gets no more input. */
    private static void closeStreams(Process process) {
        Thread input = new Thread(() -> closeQuietly(process.getOutputStream()), "job-stdin-end");
        input.setDaemon(true);
        input.start();
        closeQuietly(process.getInputStream());
        closeQuietly(process.getErrorStream());
    }
}
