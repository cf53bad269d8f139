// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.Node;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.SciabcException;

/** Runs one command on many nodes at once, over the same connections and with the same fan-out as provisioning. */
public final class Execution {
    private final Access access;
    private final Crowd crowd;

    public Execution(Access access, Crowd crowd) {
        this.access = access;
        this.crowd = crowd;
    }

    /**
     * A command that ran to its end, whatever its status.
     *
     * @param elapsed the time from connecting to the end
     */
    public record Ran(ExitStatus status, Duration elapsed) {}

    /** Runs the command on all nodes and returns when it has ended on each. */
    public List<Crowd.Result<Ran>> run(List<Node> nodes, String script, Function<Node, CommandStreams> streams)
            throws InterruptedException {
        return run(nodes, script, streams, new Crowd.Watching<>() {});
    }

    /**
     * Runs the command on all nodes and returns when it has ended on each.
     *
     * @param script what a POSIX shell runs on each node
     * @param streams asked once for each node, when it is connected; used by one thread
     * @param watching told of each node
     * @return one result a node, in the order of the nodes
     * @throws InterruptedException when the thread was interrupted; the command is then ended everywhere. When this program
     *     is killed, nodes end it by themselves
     */
    public List<Crowd.Result<Ran>> run(
            List<Node> nodes, String script, Function<Node, CommandStreams> streams, Crowd.Watching<Ran> watching)
            throws InterruptedException {
        return crowd.each(nodes, (node, deadline) -> on(node, script, streams, deadline), access::drop, watching);
    }

    private Ran on(Node node, String script, Function<Node, CommandStreams> streams, Deadline deadline)
            throws SciabcException, InterruptedException {
        var connection = access.connection(node, deadline);
        RemoteCommand command = RemoteCommand.of(script).within(deadline.left()).endingWithManager();
        ExitStatus status = connection.run(command, streams.apply(node));
        return new Ran(status, deadline.elapsed());
    }
}
