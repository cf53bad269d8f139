// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * One job: what to run, and where.
 *
 * @param job the program and how many processes of it
 * @param nodes the nodes, in the order of the hostfile
 * @param hostfile a file with the text of {@link JobLauncher#hostfile} for these nodes
 * @param networks the networks that all nodes share, for the launcher's own traffic and the program's; empty means that
 *     the launcher is to choose
 * @param remoteShell how to start programs on the nodes
 * @param settings the launcher's settings
 * @param stateFolder the cluster's private folder on the manager (mode 0700), for what a launcher keeps from one launch to
 *     the next; exists
 * @param processes how to start programs on this machine
 * @param isCold whether nothing that runs between jobs may be used for this one
 */
public record LaunchRequest(
        Job job,
        List<ReadyNode> nodes,
        Path hostfile,
        List<Subnet> networks,
        RemoteShell remoteShell,
        Settings settings,
        Path stateFolder,
        LocalProcesses processes,
        boolean isCold) {

    /**
     * A parallel program.
     *
     * @param command the program and its arguments, passed on as they are
     * @param ranks how many processes; absent means one for each slot
     * @param environment variables to set for every process
     * @param allowRoot whether the person agreed that the job runs as root
     * @param oversubscribe whether there may be more processes than slots
     */
    public record Job(
            List<String> command,
            OptionalInt ranks,
            Map<String, String> environment,
            boolean allowRoot,
            boolean oversubscribe) {
        public Job {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
            if (command.isEmpty()) {
                throw new IllegalArgumentException("no command");
            }
        }

        /** A program with at most one process for each slot. */
        public Job(List<String> command, OptionalInt ranks, Map<String, String> environment, boolean allowRoot) {
            this(command, ranks, environment, allowRoot, false);
        }
    }

    public LaunchRequest {
        nodes = List.copyOf(nodes);
        networks = List.copyOf(networks);
    }

    /** A job that may use what runs between jobs. */
    public LaunchRequest(
            Job job,
            List<ReadyNode> nodes,
            Path hostfile,
            List<Subnet> networks,
            RemoteShell remoteShell,
            Settings settings,
            Path stateFolder,
            LocalProcesses processes) {
        this(job, nodes, hostfile, networks, remoteShell, settings, stateFolder, processes, false);
    }
}
