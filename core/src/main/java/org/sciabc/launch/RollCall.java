// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.LocalProcesses;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.SciabcException;

/**
 * Asks nodes for a sign of life through the remote shell, by which the job reaches them: whoever logs in is held against
 * nobody, as a mere visit to an SSH server may be.
 */
public final class RollCall {
    private static final int MOST_AT_ONCE = 32;

    private final LocalProcesses processes;
    private final RemoteShell shell;

    public RollCall(LocalProcesses processes, RemoteShell shell) {
        this.processes = processes;
        this.shell = shell;
    }

    /**
     * The addresses of those that gave none. They may be dead, or slow, or let nobody in.
     *
     * @param limit how long all of them together may take
     */
    public Set<InetAddress> missing(List<ReadyNode> nodes, Duration limit) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(MOST_AT_ONCE, nodes.size()), task -> {
            Thread thread = new Thread(task, "roll-call");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Callable<Boolean>> calls = new ArrayList<>();
            nodes.forEach(node -> calls.add(() -> isPresent(node)));
            List<Future<Boolean>> answers = threads.invokeAll(calls, limit.toNanos(), TimeUnit.NANOSECONDS);
            Set<InetAddress> missing = new HashSet<>();
            for (int index = 0; index < nodes.size(); index++) {
                if (!isYes(answers.get(index))) {
                    missing.add(nodes.get(index).address());
                }
            }
            return Set.copyOf(missing);
        } finally {
            threads.shutdownNow();
        }
    }

    private boolean isPresent(ReadyNode node) throws SciabcException, InterruptedException {
        List<String> command = shell.commandOn(node, "true");
        Heard said = new Heard();
        return processes.run(command, Map.of(), CommandStreams.to(said, said)).isOk();
    }

    /** What failed, or was cut off, is no sign of life; why does not matter to who asks next in another way. */
    private static boolean isYes(Future<Boolean> answer) throws InterruptedException {
        try {
            return !answer.isCancelled() && answer.get();
        } catch (ExecutionException failed) {
            return false;
        }
    }
}
