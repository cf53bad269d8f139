// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.sciabc.provision.Crowd;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;

/**
 * How work stands on each node when somebody interrupts it: which nodes had not ended is as good to know as what the others
 * did.
 */
class EndedSoFar<T> implements Crowd.Watching<T> {
    private final Map<Node, Crowd.Result<T>> ended = new ConcurrentHashMap<>();

    @Override
    public void ended(Crowd.Result<T> result) {
        ended.put(result.node(), result);
    }

    /** How it ended on a node, where it has. */
    Optional<Crowd.Result<T>> ended(Node node) {
        return Optional.ofNullable(ended.get(node));
    }

    /** One result a node, in the order of the nodes. */
    List<Crowd.Result<T>> soFar(List<Node> nodes) {
        return nodes.stream()
                .map(node -> ended.getOrDefault(
                        node, new Crowd.Failed<>(node, new SciabcException("interrupted", "it had not ended", ""))))
                .toList();
    }
}
