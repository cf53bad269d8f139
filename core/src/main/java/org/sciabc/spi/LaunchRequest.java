// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One job: what to run, and where.
 *
 * @param job the program and how many processes of it
 * @param nodes the nodes, in the order of the hostfile
 * @param hostfile a file with the text of {@link JobLauncher#hostfile} for these nodes, which does not change
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
     * @param tagged whether each line of output is to begin with the number of the rank and the name of the node that it
     *     came from, as in {@code [3 node2] }
     * @param folder the folder in which the processes are to start, an absolute path that exists on every node; absent
     *     means the launcher's usual one
     */
    public record Job(
            List<String> command,
            OptionalInt ranks,
            Map<String, String> environment,
            boolean allowRoot,
            boolean oversubscribe,
            boolean tagged,
            Optional<String> folder) {
        public Job {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
            if (command.isEmpty()) {
                throw new IllegalArgumentException("no command");
            }
            if (folder.isPresent() && !folder.get().startsWith("/")) {
                throw new IllegalArgumentException("not an absolute path: " + folder.get());
            }
        }

        /** A job whose output is left as it is, in the launcher's usual folder. */
        public Job(
                List<String> command,
                OptionalInt ranks,
                Map<String, String> environment,
                boolean allowRoot,
                boolean oversubscribe) {
            this(command, ranks, environment, allowRoot, oversubscribe, false, Optional.empty());
        }

        /** A program with at most one process for each slot. */
        public Job(List<String> command, OptionalInt ranks, Map<String, String> environment, boolean allowRoot) {
            this(command, ranks, environment, allowRoot, false);
        }

        /** The same with its output tagged by rank and node. */
        public Job withTags() {
            return new Job(command, ranks, environment, allowRoot, oversubscribe, true, folder);
        }

        /** Another command, started in this folder. */
        public Job in(String newFolder, List<String> newCommand) {
            return new Job(newCommand, ranks, environment, allowRoot, oversubscribe, tagged, Optional.of(newFolder));
        }

        /** Another command. */
        public Job running(List<String> newCommand) {
            return new Job(newCommand, ranks, environment, allowRoot, oversubscribe, tagged, folder);
        }

        /** The same with this many processes. */
        public Job withRanks(OptionalInt newRanks) {
            return new Job(command, newRanks, environment, allowRoot, oversubscribe, tagged, folder);
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

    /** Another job on the same nodes. */
    public LaunchRequest withJob(Job newJob) {
        return new LaunchRequest(
                newJob, nodes, hostfile, networks, remoteShell, settings, stateFolder, processes, isCold);
    }

    /** The same job on these nodes, which share these networks. */
    public LaunchRequest withNodes(List<ReadyNode> newNodes, List<Subnet> newNetworks) {
        return new LaunchRequest(
                job, newNodes, hostfile, newNetworks, remoteShell, settings, stateFolder, processes, isCold);
    }

    /** The same job, with this file of its nodes. */
    public LaunchRequest withHostfile(Path newHostfile) {
        return new LaunchRequest(
                job, nodes, newHostfile, networks, remoteShell, settings, stateFolder, processes, isCold);
    }

    /** The same job, with programs on this machine started in this way. */
    public LaunchRequest withProcesses(LocalProcesses newProcesses) {
        return new LaunchRequest(
                job, nodes, hostfile, networks, remoteShell, settings, stateFolder, newProcesses, isCold);
    }

    /** How many processes the nodes have places for. */
    public int slots() {
        int slots = 0;
        for (ReadyNode node : nodes) {
            slots += node.slots();
        }
        return slots;
    }

    /** How many processes the job has: as many as it asks for, or else one for each slot. */
    public int ranks() {
        return job.ranks().orElse(slots());
    }

    /** This machine's address on {@link #networks}; absent where there is none, or it cannot be seen. */
    public Optional<InetAddress> addressOnNetworks() {
        if (networks.isEmpty()) {
            return Optional.empty();
        }
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> networks.stream().anyMatch(network -> network.contains(address)))
                    .findFirst();
        } catch (SocketException unknown) {
            return Optional.empty();
        }
    }

    /**
     * Where its processes reach this machine: its address on the job's network; where none was chosen, the one that its way to the
     * first node has.
     *
     * @throws SciabcException when there is no way to that node
     */
    public InetAddress ownAddress() throws SciabcException {
        Optional<InetAddress> own = addressOnNetworks();
        if (own.isPresent()) {
            return own.get();
        }
        ReadyNode first = nodes.get(0);
        try (DatagramSocket way = new DatagramSocket()) {
            way.connect(new InetSocketAddress(first.address(), first.node().port()));
            return way.getLocalAddress();
        } catch (SocketException | UncheckedIOException failure) {
            throw new SciabcException(
                    "there is no way to " + first.address().getHostAddress(),
                    Untrusted.line(String.valueOf(failure.getMessage()), 200),
                    "",
                    failure);
        }
    }

    /** The same job, for which nothing may be used that runs between jobs. */
    public LaunchRequest cold() {
        return new LaunchRequest(job, nodes, hostfile, networks, remoteShell, settings, stateFolder, processes, true);
    }
}
