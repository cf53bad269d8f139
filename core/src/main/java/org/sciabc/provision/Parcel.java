// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.sciabc.provision.CopyTree.Entry;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * A small tree for a new folder, in one command: the folder is made, filled, compared and looked at. To ask first what is there
 * already takes longer than to send so little.
 *
 * @param tree what is sent
 * @param script the command, which is the same for all nodes
 */
record Parcel(CopyTree tree, String script) {
    /** What a network of 100 Mbit/s brings to a node in less time than four more commands take. */
    private static final long MOST_BYTES = 1 << 20;

    private static final int MOST_ENTRIES = 64;
    private static final int OPEN_TO_OWNER = 0700;
    private static final int USUAL_MODE = 0755;

    /**
     * One, where the tree is small enough.
     *
     * @param folder where it goes; an absolute path
     * @param program the name of the file that has to be executable
     */
    static Optional<Parcel> of(CopyTree tree, String folder, Optional<String> program) {
        boolean fits = tree.files() > 0
                && tree.entries().size() <= MOST_ENTRIES
                && tree.bytes() <= MOST_BYTES
                && tree.entries().stream()
                        .allMatch(entry -> !entry.isFolder() || (entry.mode() & OPEN_TO_OWNER) == OPEN_TO_OWNER);
        return fits ? Optional.of(new Parcel(tree, script(tree, folder, program.orElse("")))) : Optional.empty();
    }

    /** What it does for a node. */
    Copied copied() {
        return new Copied(tree.files(), tree.bytes(), 0);
    }

    /** Brings it to a node; returns whether it could. If not, nothing has been done. */
    boolean bring(CopyAnswer.Machine node, Deadline deadline) throws SciabcException, InterruptedException {
        List<FilesInput.Member> members = files(tree).stream()
                .map(entry -> new FilesInput.Member(entry.name(), entry.local(), entry.mode(), entry.size()))
                .toList();
        try (FilesInput archive = new FilesInput(members)) {
            return CopyAnswer.of(node, RemoteCommand.of(script).within(deadline.left()), archive, 0)
                    .lines()
                    .contains("brought");
        } catch (IOException failure) {
            throw new SciabcException(
                    "cannot copy",
                    "a file cannot be read any more: " + Untrusted.line(String.valueOf(failure.getMessage()), 200),
                    "",
                    failure);
        }
    }

    private static List<Entry> files(CopyTree tree) {
        return tree.entries().stream().filter(entry -> !entry.isFolder()).toList();
    }

    private static String script(CopyTree tree, String folder, String program) {
        String names = files(tree).stream().map(Parcel::word).collect(Collectors.joining());
        String sums = files(tree).stream().map(entry -> entry.sum() + " ").collect(Collectors.joining());
        return "LC_ALL=C\nexport LC_ALL\n"
                + NodeScripts.functions("have", "say", "fail", "begin_folder", "fill_at_once", "check_runs")
                + "begin_folder " + ShellText.quote(folder) + "\n"
                + folders(tree)
                + "fill_at_once " + ShellText.quote(program) + " " + ShellText.quote(sums) + names + "\n";
    }

    /** Of those with the mode that a new one has anyway, it is not set: a process for each mode is dear. */
    private static String folders(CopyTree tree) {
        TreeMap<Integer, String> byMode = new TreeMap<>();
        tree.entries().stream()
                .filter(Entry::isFolder)
                .forEach(entry -> byMode.merge(entry.mode(), word(entry), String::concat));
        if (byMode.isEmpty()) {
            return "";
        }
        String failing = " || fail 'a folder cannot be made'\n";
        StringBuilder script = new StringBuilder("mkdir -p --" + String.join("", byMode.values()) + failing);
        byMode.forEach((mode, names) ->
                script.append(mode == USUAL_MODE ? "" : "chmod -- " + Integer.toOctalString(mode) + names + failing));
        return script.toString();
    }

    private static String word(Entry entry) {
        return " " + ShellText.quote(entry.name());
    }
}
