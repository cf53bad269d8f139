// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.sciabc.spi.LocalProcesses;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * The folder of one job on each of its nodes: filled with what differs before the job, and removed after it.
 */
public final class Staging {
    private static final long SHORT_ANSWER = 16 << 10;

    private final Access access;
    private final Crowd crowd;
    private final Optional<ShellWay> shortcut;

    public Staging(Access access, Crowd crowd) {
        this(access, crowd, Optional.empty());
    }

    /**
     * The same where a job's remote shell leads to the nodes.
     *
     * @param shortcut the way for what is done in one command; what fails there is done again over a connection
     */
    public Staging(Access access, Crowd crowd, Optional<ShellWay> shortcut) {
        this.access = access;
        this.crowd = crowd;
        this.shortcut = shortcut;
    }

    /**
     * A machine as somebody sees it who wants to compile.
     *
     * @param kind what programs built on it need: machines of one kind run each other's programs
     * @param title the same for people, such as {@code Debian GNU/Linux 12 (bookworm) on x86_64}
     * @param compiler the MPI compiler that was asked for, where there is one that works
     */
    public record Machine(String kind, String title, Optional<String> compiler) {}

    /** Which of these files of the manager the nodes have, by their absolute paths. */
    public List<Crowd.Result<Set<String>>> look(List<Node> nodes, List<Path> files) throws InterruptedException {
        String script = script("look_for_files"
                + files.stream()
                        .map(file -> " " + ShellText.quote(file.toString()))
                        .collect(Collectors.joining()));
        return crowd.each(
                nodes,
                (node, deadline) -> ask(node, script, deadline).all("has").stream()
                        .map(line -> line.substring(0, line.length() - 1))
                        .collect(Collectors.toSet()),
                access::drop);
    }

    /**
     * What kinds of machines the nodes are, and which of them can compile.
     *
     * @param launcher the launcher's id: a compiler of another MPI is not taken for one
     * @param language {@code cc}, {@code cxx} or {@code fort}
     */
    public List<Crowd.Result<Machine>> lookForCompilers(List<Node> nodes, String launcher, String language)
            throws InterruptedException {
        String script = compilerScript(launcher, language);
        return crowd.each(nodes, (node, deadline) -> machine(ask(node, script, deadline)), access::drop);
    }

    /** The same of this machine. */
    public static Machine lookForCompilerHere(LocalProcesses processes, String launcher, String language)
            throws SciabcException, InterruptedException {
        return machine(CopyAnswer.of(
                (command, streams) -> processes.run(List.of("sh", "-c", command.script()), Map.of(), streams),
                RemoteCommand.of(compilerScript(launcher, language)),
                InputStream.nullInputStream(),
                SHORT_ANSWER));
    }

    private static String compilerScript(String launcher, String language) {
        return script("look_for_compiler " + ShellText.quote(launcher) + " " + ShellText.quote(language));
    }

    /**
     * Makes the folder and brings the tree into it. A small tree comes in one command, see {@link Parcel}; of any other, what a
     * node has already under the manager's own path is taken from there, and the rest is sent.
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
        String make = script("stage_folder " + ShellText.quote(folder));
        Optional<Parcel> parcel = Parcel.of(tree, folder, program);
        return crowd.each(
                nodes,
                (node, deadline) -> {
                    if (parcel.isPresent() && isBrought(parcel.get(), node, deadline)) {
                        return parcel.get().copied();
                    }
                    CopyAnswer.of(
                            access.connection(node, deadline),
                            make,
                            "fill_from_here " + ShellText.quote(folder),
                            manifest,
                            SHORT_ANSWER,
                            deadline);
                    Copied copied = new Distribution(access, crowd).to(node, tree, folder + "/", deadline);
                    if (program.isPresent()) {
                        String path = folder + "/" + program.get();
                        ask(node, script("check_runs " + ShellText.quote(path) + "\nsay '@sciabc end'"), deadline);
                    }
                    return copied;
                },
                access::drop);
    }

    private boolean isBrought(Parcel parcel, Node node, Deadline deadline)
            throws SciabcException, InterruptedException {
        Optional<CopyAnswer.Machine> near = shortcut.flatMap(way -> way.to(node));
        return near.isPresent()
                ? isDone(node, () -> parcel.bring(near.get(), deadline))
                : parcel.bring(access.connection(node, deadline)::run, deadline);
    }

    /** Something that is tried by the shortcut. */
    @FunctionalInterface
    private interface Attempt {
        boolean succeeds() throws SciabcException, InterruptedException;
    }

    /** What fails for good will fail once more over a connection, and say why. */
    private boolean isDone(Node node, Attempt attempt) throws InterruptedException {
        try {
            return attempt.succeeds();
        } catch (SciabcException failure) {
            shortcut.ifPresent(way -> way.detours().accept(node, failure));
            return false;
        }
    }

    /** Removes the folder of a job. */
    public List<Crowd.Result<Boolean>> remove(List<Node> nodes, String folder) throws InterruptedException {
        String script = "rm -rf -- " + ShellText.quote(folder)
                + " || { echo 'it cannot be removed' >&2; exit 1; }\necho '@sciabc end'\n";
        return crowd.each(
                nodes,
                (node, deadline) -> {
                    if (!isRemoved(node, script, deadline)) {
                        ask(node, script, deadline);
                    }
                    return true;
                },
                access::drop);
    }

    private boolean isRemoved(Node node, String script, Deadline deadline) throws InterruptedException {
        Optional<CopyAnswer.Machine> near = shortcut.flatMap(way -> way.to(node));
        return near.isPresent()
                && isDone(node, () -> {
                    RemoteCommand command = RemoteCommand.of(script).within(deadline.left());
                    CopyAnswer.of(near.get(), command, InputStream.nullInputStream(), SHORT_ANSWER);
                    return true;
                });
    }

    private CopyAnswer ask(Node node, String script, Deadline deadline) throws SciabcException, InterruptedException {
        NodeConnection connection = access.connection(node, deadline);
        return CopyAnswer.of(connection, script, InputStream.nullInputStream(), SHORT_ANSWER, deadline);
    }

    private static String script(String commands) {
        return NodeScripts.of(NodeScripts.BASE, NodeScripts.COPY, NodeScripts.STAGE) + commands + "\n";
    }

    private static Machine machine(CopyAnswer answer) throws SciabcException {
        return new Machine(
                Untrusted.line(answer.only("kind"), 120),
                Untrusted.line(answer.only("title"), 120),
                answer.all("compiler").stream()
                        .map(path -> Untrusted.line(path, 200))
                        .findFirst());
    }
}
