// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.sciabc.spi.Node;

/** Nodes that the backend under test has to see until this is closed. */
public interface Presence extends AutoCloseable {

    /**
     * What the backend has to report.
     *
     * @return the nodes, at least one; a backend need not report all that is known of them, but nothing that contradicts it
     */
    List<Node> nodes();

    /**
     * Makes the nodes leave. Returns when they have said goodbye, where the technology has one. May be called again, and
     * must then do nothing: what {@link #of} returns passes on the first call only.
     *
     * @throws Exception when that fails, which fails the test
     */
    @Override
    void close() throws Exception;

    /**
     * The presence of one node.
     *
     * @param node what the backend has to report
     * @param leaving makes it leave; is closed once
     * @return its presence
     */
    static Presence of(Node node, AutoCloseable leaving) {
        return of(List.of(node), leaving);
    }

    /**
     * The presence of several nodes.
     *
     * @param nodes what the backend has to report
     * @param leaving makes all of them leave; is closed once
     * @return their presence
     */
    static Presence of(List<Node> nodes, AutoCloseable leaving) {
        List<Node> copy = List.copyOf(nodes);
        return new Presence() {
            private final AtomicBoolean closed = new AtomicBoolean();

            @Override
            public List<Node> nodes() {
                return copy;
            }

            @Override
            public void close() throws Exception {
                if (!closed.getAndSet(true)) {
                    leaving.close();
                }
            }
        };
    }
}
