// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** Everything below a folder: names, modes, contents, targets of links. */
final class FolderSnapshot {
    private FolderSnapshot() {}

    static List<String> of(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.sorted().map(path -> line(folder, path)).toList();
        }
    }

    private static String line(Path folder, Path path) {
        try {
            String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
            String content = Files.isSymbolicLink(path)
                    ? "-> " + Files.readSymbolicLink(path)
                    : Files.isRegularFile(path) ? Files.readString(path) : "";
            return folder.relativize(path) + " " + mode + " " + content;
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }
}
