// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.SciabcException;

/**
 * The runs of all processes that simulate nodes of one cluster, by their folders.
 *
 * @param folder the folder that holds one folder a run; need not exist
 */
record Runs(Path folder) {
    private static final Duration PATIENCE = Duration.ofMillis(300);

    static Runs of(Path stateFolder) {
        return new Runs(stateFolder.resolve("simulator"));
    }

    RunFolder create(String id) throws SciabcException {
        return RunFolder.create(folder.resolve(id));
    }

    /** The records of the runs whose process is alive, by the run's id. */
    Map<String, RunRecord> alive() throws SciabcException {
        Map<String, RunRecord> alive = new TreeMap<>();
        for (RunFolder run : folders()) {
            read(run).filter(isIn(Owner.State.ALIVE)).ifPresent(record -> alive.put(run.id(), record));
        }
        return alive;
    }

    /** The runs whose process ended without removing them. */
    List<RunFolder> stale() throws SciabcException {
        List<RunFolder> stale = new ArrayList<>();
        for (RunFolder run : folders()) {
            if (read(run).filter(isIn(Owner.State.ENDED)).isPresent()) {
                stale.add(run);
            }
        }
        return stale;
    }

    /** Ends the programs of a run and removes its folder. */
    static void remove(RunFolder run) throws SciabcException {
        new MarkedProcesses(run.id()).end(PATIENCE);
        try {
            run.delete();
        } catch (IOException undeletable) {
            throw new SciabcException(
                    "cannot remove the folder " + run.path() + " of simulated nodes",
                    "something in it cannot be deleted",
                    "remove it yourself",
                    undeletable);
        }
    }

    private static Predicate<RunRecord> isIn(Owner.State state) {
        return record -> record.owner().state() == state;
    }

    /** A record that is malformed or not there (yet, or any more) is nobody's: it is left alone. */
    private static Optional<RunRecord> read(RunFolder run) throws SciabcException {
        AtomicFile file = run.record();
        return file.read().flatMap(RunRecord::parse);
    }

    private List<RunFolder> folders() throws SciabcException {
        List<RunFolder> folders = new ArrayList<>();
        try (DirectoryStream<Path> content = Files.newDirectoryStream(folder)) {
            for (Path each : content) {
                if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
                    folders.add(new RunFolder(each));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        } catch (IOException | DirectoryIteratorException unreadable) {
            throw new SciabcException(
                    "cannot look for simulated nodes", "the folder " + folder + " cannot be read", "", unreadable);
        }
        return folders;
    }
}
