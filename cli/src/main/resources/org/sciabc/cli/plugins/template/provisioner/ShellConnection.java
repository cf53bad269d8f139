// SPDX-License-Identifier: GPL-3.0-or-later
package @package@;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
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

/**
 * Runs commands with a shell that is given as a command of this machine. Nothing but its standard streams is needed of it:
 * the script comes first on its input, because as an argument it could not be longer than 128 KiB, and a file of this
 * machine is not on the node.
 */
final class ShellConnection implements NodeConnection {
    private static final long PATIENCE_WITH_OUTPUT = 5_000;
    private static final byte[] NOTHING = {};

    /** What a script that came whole ends with: half a script, as of a manager that was killed, is not run. */
    private static final String WHOLE = "\n# whole";

    /** Takes as many bytes as its argument says, one by one: what follows is the command's own input. */
    private static final String TAKES_SCRIPT = "s=$(dd bs=1 count=$1 2>/dev/null); shift; case $s in (*'" + WHOLE
            + "') eval \"unset s; $s\";; (*) exit 255;; esac";

    private final List<String> shell;
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    ShellConnection(List<String> shell) {
        this.shell = List.copyOf(shell);
    }

    @Override
    public ExitStatus run(RemoteCommand command, CommandStreams streams) throws SciabcException, InterruptedException {
        if (closed) {
            throw failed("the connection was closed");
        }
        byte[] script = (command.script() + WHOLE).getBytes(StandardCharsets.UTF_8);
        Process process = start(script.length);
        running.add(process);
        Thread in = pump(script, streams.in(), process.getOutputStream(), true);
        Thread out = pump(NOTHING, process.getInputStream(), streams.out(), false);
        Thread err = pump(NOTHING, process.getErrorStream(), streams.err(), false);
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

    private Process start(int bytes) throws SciabcException {
        List<String> words = new ArrayList<>(shell);
        words.addAll(List.of("-c", TAKES_SCRIPT, "sh", Integer.toString(bytes)));
        try {
            return new ProcessBuilder(words).start();
        } catch (IOException missing) {
            throw failed("there is no " + shell.get(0) + " here");
        }
    }

    /** Passes this on, and then what comes. */
    private static Thread pump(byte[] first, InputStream from, OutputStream to, boolean closing) {
        Thread thread = new Thread(
                () -> {
                    byte[] buffer = new byte[8192];
                    try {
                        to.write(first);
                        to.flush();
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

    /**
     * Ends the command where it runs, which is here. Where the shell is a client of something else, as {@code docker exec}
     * is, this ends the client alone, and the command goes on: a second command in the same place then has to end it, and
     * what it has started. {@link #TAKES_SCRIPT} knows its number, {@code $$}, and can print it ahead of the output.
     */
    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static SciabcException failed(String why) {
        return new SciabcException("cannot run a command", why, "");
    }
}
