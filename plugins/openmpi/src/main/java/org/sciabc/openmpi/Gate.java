// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.SciabcException;

/**
 * A named pipe at which {@code mpirun}'s remote shells wait: each reads a line, which is a byte long so that none can take
 * more, and goes on. {@code mpirun} has it open for writing, too: when it is gone, they read the end, and go.
 */
final class Gate implements AutoCloseable {
    private static final String PREFIX = "gate_of_";
    private static final String SCRIPT_NAME = "gate";

    /**
     * Begins with the pipe and goes on as the program; Java makes no pipes. By its name it is there only once it is held open: what is
     * written into a pipe that nobody else has is lost when the writer goes.
     */
    private static final String MAKE_AND_RUN =
            "(umask 077; mkfifo \"$1.new\") && exec 8<>\"$1.new\" && mv -f \"$1.new\" \"$1\""
                    + " || exit 1; shift; exec \"$@\"";

    private static final String SCRIPT = """
            # Written by sciabc, for launchers: waits until the checks have let a job run, and goes on as ssh.
            read -r _ <"$1" && [ ! -e "$1.closed" ] || exit 1
            shift
            exec "$@"
            """;

    /** Open MPI takes the remote shell apart at its spaces, and knows no quotes. */
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9/._@+-]+");

    private static final Duration UNTIL_MADE = Duration.ofSeconds(2);
    private static final long PAUSE_NANOS = 500_000;

    /** A remote shell may be started once more. */
    private static final int SPARE = 8;

    private final Path pipe;
    private final Path script;

    private Gate(Path pipe, Path script) {
        this.pipe = pipe;
        this.script = script;
    }

    /** Whether there can be one in a folder: its path has to be a word. */
    static boolean canBeIn(Path stateFolder) {
        return WORD.matcher(stateFolder.toString()).matches();
    }

    /** This process's, in the cluster's state folder. Nothing is there but the script. */
    static Gate in(Path stateFolder) throws SciabcException {
        AtomicFile script = AtomicFile.ownerOnlyAt(stateFolder.resolve(SCRIPT_NAME));
        if (!script.read().orElse("").equals(SCRIPT)) {
            script.write(SCRIPT);
        }
        try {
            removeThoseOfEndedProcesses(stateFolder);
        } catch (IOException stays) {
            // It is in nobody's way.
        }
        Gate gate =
                new Gate(stateFolder.resolve(PREFIX + ProcessHandle.current().pid()), stateFolder.resolve(SCRIPT_NAME));
        gate.close();
        return gate;
    }

    private static void removeThoseOfEndedProcesses(Path stateFolder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(stateFolder, PREFIX + "*")) {
            for (Path file : files) {
                String process = String.valueOf(file.getFileName())
                        .substring(PREFIX.length())
                        .replaceFirst("\\.(closed|new)$", "");
                if (process.matches("\\d{1,9}")
                        && ProcessHandle.of(Long.parseLong(process)).isEmpty()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** The command with its gate made first. */
    List<String> before(List<String> command) {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", MAKE_AND_RUN, "sciabc", pipe.toString()));
        words.addAll(command);
        return words;
    }

    /** A remote shell that waits at it. */
    String before(String remoteShell) {
        return "/bin/sh " + script + " " + pipe + " " + remoteShell;
    }

    /** Lets this many pass. Returns whether that was possible. */
    boolean open(int shells, BooleanSupplier isNeeded) {
        byte[] lines =
                String.join("", Collections.nCopies(shells + SPARE, "\n")).getBytes(StandardCharsets.US_ASCII);
        long deadline = System.nanoTime() + UNTIL_MADE.toNanos();
        while (isNeeded.getAsBoolean() && System.nanoTime() < deadline) {
            // For reading as well, which waits for nobody: fifo(7).
            try (FileChannel channel = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(lines));
                return true;
            } catch (NoSuchFileException notYet) {
                LockSupport.parkNanos(PAUSE_NANOS);
            } catch (IOException unusable) {
                return false;
            }
        }
        return false;
    }

    /** Sends this many away: they go on, see that it is closed, and end with a failure. */
    void refuse(int shells, BooleanSupplier isNeeded) {
        try {
            Files.writeString(closed(), "");
            open(shells, isNeeded);
        } catch (IOException full) {
            // Then they are ended, which takes longer.
            return;
        }
    }

    private Path closed() {
        return pipe.resolveSibling(pipe.getFileName() + ".closed");
    }

    @Override
    public void close() {
        Quietly.delete(pipe);
        Quietly.delete(pipe.resolveSibling(pipe.getFileName() + ".new"));
        Quietly.delete(closed());
    }
}
