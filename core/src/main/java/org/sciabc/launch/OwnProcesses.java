// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
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
    private static final long LOOK_MILLIS = 10;

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
        Pump out = new Pump(process.getInputStream(), streams.out(), false);
        Pump err = new Pump(process.getErrorStream(), streams.err(), false);
        try {
            return attend(process, streams.in(), out, err);
        } catch (InterruptedException interrupted) {
            line.asked();
            end(process, List.of(out, err));
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

    private ExitStatus attend(Process process, InputStream in, Pump out, Pump err) throws InterruptedException {
        Thread outThread = out.start("stdout");
        Thread errThread = err.start("stderr");
        new Pump(in, process.getOutputStream(), true).start("stdin");
        int status = process.waitFor();
        long waitMillis = patienceWithOutput.map(Duration::toMillis).orElse(0L);
        outThread.join(waitMillis);
        errThread.join(waitMillis);
        return new ExitStatus(status & 0xFF);
    }

    private void end(Process process, List<Pump> outputs) {
        List<ProcessHandle> family = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        process.destroy();
        boolean ended = false;
        try {
            ended = awaitEnd(process, outputs);
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            process.destroyForcibly();
        }
        family.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    }

    private boolean awaitEnd(Process process, List<Pump> outputs) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        boolean ended = process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        while (!ended && System.nanoTime() - end < 0) {
            outputs.forEach(Pump::dropWhatIsStuck);
            ended = process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
        return ended;
    }
}
