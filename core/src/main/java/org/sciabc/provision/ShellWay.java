// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.LocalProcesses;
import org.sciabc.spi.Node;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.SciabcException;

/**
 * The way to a job's nodes by which its processes get there: its connections are open already when something is to be brought,
 * while one of {@link Access} would be a second login at each node.
 *
 * @param processes what starts the remote shell
 * @param nodes those of the job
 * @param detours told of a node where something went another way, and why; from several threads
 */
public record ShellWay(
        LocalProcesses processes, RemoteShell shell, List<ReadyNode> nodes, BiConsumer<Node, SciabcException> detours) {
    /** The line after a script, of which no script of ours has one like it. */
    private static final String MARK = "sciabc-end-of-script";

    /**
     * What any login shell hands on to {@code sh}: no single quote, exclamation mark or line feed between the quotes, and a
     * backslash only before an n. What that shell has printed by then ends with a line of its own. It takes its script line by
     * line, and nothing of what comes after it.
     */
    private static final String TAKES_SCRIPT = "exec /bin/sh -c 'echo;s=$(while IFS= read -r l;do [ \"$l\" = " + MARK
            + " ]&&exit 0;printf \"%s\\n\" \"$l\";done;exit 255)&&eval \"unset s;$s\"'";

    public ShellWay {
        nodes = List.copyOf(nodes);
    }

    /**
     * To one of the nodes; empty for any other. Commands are given all the time that they need; when the thread is
     * interrupted, what runs there loses its input and its reader.
     */
    Optional<CopyAnswer.Machine> to(Node node) {
        return nodes.stream()
                .filter(each -> each.node().equals(node))
                .findFirst()
                .map(ready -> (command, streams) -> run(ready, command, streams));
    }

    private ExitStatus run(ReadyNode node, RemoteCommand command, CommandStreams streams)
            throws SciabcException, InterruptedException {
        InputStream script =
                new ByteArrayInputStream((command.script() + "\n" + MARK + "\n").getBytes(StandardCharsets.UTF_8));
        return processes.run(
                shell.commandOn(node, TAKES_SCRIPT),
                Map.of(),
                new CommandStreams(
                        new SequenceInputStream(script, unclosed(streams.in())), streams.out(), streams.err()));
    }

    private static InputStream unclosed(InputStream theirs) {
        return new FilterInputStream(theirs) {
            @Override
            public void close() {
                // Whoever opened it closes it.
            }
        };
    }
}
