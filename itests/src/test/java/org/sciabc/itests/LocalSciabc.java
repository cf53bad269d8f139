// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The distribution on the very machine that runs the tests, with a home of its own: for what needs no network and no node.
 *
 * @param distribution the unpacked distribution
 * @param home what {@code SCIABC_HOME} is set to, and where commands run
 */
record LocalSciabc(Path distribution, Path home) {

    /** The distribution that the build has left, with that home. */
    static LocalSciabc in(Path home) {
        return new LocalSciabc(Project.distribution(), home);
    }

    /** A copy of the distribution, which may be changed, with that home. */
    static LocalSciabc copiedTo(Path copy, Path home) {
        Path original = Project.distribution();
        try (Stream<Path> files = Files.walk(original)) {
            for (Path file : files.sorted().toList()) {
                Path target = copy.resolve(original.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
        return new LocalSciabc(copy, home);
    }

    /** The user's own plugins; made when the folder is missing. */
    Path plugins() {
        try {
            return Files.createDirectories(home.resolve("plugins"));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** The plugins of the distribution. */
    Path sharedPlugins() {
        return distribution.resolve("plugins");
    }

    Result run(String... arguments) {
        return LocalCommand.run(home, command(arguments));
    }

    Command command(String... arguments) {
        String[] words = Stream.concat(
                        Stream.of(distribution.resolve("bin/sciabc").toString()), Stream.of(arguments))
                .toArray(String[]::new);
        return Command.of(words)
                .with("SCIABC_HOME", home.toString())
                .with("XDG_CACHE_HOME", home.resolve("cache").toString());
    }
}
