// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.SciabcException;

/**
 * Open MPI 5's {@code mpirun}, which is PRRTE's {@code prterun}, run to its end: or ended, when every process of its job has
 * ended and it does not notice.
 */
final class MpirunOfPrrte {
    /**
     * It ends some milliseconds after its job has; unless what a process left behind still has its output open, which is
     * rarely silent for that long.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private MpirunOfPrrte() {}

    /** Whether the {@code mpirun} of a request is one: Open MPI 4 brings no {@code prterun}. */
    static boolean isWhatRuns(LaunchRequest request) {
        String mpirun = request.settings().text("mpirun");
        int name = mpirun.lastIndexOf('/');
        return name < 0
                ? Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                        .filter(folder -> !folder.isEmpty())
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "prterun")))
                : Files.isExecutable(Path.of(mpirun.substring(0, name), "prterun"));
    }

    static ExitStatus run(LaunchRequest request, CommandStreams streams) throws SciabcException, InterruptedException {
        return run(request, streams, PATIENCE);
    }

    /**
     * The same.
     *
     * @param patience how long it may go on without a word when all processes of its job have ended
     */
    static ExitStatus run(LaunchRequest request, CommandStreams streams, Duration patience)
            throws SciabcException, InterruptedException {
        MpirunCommand command = MpirunCommand.of(request);
        try (LastWords words = LastWords.of(request, streams)) {
            Optional<String> call = words.callOfAll(request);
            if (call.isEmpty()) {
                return command.run(request.processes(), words.streams());
            }
            MpirunCommand telling = command.telling(call.get(), request);
            Passing out = new Passing(streams.out());
            Passing err = new Passing(streams.err());
            CommandStreams passing = new CommandStreams(words.streams().in(), out, err);
            Optional<ExitStatus> status = Attended.begin(() -> telling.run(request.processes(), passing), () -> {})
                    .await(new Overdue(words, List.of(out, err), patience));
            if (status.isEmpty()) {
                say(streams.err());
            }
            return status.orElseGet(words::status);
        }
    }

    private static void say(OutputStream err) {
        try {
            err.write(("warning: mpirun did not notice that its job has ended, and was ended: PRRTE misses one in some"
                            + " hundreds\n")
                    .getBytes(StandardCharsets.UTF_8));
            err.flush();
        } catch (IOException readerLeft) {
            // The status is the job's all the same.
            return;
        }
    }

    /** All processes have ended for a while, nothing was written since then, and nobody is slow to take what was. */
    private static final class Overdue implements BooleanSupplier {
        private final LastWords words;
        private final List<Passing> streams;
        private final Duration patience;
        private long complete;

        Overdue(LastWords words, List<Passing> streams, Duration patience) {
            this.words = words;
            this.streams = streams;
            this.patience = patience;
        }

        @Override
        public boolean getAsBoolean() {
            if (!words.areComplete()) {
                return false;
            }
            long now = System.nanoTime();
            complete = complete == 0 ? now : complete;
            return now - complete > patience.toNanos()
                    && streams.stream().allMatch(stream -> stream.isQuietFor(patience, now));
        }
    }

    /** Knows when something passed last. */
    private static final class Passing extends OutputStream {
        private final OutputStream out;
        private volatile boolean isBusy;
        private volatile long last = System.nanoTime();

        Passing(OutputStream out) {
            this.out = out;
        }

        boolean isQuietFor(Duration time, long now) {
            return !isBusy && now - last > time.toNanos();
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            isBusy = true;
            try {
                out.write(bytes, offset, length);
            } finally {
                last = System.nanoTime();
                isBusy = false;
            }
        }

        @Override
        public void flush() throws IOException {
            isBusy = true;
            try {
                out.flush();
            } finally {
                last = System.nanoTime();
                isBusy = false;
            }
        }
    }
}
