// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.sciabc.launch.PreflightRound.Answered;
import org.sciabc.spi.Finding;
import org.sciabc.spi.Finding.Severity;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.ReadyNode;

/** The nodes that did not answer, those with the same reason together. Pure. */
final class Unreachable {
    /** {@code kex_exchange_identification} of OpenSSH's client, which older versions called otherwise. */
    static final String HUNG_UP = "_exchange_identification: ";

    private Unreachable() {}

    static List<Finding> findings(List<ReadyNode> nodes, List<Answered> answered) {
        Map<String, List<ReadyNode>> reasons = new LinkedHashMap<>();
        for (int index = 0; index < nodes.size(); index++) {
            ReadyNode node = nodes.get(index);
            answered.get(index)
                    .failure()
                    .ifPresent(why -> reasons.computeIfAbsent(
                                    // The address stands for the node, which is named beside it.
                                    withoutAddress(why, node), unseen -> new ArrayList<>())
                            .add(node));
        }
        List<Finding> findings = new ArrayList<>();
        reasons.forEach((why, affected) ->
                findings.add(new Finding(Severity.STOP, "no answer", affected, why, hint(why, affected))));
        return findings;
    }

    /** A relay of this process stands for the node, too. */
    private static String withoutAddress(String why, ReadyNode node) {
        String address = Pattern.quote(node.address().getHostAddress());
        return why.replaceAll(
                        "(connect to host|[A-Za-z0-9_][A-Za-z0-9_.-]*@)?\\s*(" + address
                                + "|127\\.0\\.0\\.1)( port \\d+)?:\\s*",
                        "")
                .replaceAll("\\b127\\.0\\.0\\.1 port \\d+", node.address().getHostAddress());
    }

    private static String hint(String why, List<ReadyNode> affected) {
        if (why.contains("Permission denied") || why.contains("Host key") || why.contains("host key")) {
            return "'sciabc provision " + names(affected) + "' makes a node accept logins from here";
        }
        if (why.contains(HUNG_UP)) {
            return "its SSH server hangs up: it is full of logins (MaxStartups), or keeps this machine out for some seconds"
                    + " after visits without a login (PerSourcePenalties): try again in a moment";
        }
        return "is it switched on and plugged in? The job can run without it: leave it out of the hostfile";
    }

    static String names(List<ReadyNode> nodes) {
        return NodeSet.of(nodes.stream().map(node -> node.node().name()).toList())
                .toString();
    }
}
