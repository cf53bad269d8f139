// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.sciabc.launch.PreflightRound.Answered;
import org.sciabc.launch.PreflightRound.Question;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.Finding;
import org.sciabc.spi.Finding.Severity;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Node;

/** Whether this machine can launch anything, which is worth knowing before nodes are made ready for it. */
public final class LauncherHere {
    private LauncherHere() {}

    /**
     * What keeps this machine from launching any job. No node is reached for it.
     *
     * @param draft the job on nodes that need not be ready
     */
    public static List<Finding> missing(JobLauncher launcher, LaunchRequest draft) throws InterruptedException {
        PreflightRound round = new PreflightRound(draft.processes(), InstantSource.system(), KeptConnections.NONE);
        Question here = new Question(Optional.empty(), launcher.probes(draft));
        Answered answered = round.ask(List.of(here), draft.remoteShell()).get(0);
        return launcher
                .check(new CheckRequest(draft.withNodes(List.of(), draft.networks()), List.of(), answered.answers()))
                .stream()
                .filter(each -> each.severity() == Severity.STOP)
                .filter(each -> each.nodes().isEmpty())
                .toList();
    }

    /** Whether one of the nodes is this machine: what is installed on it is installed here. */
    public static boolean isAmong(List<Node> nodes) throws SocketException {
        for (Node node : nodes) {
            for (InetAddress address : node.addresses()) {
                if (address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null) {
                    return true;
                }
            }
        }
        return false;
    }
}
