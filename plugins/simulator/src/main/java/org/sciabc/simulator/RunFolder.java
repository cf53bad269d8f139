// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.SciabcException;

/**
 * The private folder of one process that simulates nodes: its record, its password, and the home folder of each node.
 *
 * @param path the folder, whose name is the run's id
 */
record RunFolder(Path path) {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    private static final int ATTEMPTS = 5;
    private static final FileAttribute<?> PRIVATELY = PosixFilePermissions.asFileAttribute(PRIVATE);

    /** Makes the folder; it must not exist. */
    static RunFolder create(Path path) throws SciabcException {
        try {
            createWithParent(path);
            return new RunFolder(path);
        } catch (IOException unwritable) {
            throw new SciabcException(
                    "cannot simulate nodes",
                    "the folder " + path + " cannot be made",
                    "set SCIABC_HOME to a folder of your own",
                    unwritable);
        }
    }

    /** The run's id. */
    String id() {
        return path.getFileName().toString();
    }

    AtomicFile record() {
        return AtomicFile.ownerOnlyAt(path.resolve("record"));
    }

    AtomicFile password() {
        return AtomicFile.ownerOnlyAt(path.resolve("password"));
    }

    /** Makes the home folder of a node. */
    Path createHome(String node) throws SciabcException {
        Path home = path.resolve(node);
        try {
            Files.createDirectories(home.resolve("tmp"), PRIVATELY);
            return home;
        } catch (IOException unwritable) {
            throw new SciabcException(
                    "cannot simulate nodes", "the folder " + home + " cannot be made", "", unwritable);
        }
    }

    /** Removes the folder with all that is in it, and its parent when nothing else is in that. Follows no symbolic link. */
    void delete() throws IOException {
        delete(path);
        try {
            Files.deleteIfExists(path.resolveSibling(""));
        } catch (DirectoryNotEmptyException othersRun) {
            // The last one removes it.
        }
    }

    private static void createWithParent(Path path) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                Files.createDirectories(path.resolveSibling(""), PRIVATELY);
                Files.createDirectory(path, PRIVATELY);
                return;
            } catch (NoSuchFileException parentVanished) {
                // A run that has just ended found the parent empty.
                if (attempt == ATTEMPTS) {
                    throw parentVanished;
                }
            }
        }
    }

    private static void delete(Path path) throws IOException {
        try {
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                deleteContent(path);
            }
            Files.deleteIfExists(path);
        } catch (NoSuchFileException goneAlready) {
            // Another process that cleans up may be as far as we are.
        }
    }

    private static void deleteContent(Path folder) throws IOException {
        if (!Files.getPosixFilePermissions(folder).containsAll(PRIVATE)) {
            Files.setPosixFilePermissions(folder, PRIVATE);
        }
        try (DirectoryStream<Path> content = Files.newDirectoryStream(folder)) {
            for (Path each : content) {
                delete(each);
            }
        }
    }
}
