// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.console.Terminal;
import org.sciabc.provision.Crowd;
import org.sciabc.provision.Introduction;
import org.sciabc.spi.Node;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteShellRequest;
import org.sciabc.spi.SciabcException;

/**
 * Nodes that the remote shell would refuse because nobody has ever logged in there: they are reached once before, so that
 * their keys are shown and decided about as by every other verb. Where all are known this costs a look at a file.
 */
final class Introductions {
    private static final int WIDTH = 32;

    private final Reach reach;
    private final Terminal terminal;

    Introductions(Reach reach, Terminal terminal) {
        this.reach = reach;
        this.terminal = terminal;
    }

    /** Meets those of them that are not known, and refuses unless all of them let us in. */
    void require(RemoteShellRequest request) throws SciabcException, InterruptedException {
        Map<Node, SciabcException> failures = meet(request);
        if (!failures.isEmpty()) {
            Preparation.report(failures, terminal);
            throw new CliFailure(
                    Preparation.status(failures.size(), request.nodes().size()),
                    "nothing was started",
                    "not all nodes let us in",
                    "");
        }
    }

    /** Meets those of them that are not known; says who does not let us in, and why. */
    Map<Node, SciabcException> meet(RemoteShellRequest request) throws SciabcException, InterruptedException {
        List<Node> unknown = reach.provisioner().component().unknown(request).stream()
                .map(Introductions::asUsed)
                .toList();
        if (unknown.isEmpty()) {
            return Map.of();
        }
        reach.askPasswords(unknown);
        Map<Node, SciabcException> failures = new LinkedHashMap<>();
        for (Crowd.Result<Node> result :
                new Introduction(reach.access(), new Crowd(WIDTH, Crowd.NO_LIMIT)).run(unknown)) {
            if (result instanceof Crowd.Failed<Node> failed) {
                failures.put(failed.node(), failed.reason());
            }
        }
        return failures;
    }

    /** Without an identity a node is known by its address: then it has to be the one that the launcher will use. */
    private static Node asUsed(ReadyNode ready) {
        Node node = ready.node();
        return node.id().isPresent() || node.addresses().size() == 1
                ? node
                : node.withAddresses(List.of(ready.address()));
    }
}
