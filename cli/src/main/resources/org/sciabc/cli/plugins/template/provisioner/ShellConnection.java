// SPDX-License-Identifier: GPL-3.0-or-later
package @package@;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.SciabcException;

/** Runs commands with a shell that is given as a command of this machine. */
final class ShellConnection implements NodeConnection {
    private static final long PATIENCE_WITH_OUTPUT = 5_000;

    private final List<String> shell;
    private final Path folder;
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    ShellConnection(List<String> shell, Path folder) {
        this.shell = List.copyOf(shell);
        this.folder = folder;
    }

    @Override
    public ExitStatus run(RemoteCommand command, CommandStreams streams) throws SciabcException, InterruptedException {
        if (closed) {
            throw failed("the connection was closed");
        }
        Path script = write(command.script());
        try {
            return run(start(script), command, streams);
        } finally {
            delete(script);
        }
    }

    private ExitStatus run(Process process, RemoteCommand command, CommandStreams streams)
            throws SciabcException, InterruptedException {
        running.add(process);
        Thread in = pump(streams.in(), process.getOutputStream(), true);
        Thread out = pump(process.getInputStream(), streams.out(), false);
        Thread err = pump(process.getErrorStream(), streams.err(), false);
        try {
            if (closed) {
                throw failed("the connection was closed");
            }
            if (command.timeout().isEmpty()) {
                process.waitFor();
            } else if (!process.waitFor(command.timeout().get().toMillis(), TimeUnit.MILLISECONDS)) {
                throw failed("it took too long");
            }
            out.join(PATIENCE_WITH_OUTPUT);
            err.join(PATIENCE_WITH_OUTPUT);
            if (closed) {
                throw failed("the connection was closed");
            }
            return new ExitStatus(process.exitValue());
        } finally {
            running.remove(process);
            end(process);
            in.interrupt();
        }
    }

    /** Once it is supported: under another name in the same folder first, then renamed. */
    @Override
    public void upload(InputStream content, String path, int mode) throws SciabcException {
        throw new SciabcException("cannot write " + path, "files are not supported yet", "");
    }

    @Override
    public void close() {
        closed = true;
        running.forEach(ShellConnection::end);
    }

    /** Into a file: as an argument a script could not be longer than 128 KiB, and standard input is the command's. */
    private Path write(String text) throws SciabcException {
        try {
            Path script = Files.createTempFile(folder, "command", ".sh");
            return Files.writeString(script, text);
        } catch (IOException unwritable) {
            throw failed("cannot write to " + folder);
        }
    }

    private Process start(Path script) throws SciabcException {
        List<String> words = new ArrayList<>(shell);
        words.add(script.toString());
        try {
            return new ProcessBuilder(words).start();
        } catch (IOException missing) {
            throw failed("there is no " + shell.get(0) + " here");
        }
    }

    private static Thread pump(InputStream from, OutputStream to, boolean closing) {
        Thread thread = new Thread(
                () -> {
                    byte[] buffer = new byte[8192];
                    try {
                        for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
                            to.write(buffer, 0, count);
                            to.flush();
                        }
                        if (closing) {
                            to.close();
                        }
                    } catch (IOException ended) {
                        // The command has ended, and its streams with it.
                    }
                },
                "@id@ streams");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static void delete(Path script) throws SciabcException {
        try {
            Files.deleteIfExists(script);
        } catch (IOException busy) {
            throw failed("cannot remove " + script);
        }
    }

    private static SciabcException failed(String why) {
        return new SciabcException("cannot run a command", why, "");
    }
}
