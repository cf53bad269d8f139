// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.LocalProcesses;
import org.sciabc.spi.SciabcException;

/** A shell somewhere that has its input left open: it runs one script after the other, each in a subshell. */
final class WaitingShell implements AutoCloseable {
    private static final byte[] NO_MORE = {};

    private final byte[] mark = ("\n@@sciabc over " + UUID.randomUUID() + "@@\n").getBytes(StandardCharsets.UTF_8);
    private final BlockingQueue<byte[]> input = new LinkedBlockingQueue<>();
    private final Heard out = new Heard(this::somethingCame);
    private final Heard err = new Heard(this::somethingCame);
    private final Thread thread;

    /** Guarded by this. */
    private boolean hasEnded;

    private @Nullable ExitStatus status;
    private @Nullable SciabcException failure;

    /**
     * What came of a script.
     *
     * @param out what it wrote, or as much as came before the shell ended
     * @param err what the shell and what led to it wrote besides, since it was started
     * @param end the status with which the shell ended; absent when it waits for the next script
     */
    record Said(String out, String err, Optional<ExitStatus> end) {}

    private WaitingShell(LocalProcesses processes, List<String> command) {
        this.thread = new Thread(() -> run(processes, command), "shell");
        this.thread.setDaemon(true);
    }

    /** Starts one by this command, which reads its script from its input. */
    static WaitingShell start(LocalProcesses processes, List<String> command) {
        WaitingShell shell = new WaitingShell(processes, command);
        shell.thread.start();
        return shell;
    }

    /**
     * Runs a script, and waits for its end.
     *
     * @throws SciabcException when the command could not be started
     */
    Said ask(String script) throws SciabcException, InterruptedException {
        out.forget();
        // As one word: what the script lacks at its end must not be taken from what follows.
        String text = "( eval " + PreflightScript.quoted(script) + " ) </dev/null\nprintf %s "
                + PreflightScript.quoted(new String(mark, StandardCharsets.UTF_8)) + "\n";
        input.add(text.getBytes(StandardCharsets.UTF_8));
        synchronized (this) {
            while (!hasEnded && !out.endsWith(mark)) {
                wait();
            }
            if (failure != null) {
                throw failure;
            }
            return new Said(out.text(), err.text(), Optional.ofNullable(status));
        }
    }

    /** Asks the shell to end, and waits for nothing. */
    @Override
    public void close() {
        thread.interrupt();
    }

    private void run(LocalProcesses processes, List<String> command) {
        ExitStatus result = null;
        SciabcException refused = null;
        try {
            result = processes.run(command, Map.of(), new CommandStreams(new Feed(), out, err));
        } catch (SciabcException notStarted) {
            refused = notStarted;
        } catch (InterruptedException closed) {
            // Nobody asks it any more.
        } finally {
            input.add(NO_MORE);
            end(result, refused);
        }
    }

    private synchronized void end(@Nullable ExitStatus result, @Nullable SciabcException refused) {
        status = result;
        failure = refused;
        hasEnded = true;
        notifyAll();
    }

    private synchronized void somethingCame() {
        notifyAll();
    }

    /** The scripts, as they are asked for. */
    private final class Feed extends InputStream {
        private byte[] current = {};
        private int position;

        @Override
        public int read() throws InterruptedIOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws InterruptedIOException {
            if (length == 0) {
                return 0;
            }
            try {
                while (position == current.length) {
                    current = input.take();
                    position = 0;
                    if (current == NO_MORE) {
                        input.add(NO_MORE);
                        return -1;
                    }
                }
            } catch (InterruptedException closed) {
                throw new InterruptedIOException();
            }
            int some = Math.min(length, current.length - position);
            System.arraycopy(current, position, bytes, offset, some);
            position += some;
            return some;
        }
    }
}
