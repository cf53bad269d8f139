// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * The folder of one job on each of its nodes: filled with what differs before the job, and removed after it. Over the same
 * connections and with the same fan-out as provisioning.
 */
public final class Staging {
    private static final long SHORT_ANSWER = 16 << 10;

    private final Access access;
    private final Crowd crowd;

    public Staging(Access access, Crowd crowd) {
        this.access = access;
        this.crowd = crowd;
    }

    /**
     * What a job wants to know of a machine.
     *
     * @param kind kernel, architecture and distribution: programs built on one machine of a kind run on the others
     * @param compilers the MPI compilers by language ({@code cc}, {@code cxx}, {@code fort})
     * @param python the interpreter
     * @param hasMpi4py whether that interpreter has mpi4py
     * @param files those of the files that were asked for that are there
     */
    public record Machine(
            String kind, Map<String, String> compilers, Optional<String> python, boolean hasMpi4py, Set<String> files) {
        public Machine {
            compilers = Map.copyOf(compilers);
            files = Set.copyOf(files);
        }
    }

    /**
     * Looks at the nodes.
     *
     * @param launcher the launcher's id: its own compilers come before those of another MPI
     * @param files absolute paths of files
     */
    public List<Crowd.Result<Machine>> look(List<Node> nodes, String launcher, List<Path> files)
            throws InterruptedException {
        String script = script("describe_for_job "
                + ShellText.quote(launcher)
                + files.stream()
                        .map(file -> " " + ShellText.quote(file.toString()))
                        .collect(Collectors.joining()));
        return crowd.each(nodes, (node, deadline) -> machine(ask(node, script, "", deadline)), access::drop);
    }

    /**
     * Makes the folder and brings the tree into it: what a node has already under the manager's own path is taken from
     * there, and the rest is sent.
     *
     * @param folder an absolute path whose name nobody can guess
     * @param program the name of the file in the tree that has to be executable; absent where there is none
     */
    public List<Crowd.Result<Copied>> stage(List<Node> nodes, CopyTree tree, String folder, Optional<String> program)
            throws InterruptedException {
        String manifest = tree.entries().stream()
                .filter(entry -> !entry.isFolder())
                .map(entry -> entry.sum() + " " + entry.local() + "/\n" + entry.name() + "/\n")
                .collect(Collectors.joining());
        String fill = script("stage_folder " + ShellText.quote(folder) + "\nfill_from_here " + ShellText.quote(folder));
        return crowd.each(
                nodes,
                (node, deadline) -> {
                    ask(node, fill, manifest, deadline);
                    Copied copied = new Distribution(access, crowd).to(node, tree, folder + "/", deadline);
                    if (program.isPresent()) {
                        String path = folder + "/" + program.get();
                        ask(node, script("check_runs " + ShellText.quote(path)), "", deadline);
                    }
                    return copied;
                },
                access::drop);
    }

    /** Removes the folder of a job. */
    public List<Crowd.Result<Boolean>> remove(List<Node> nodes, String folder) throws InterruptedException {
        String script =
                script("rm -rf -- " + ShellText.quote(folder) + " || fail \"it cannot be removed\"\nsay '@sciabc end'");
        return crowd.each(
                nodes,
                (node, deadline) -> {
                    ask(node, script, "", deadline);
                    return true;
                },
                access::drop);
    }

    private CopyAnswer ask(Node node, String script, String input, Deadline deadline)
            throws SciabcException, InterruptedException {
        NodeConnection connection = access.connection(node, deadline);
        InputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        return CopyAnswer.of(connection, script, in, SHORT_ANSWER, deadline);
    }

    private static String script(String commands) {
        return NodeScripts.of(NodeScripts.BASE, NodeScripts.COPY, NodeScripts.STAGE) + commands + "\n";
    }

    private static Machine machine(CopyAnswer answer) throws SciabcException {
        Map<String, String> compilers = new HashMap<>();
        for (String line : answer.all("compiler")) {
            int space = line.indexOf(' ');
            compilers.put(line.substring(0, Math.max(0, space)), Untrusted.line(line.substring(space + 1), 200));
        }
        List<String> python = answer.all("python");
        return new Machine(
                Untrusted.line(answer.only("kind"), 120),
                compilers,
                python.stream().filter(line -> line.startsWith("/")).findFirst(),
                python.contains("mpi4py"),
                answer.all("has").stream()
                        .map(line -> line.substring(0, line.length() - 1))
                        .collect(Collectors.toSet()));
    }
}
