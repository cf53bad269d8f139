// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/** A folder of files that somebody else carries to a node. */
final class HandedOver {
    private static final String FRESH = ".sciabc-new";

    private final Path folder;

    HandedOver(Path folder) {
        this.folder = folder;
    }

    /**
     * Brings these files into the folder, which is made when it is missing. What anybody may read is linked where the file
     * system can do that; other files there are left alone.
     *
     * @param files names, and where the files are
     */
    void fill(Map<String, Path> files) throws SciabcException {
        try {
            Files.createDirectories(folder);
            for (Map.Entry<String, Path> file : files.entrySet()) {
                bring(file.getValue(), folder.resolve(file.getKey()));
            }
        } catch (IOException failure) {
            throw new SciabcException(
                    "cannot fill the folder " + folder,
                    Untrusted.line(String.valueOf(failure.getMessage()), 200),
                    "is there room for the files that the script takes?",
                    failure);
        }
    }

    /** Two names of one file are left alone: renaming one to the other does nothing, and would leave both. */
    private static void bring(Path source, Path target) throws IOException {
        if (Files.exists(target) && Files.isSameFile(source, target)) {
            return;
        }
        Path fresh = target.resolveSibling(target.getFileName() + FRESH);
        Files.deleteIfExists(fresh);
        if (!isLinked(source, fresh)) {
            Files.copy(source, fresh);
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
        }
        Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean isLinked(Path source, Path fresh) throws IOException {
        if (!Files.getPosixFilePermissions(source).contains(PosixFilePermission.OTHERS_READ)) {
            return false;
        }
        try {
            Files.createLink(fresh, source.toRealPath());
            return true;
        } catch (IOException | UnsupportedOperationException otherFileSystem) {
            return false;
        }
    }
}
