// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.util.List;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.ReadyNode;

/** A job runs as root where a person agreed to that, and in the simulator, whose nodes are this machine and this account. */
public final class JobsOfRoot {
    private static final String ROOT = "root";
    private static final String SIMULATOR = "simulator";

    private JobsOfRoot() {}

    /**
     * The job, as far as this account may run it.
     *
     * @param account who is at this machine
     * @param backends where nodes come from; empty when they were named otherwise
     * @throws CliFailure when it is root, who did not agree
     */
    public static LaunchRequest.Job of(LaunchRequest.Job job, String account, List<String> backends) throws CliFailure {
        if (!account.equals(ROOT) || job.allowRoot()) {
            return job;
        }
        if (!backends.equals(List.of(SIMULATOR))) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "the job would run as root",
                    "a mistake in the program could then damage this machine and the nodes",
                    "work as an ordinary user, or say --allow-root");
        }
        return new LaunchRequest.Job(
                job.command(), job.ranks(), job.environment(), true, job.oversubscribe(), job.tagged(), job.folder());
    }

    /** Whether nobody has agreed that the job runs there in the account that it has there. */
    static boolean isRefusedOn(ReadyNode node, LaunchRequest.Job job) {
        return node.user().equals(ROOT) && !job.allowRoot();
    }

    /**
     * Looks at the accounts on the nodes.
     *
     * @throws CliFailure when one is root, and nobody agreed to that
     */
    public static void check(LaunchRequest.Job job, List<ReadyNode> nodes) throws CliFailure {
        List<String> names = nodes.stream()
                .filter(node -> isRefusedOn(node, job))
                .map(node -> node.node().name())
                .toList();
        if (!names.isEmpty()) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "the job would run as root on " + NodeSet.of(names),
                    "a mistake in the program could then damage these machines",
                    "name another account with --user, or say --allow-root");
        }
    }
}
