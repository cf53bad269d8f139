// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The clone that these tests belong to. */
final class Project {

    private Project() {}

    static Path root() {
        Path here = Path.of("").toAbsolutePath();
        for (Path folder = here; folder != null; folder = folder.getParent()) {
            if (Files.isExecutable(folder.resolve("itests/run"))) {
                return folder;
            }
        }
        throw new IllegalStateException("not inside a clone of sciabc: " + here);
    }

    /** The unpacked distribution that the build has left. */
    static Path distribution() {
        Path target = root().resolve("cli/target");
        try (Stream<Path> folders = Files.list(target)) {
            List<Path> found = folders.filter(
                            folder -> folder.getFileName().toString().startsWith("sciabc-"))
                    .filter(folder -> Files.isExecutable(folder.resolve("bin/sciabc")))
                    .toList();
            if (found.size() != 1) {
                throw new IllegalStateException("one distribution is expected in " + target + ", found " + found);
            }
            return found.get(0);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
