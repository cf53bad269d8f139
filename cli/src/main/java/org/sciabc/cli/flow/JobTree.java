// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sciabc.provision.CopyTree;
import org.sciabc.provision.CopyTree.Entry;
import org.sciabc.spi.SciabcException;

/** Files as they are to be in the folder of a job, each with the folders above it. */
final class JobTree {
    private static final int FOLDER_MODE = 0755;
    private static final String FOLDER_SUM = "-";
    private static final int MAY_RUN = 0100;

    private final Path here;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /**
     * Nothing yet.
     *
     * @param here the working folder, below which names are kept
     */
    JobTree(Path here) {
        this.here = here;
    }

    /** Adds a file or a folder under the name that it has here; returns that name. */
    String add(Path source) throws SciabcException {
        String name = JobProgram.nameInFolder(source.toAbsolutePath().normalize(), here);
        addAs(source, name);
        return name;
    }

    /** Adds a program that was compiled, in the place of an older one of that name. */
    void addBuilt(Path file, String name) throws SciabcException {
        entries.remove(name);
        addProgram(file, name);
    }

    /** Adds a program, which may be run by its owner at least. */
    void addProgram(Path file, String name) throws SciabcException {
        addAs(file, name);
        entries.computeIfPresent(
                name,
                (same, entry) ->
                        new Entry(entry.name(), entry.local(), entry.mode() | MAY_RUN, entry.sum(), entry.size()));
    }

    CopyTree tree() {
        return new CopyTree(List.copyOf(entries.values()), Optional.empty());
    }

    private void addAs(Path source, String name) throws SciabcException {
        List<Entry> found = CopyTree.of(List.of(source)).entries();
        String root = found.get(0).name();
        for (String above : foldersAbove(name)) {
            entries.putIfAbsent(above, new Entry(above, here.resolve(above), FOLDER_MODE, FOLDER_SUM, 0));
        }
        for (Entry entry : found) {
            String moved = name + entry.name().substring(root.length());
            Entry added = new Entry(moved, entry.local(), entry.mode(), entry.sum(), entry.size());
            requireOwnName(added);
            entries.put(moved, added);
        }
    }

    /** Of two folders of one name, the contents become one; of two files, one would be missing. */
    private void requireOwnName(Entry added) throws SciabcException {
        Entry first = entries.get(added.name());
        if (first == null || first.local().equals(added.local())) {
            return;
        }
        if (!first.sum().equals(FOLDER_SUM) || !added.sum().equals(FOLDER_SUM)) {
            throw new SciabcException(
                    "cannot copy " + added.local(),
                    "it and " + first.local() + " would both become " + added.name() + " in the folder of the job",
                    "rename one, or start the job in a folder above both: what is below it keeps its place");
        }
    }

    private static List<String> foldersAbove(String name) {
        List<String> above = new ArrayList<>();
        for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
            above.add(name.substring(0, slash));
        }
        return above;
    }
}
