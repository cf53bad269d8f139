// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;

/**
 * One command on a simulated node, from the client's request to its exit status. It ends with its channel: whatever is
 * still running then is ended, too.
 */
final class NodeCommand implements Command {
    private static final int BUFFER_BYTES = 1 << 15;
    private static final int CANNOT_RUN = 126;
    private static final int UNDELIVERED = 255;

    /** Starts the process of a command. */
    @FunctionalInterface
    interface Starter {
        CommandProcess start(Map<String, String> asked) throws IOException;
    }

    private final Starter starter;
    private final StandardInput input;
    private final Executor workers;
    private final Executor soon;
    private OutputStream out = OutputStream.nullOutputStream();
    private OutputStream err = OutputStream.nullOutputStream();
    private Optional<ExitCallback> exit = Optional.empty();
    private Optional<CommandProcess> running = Optional.empty();
    private boolean destroyed;
    private boolean reported;

    /**
     * A command that has not been started.
     *
     * @param workers run what blocks
     * @param soon begins after the node's delay
     */
    NodeCommand(Starter starter, StandardInput input, Executor workers, Executor soon) {
        this.starter = starter;
        this.input = input;
        this.workers = workers;
        this.soon = soon;
    }

    @Override
    public void setInputStream(InputStream in) {
        throw new IllegalStateException("input comes through StandardInput");
    }

    @Override
    public void setOutputStream(OutputStream stream) {
        this.out = stream;
    }

    @Override
    public void setErrorStream(OutputStream stream) {
        this.err = stream;
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
        this.exit = Optional.of(callback);
    }

    @Override
    public void start(ChannelSession channel, Environment environment) {
        Map<String, String> asked = Map.copyOf(environment.getEnv());
        soon.execute(() -> begin(channel, environment, asked));
    }

    @Override
    public void destroy(ChannelSession channel) {
        Optional<CommandProcess> left;
        synchronized (this) {
            destroyed = true;
            // Not whether the process is alive: it may have left children behind that still hold its output.
            left = running.filter(process -> !reported);
        }
        left.ifPresent(NodeCommand::end);
    }

    private static void end(CommandProcess process) {
        // Nobody waits for it: who closes a channel wants to go on.
        CompletableFuture<?> unused = process.end();
    }

    private void begin(ChannelSession channel, Environment environment, Map<String, String> asked) {
        CommandProcess started;
        try {
            synchronized (this) {
                if (destroyed) {
                    return;
                }
                started = starter.start(asked);
                running = Optional.of(started);
            }
        } catch (IOException refused) {
            workers.execute(this::refuse);
            return;
        }
        environment.addSignalListener((target, signal) -> workers.execute(() -> started.signal(signal.name())));
        attend(channel, started.process());
    }

    private void attend(ChannelSession channel, Process process) {
        input.attach(channel, process.getOutputStream());
        CompletableFuture<Void> errors = CompletableFuture.runAsync(() -> copy(process.getErrorStream(), err), workers);
        workers.execute(() -> {
            copy(process.getInputStream(), out);
            report(process, errors);
        });
    }

    private void report(Process process, CompletableFuture<Void> errors) {
        try {
            errors.get();
            int status = process.waitFor();
            synchronized (this) {
                reported = true;
            }
            exit.ifPresent(callback -> callback.onExit(status));
        } catch (ExecutionException undelivered) {
            exit.ifPresent(callback -> callback.onExit(UNDELIVERED));
        } catch (InterruptedException over) {
            // The whole simulation ends, and with it the channel.
        }
    }

    private void refuse() {
        try {
            err.write("the shell cannot be started\n".getBytes(StandardCharsets.UTF_8));
            err.flush();
        } catch (IOException clientLeft) {
            // Nobody is there to read it.
        }
        exit.ifPresent(callback -> callback.onExit(CANNOT_RUN));
    }

    private static void copy(InputStream from, OutputStream to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (from) {
            for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                to.write(buffer, 0, read);
                to.flush();
            }
        } catch (IOException ended) {
            // Either the client left, or the process is gone and what it had written was read before.
        }
    }
}
