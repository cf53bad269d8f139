// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.Resident;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/** What is known on disk of the resident {@code prte} of a cluster: where it is reached, which nodes it is on, who uses it. */
final class PrteFolder {
    /** {@code prte-HOST-PID@0.0;tcp4://...} */
    private static final Pattern URI_LINE = Pattern.compile("prte-.*-(\\d{1,9})@.*");

    /** Locked by who claims it, for a moment. */
    private static final String DOOR = "door";

    private static final String RELAY = "relay-";
    private static final String OFFER = "ahead";

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final long LOOK_MILLIS = 10;

    private final Path path;

    private PrteFolder(Path path) {
        this.path = path;
    }

    static PrteFolder in(Path stateFolder) throws SciabcException {
        Path path = stateFolder.toAbsolutePath().resolve("prte");
        try {
            Files.createDirectories(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return new PrteFolder(path);
        } catch (IOException failure) {
            throw failed("cannot make the folder " + path, failure);
        }
    }

    Path path() {
        return path;
    }

    /** What it says of where it listens; empty before it does. */
    String uri() {
        return text("uri");
    }

    /** The same as {@code mpirun --dvm} takes it. */
    String dvm() {
        return dvm(path.resolve("uri"));
    }

    /** What another file says of where something listens, as {@code mpirun --dvm} takes it. */
    static String dvm(Path file) {
        return "file:" + file;
    }

    /** Where to keep what one job alone is told of where it listens. */
    Path ofOneJob(int port) {
        return path.resolve(RELAY + port);
    }

    /** The process on this machine, while it runs. */
    Optional<ProcessHandle> process() {
        Matcher matcher = URI_LINE.matcher(text("uri").lines().findFirst().orElse(""));
        return matcher.matches()
                ? ProcessHandle.of(Long.parseLong(matcher.group(1)))
                        .filter(PrteFolder::runs)
                        .filter(PrteFolder::isPrte)
                : Optional.empty();
    }

    /** A number may belong to somebody else by now. */
    private static boolean isPrte(ProcessHandle process) {
        return process.info().command().map(command -> command.endsWith("prte")).orElse(true);
    }

    Optional<NodesOfPrte> nodes() {
        return NodesOfPrte.parse(text("set"));
    }

    /** The nodes of the one that a person wants to have running; absent when its time is over. */
    Optional<NodesOfPrte> wanted() {
        Optional<NodesOfPrte> nodes = nodes();
        if (nodes.isEmpty()) {
            return nodes;
        }
        Optional<Instant> used = time("used");
        boolean isOver = used.isEmpty() || used.get().plus(nodes.get().idle()).isBefore(Instant.now());
        return isOver ? Optional.empty() : nodes;
    }

    /** Whether Perl can be had wherever it runs processes. */
    boolean hasPerl() {
        return Files.exists(path.resolve("perl"));
    }

    void remember(NodesOfPrte nodes, boolean hasPerl) throws SciabcException {
        try {
            if (hasPerl) {
                Files.writeString(path.resolve("perl"), "");
            } else {
                Files.deleteIfExists(path.resolve("perl"));
            }
        } catch (IOException failure) {
            throw failed("cannot write into " + path, failure);
        }
        AtomicFile.ownerOnlyAt(path.resolve("set")).write(nodes.text());
    }

    void forget() throws SciabcException {
        try {
            for (String name : new String[] {"set", "perl", "uri", "used", "seen", "log", "job", DOOR, OFFER}) {
                Files.deleteIfExists(path.resolve(name));
            }
            // What was killed left its own.
            try (DirectoryStream<Path> left = Files.newDirectoryStream(path, RELAY + "*")) {
                for (Path each : left) {
                    Files.deleteIfExists(each);
                }
            }
            Files.deleteIfExists(path);
        } catch (NoSuchFileException quicker) {
            // Somebody else has stopped the same, who takes away all of it.
            return;
        } catch (IOException failure) {
            throw failed("cannot empty the folder " + path, failure);
        }
    }

    Optional<Resident> state() {
        Optional<NodesOfPrte> nodes = nodes();
        Optional<Instant> since = time("uri");
        return process().isPresent() && nodes.isPresent() && since.isPresent()
                ? Optional.of(new Resident(
                        "prte, process " + process().orElseThrow().pid(),
                        nodes.get().names(),
                        since.get(),
                        nodes.get().idle()))
                : Optional.empty();
    }

    /** It was used just now. */
    void touch() throws SciabcException {
        try {
            Path used = path.resolve("used");
            if (Files.exists(used)) {
                Files.setLastModifiedTime(used, FileTime.from(Instant.now()));
            }
        } catch (IOException failure) {
            throw failed("cannot write into " + path, failure);
        }
    }

    /** Takes it for one job; what waits there for another one that is not there yet makes room. Returns whether nobody else has it. */
    boolean claim() throws SciabcException {
        if (!claimWhereRoomIs()) {
            return false;
        }
        if (!makesRoom()) {
            release();
            return false;
        }
        return true;
    }

    /** Takes it for the job that is to run in processes that wait there. Returns whether nobody else has it. */
    boolean claimWhereRoomIs() throws SciabcException {
        Path job = path.resolve("job");
        String own = Long.toString(ProcessHandle.current().pid());
        // Of two that see that the one before is gone, only one may take its place.
        try (FileChannel door =
                        FileChannel.open(path.resolve(DOOR), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = door.tryLock()) {
            boolean isTaken = lock == null
                    || ProcessHandle.of(number(text("job")))
                            .filter(PrteFolder::runs)
                            .isPresent();
            if (isTaken) {
                return false;
            }
            Files.writeString(job, own);
            return true;
        } catch (OverlappingFileLockException quicker) {
            return false;
        } catch (IOException failure) {
            throw failed("cannot write into " + path, failure);
        }
    }

    /**
     * Says that processes of this one wait in it for a job that is not there yet.
     *
     * @param call where they are told to go
     */
    void offer(String call) throws SciabcException {
        AtomicFile.ownerOnlyAt(path.resolve(OFFER))
                .write(ProcessHandle.current().pid() + " " + call + "\n");
    }

    /** They do not wait any more. */
    void endOffer() {
        if (number(offered()[0]) == ProcessHandle.current().pid()) {
            Quietly.delete(path.resolve(OFFER));
        }
    }

    private String[] offered() {
        return text(OFFER).strip().split(" ", -1);
    }

    /** Whether nothing waits there any more. Whoever is asked takes some ten milliseconds. */
    private boolean makesRoom() {
        String[] words = offered();
        if (words.length != 5
                || ProcessHandle.of(number(words[0])).filter(PrteFolder::runs).isEmpty()) {
            Quietly.delete(path.resolve(OFFER));
            return true;
        }
        try (Socket server = new Socket()) {
            server.connect(new InetSocketAddress(words[1], Integer.parseInt(words[2])), (int) PATIENCE.toMillis());
            server.getOutputStream().write((RankScript.makeRoom(words[4]) + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException | IllegalArgumentException nobody) {
            Quietly.delete(path.resolve(OFFER));
            return true;
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (Files.exists(path.resolve(OFFER))
                && System.nanoTime() - end < 0
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(Duration.ofMillis(LOOK_MILLIS).toNanos());
        }
        boolean hasRoom = Files.notExists(path.resolve(OFFER));
        // Who does not answer is not asked again.
        Quietly.delete(path.resolve(OFFER));
        return hasRoom;
    }

    /** Gives it back, if it is ours. */
    void release() throws SciabcException {
        try {
            if (number(text("job")) == ProcessHandle.current().pid()) {
                Files.deleteIfExists(path.resolve("job"));
            }
        } catch (IOException failure) {
            throw failed("cannot write into " + path, failure);
        }
        touch();
    }

    /** Ends it; its daemons on the nodes, and what they run, go with it. */
    void end() throws SciabcException, InterruptedException {
        Optional<ProcessHandle> process = process();
        if (process.isPresent()) {
            process.get().destroy();
            if (!hasEnded(process.get())) {
                process.get().destroyForcibly();
                if (!hasEnded(process.get())) {
                    throw new SciabcException(
                            "cannot end prte", "process " + process.get().pid() + " stays", "");
                }
            }
        }
    }

    /** Asked often: Java itself looks for the end of a process that is not its child only now and then. */
    private static boolean hasEnded(ProcessHandle process) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (runs(process) && System.nanoTime() - end < 0) {
            Thread.sleep(LOOK_MILLIS);
        }
        return !runs(process);
    }

    /** One that has ended counts as alive until its parent has asked: in many containers process 1 never does (proc(5), stat). */
    static boolean runs(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"), StandardCharsets.ISO_8859_1);
            return !stat.startsWith(") Z", stat.lastIndexOf(')'));
        } catch (IOException unknown) {
            return process.isAlive();
        }
    }

    private static long number(String text) {
        return text.strip().matches("\\d{1,9}") ? Long.parseLong(text.strip()) : 0;
    }

    private String text(String name) {
        try {
            return Files.readString(path.resolve(name));
        } catch (IOException missing) {
            return "";
        }
    }

    private Optional<Instant> time(String name) {
        try {
            return Optional.of(Files.getLastModifiedTime(path.resolve(name)).toInstant());
        } catch (IOException missing) {
            return Optional.empty();
        }
    }

    private static SciabcException failed(String what, IOException failure) {
        return new SciabcException(what, Untrusted.line(String.valueOf(failure.getMessage()), 200), "", failure);
    }
}
