// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.standby;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.console.StayingProcess;
import org.sciabc.launch.NextJob.Waiting;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.SciabcException;

/**
 * Where a process that stays and the start script meet. The script makes it, with the place and a sum of all else that
 * surrounds the process, and the {@code bell} that wakes it; whoever can make the {@code desk} in it may ask for one command.
 *
 * @param path owned by and open to one account alone
 */
public record StandbyFolder(Path path) {
    private static final String PROPERTY = "sciabc.standby";
    private static final String PROCESS = "pid";
    private static final String IDLE = "idle";
    private static final String WAITING = "waiting";
    /** What waits on nodes for the next launch ends before it does. */
    private static final Duration PATIENCE = Duration.ofSeconds(12);

    private static final long PAUSE_MILLIS = 5;

    /** The one that the start script names. */
    public static Optional<StandbyFolder> ofScript() {
        return Optional.ofNullable(System.getProperty(PROPERTY)).map(name -> new StandbyFolder(Path.of(name)));
    }

    /** The one that this process is to serve. */
    public static Optional<StandbyFolder> toServe() {
        return Boolean.getBoolean(PROPERTY + ".serve") ? ofScript() : Optional.empty();
    }

    /** What wakes the process: a byte for each command, or one to end it. */
    Path bell() {
        return path.resolve("bell");
    }

    /** Where the command that it is asked for lies; who made it may ask. */
    Path desk() {
        return path.resolve("desk");
    }

    /** Says that the process with this folder is there. */
    void open(long process, Duration idle) throws SciabcException {
        stayFor(idle);
        AtomicFile.ownerOnlyAt(path.resolve(PROCESS)).write(process + "\n");
    }

    /** Says after how long without a command it ends. */
    void stayFor(Duration idle) throws SciabcException {
        AtomicFile.ownerOnlyAt(path.resolve(IDLE)).write(idle.toSeconds() + "\n");
    }

    /** Says what waits for the next launch. */
    void tell(Optional<Waiting> waiting) throws SciabcException {
        Path file = path.resolve(WAITING);
        if (waiting.isPresent()) {
            AtomicFile.ownerOnlyAt(file)
                    .write(waiting.get().processes() + "\n"
                            + String.join("\n", waiting.get().nodes()) + "\n");
        } else {
            try {
                Files.deleteIfExists(file);
            } catch (IOException failure) {
                throw new SciabcException("cannot remove " + file, String.valueOf(failure.getMessage()), "", failure);
            }
        }
    }

    /** Whether it is still there: who removes it wants the process to end. */
    boolean isOpen() {
        return Files.exists(path.resolve(PROCESS));
    }

    /** Who stays; absent when nobody does. */
    public Optional<StayingProcess> standing() {
        try {
            Path file = path.resolve(PROCESS);
            long process = Long.parseLong(Files.readString(file).strip());
            if (ProcessHandle.of(process).filter(ProcessHandle::isAlive).isEmpty()) {
                return Optional.empty();
            }
            String place = Files.readString(path.resolve("surroundings"))
                    .lines()
                    .findFirst()
                    .orElse("");
            long idle = Long.parseLong(Files.readString(path.resolve(IDLE)).strip());
            return Optional.of(new StayingProcess(
                    process, place, Files.getLastModifiedTime(file).toInstant(), Duration.ofSeconds(idle), waiting()));
        } catch (IOException | NumberFormatException nobody) {
            return Optional.empty();
        }
    }

    private Optional<StayingProcess.Ahead> waiting() {
        try {
            Path file = path.resolve(WAITING);
            List<String> lines = Files.readAllLines(file);
            return Optional.of(new StayingProcess.Ahead(
                    Integer.parseInt(lines.get(0)),
                    lines.subList(1, lines.size()),
                    Files.getLastModifiedTime(file).toInstant()));
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException nothing) {
            return Optional.empty();
        }
    }

    /**
     * Has the process end: at once, or after the command that it runs.
     *
     * @return whether it has ended
     * @throws CliFailure when it cannot be told
     */
    public boolean end() throws CliFailure, InterruptedException {
        Optional<StayingProcess> standing = standing();
        if (standing.isEmpty()) {
            return true;
        }
        // For reading, too: so that this does not wait for somebody who has just gone.
        try (RandomAccessFile bell = new RandomAccessFile(bell().toFile(), "rw")) {
            bell.write(StandbyProcess.END);
        } catch (IOException gone) {
            throw new CliFailure(
                    ExitCode.UNAVAILABLE,
                    "cannot end the process that stays",
                    "process " + standing.get().process() + " is not listening",
                    "'kill " + standing.get().process() + "' does");
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (standing().isPresent()) {
            if (System.nanoTime() > deadline || Request.hasClient(desk())) {
                return false;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        return true;
    }
}
