// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.command.CommandFactory;
import org.apache.sshd.server.shell.ShellFactory;
import org.apache.sshd.server.subsystem.SubsystemFactory;

/** Runs what clients ask for, in the home folder of the node that they talk to. */
final class NodeCommands implements CommandFactory, ShellFactory, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String[] SFTP_FOLDERS = {
        "/usr/lib/openssh", "/usr/libexec/openssh", "/usr/lib/ssh", "/usr/libexec", "/usr/lib/misc"
    };
    private static final int STACK_BYTES = 1 << 18;

    private final CommandEnvironment environment;
    private final NodeTable nodes;
    private final Duration delay;
    private final Optional<Path> setsid;
    private final Set<CommandProcess> running = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor workers = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            5,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            threads(),
            new ThreadPoolExecutor.DiscardPolicy());

    NodeCommands(CommandEnvironment environment, NodeTable nodes, Duration delay) {
        this.environment = environment;
        this.nodes = nodes;
        this.delay = delay;
        this.setsid = environment.surroundings().program("setsid");
    }

    @Override
    public Command createCommand(ChannelSession channel, String command) throws IOException {
        return command(channel, List.of(CommandEnvironment.SHELL, "-c", command));
    }

    @Override
    public Command createShell(ChannelSession channel) throws IOException {
        return command(channel, List.of(CommandEnvironment.SHELL, "-s"));
    }

    /** File transfer by the system's own program, as sshd does it; none where it is not installed. */
    List<SubsystemFactory> subsystems() {
        return environment.surroundings().program("sftp-server", SFTP_FOLDERS).stream()
                .map(this::fileTransfer)
                .toList();
    }

    private SubsystemFactory fileTransfer(Path program) {
        return new SubsystemFactory() {
            @Override
            public String getName() {
                return "sftp";
            }

            @Override
            public Command createSubsystem(ChannelSession channel) throws IOException {
                return command(channel, List.of(program.toString()));
            }
        };
    }

    /** Ends every command. */
    @Override
    public void close() {
        CompletableFuture<?>[] ends = running.stream().map(CommandProcess::end).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(ends).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException stubborn) {
            // What is left is killed by its mark.
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
        workers.shutdownNow();
    }

    private Command command(ChannelSession channel, List<String> words) throws IOException {
        SimulatedNode node = nodes.find(channel.getSession()).orElseThrow(() -> new IOException("no node here"));
        StandardInput input = new StandardInput(workers);
        channel.setDataReceiver(input);
        return new NodeCommand(asked -> start(node, channel, words, asked), input, workers, soon());
    }

    private CommandProcess start(
            SimulatedNode node, ChannelSession channel, List<String> words, Map<String, String> asked)
            throws IOException {
        InetSocketAddress client = (InetSocketAddress) channel.getSession().getRemoteAddress();
        CommandProcess started = CommandProcess.start(words, environment.of(node, client, asked), node.home(), setsid);
        running.add(started);
        CompletableFuture<?> unused = started.process().onExit().thenRun(() -> running.remove(started));
        return started;
    }

    private Executor soon() {
        return delay.isZero()
                ? Runnable::run
                : CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, workers);
    }

    /** Hundreds of nodes may run commands at once, each with two of these threads: their stacks are small. */
    private static ThreadFactory threads() {
        return task -> {
            Thread thread = new Thread(Thread.currentThread().getThreadGroup(), task, "simulated-node", STACK_BYTES);
            thread.setDaemon(true);
            return thread;
        };
    }
}
