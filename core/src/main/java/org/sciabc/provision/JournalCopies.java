// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * The manager's copies of the nodes' journals, for nodes that lose theirs: a folder a node in the cluster's private folder,
 * and in it a file for each journal.
 */
public final class JournalCopies {
    private final Path folder;

    /**
     * The copies of a cluster.
     *
     * @param stateFolder the cluster's private folder on the manager
     */
    public JournalCopies(Path stateFolder) {
        this.folder = stateFolder.resolve("journals");
    }

    /**
     * Keeps a copy in place of the one before; one without entries goes.
     *
     * @throws SciabcException when it cannot be written
     */
    public void keep(Node node, JournalCopy copy) throws SciabcException {
        try {
            Path file = file(node, copy.place());
            if (copy.numbers().isEmpty()) {
                Files.deleteIfExists(file);
                deleteIfEmpty(folder.resolve(node.name()));
                return;
            }
            Files.createDirectories(
                    folder.resolve(node.name()),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            AtomicFile.ownerOnlyAt(file).write(copy.text());
        } catch (IOException unwritable) {
            throw new SciabcException(
                    "cannot keep a copy of the journal of " + node.name(), "cannot write to " + folder, "", unwritable);
        }
    }

    private static void deleteIfEmpty(Path own) throws IOException {
        try {
            Files.deleteIfExists(own);
        } catch (DirectoryNotEmptyException others) {
            // The copy of another journal of the node is there.
        }
    }

    /** The copies that there are of a node's journals, the machine's own last; one that cannot be read is none. */
    List<JournalCopy> of(Node node) {
        List<JournalCopy> copies = new ArrayList<>();
        Path own = folder.resolve(node.name());
        if (!Files.isDirectory(own)) {
            return copies;
        }
        try (Stream<Path> files = Files.list(own)) {
            for (Path file : files.sorted().toList()) {
                String place = file.getFileName().toString();
                if (Untrusted.user(place).isPresent()) {
                    AtomicFile.at(file)
                            .read()
                            .flatMap(text -> JournalCopy.parse(place, text))
                            .filter(copy -> !copy.numbers().isEmpty())
                            .ifPresent(copies::add);
                }
            }
        } catch (IOException | SciabcException unreadable) {
            // Then the nodes' own have to do: they mostly do.
            return List.of();
        }
        return copies;
    }

    /** The copy of one journal. */
    Optional<JournalCopy> of(Node node, String place) {
        return of(node).stream().filter(copy -> copy.place().equals(place)).findFirst();
    }

    /**
     * Keeps nothing of a node any longer: it is as it was.
     *
     * @throws SciabcException when a file cannot be deleted
     */
    public void drop(Node node) throws SciabcException {
        for (JournalCopy copy : of(node)) {
            keep(node, copy.without(copy.numbers()));
        }
    }

    private Path file(Node node, String place) {
        return folder.resolve(node.name()).resolve(place);
    }
}
