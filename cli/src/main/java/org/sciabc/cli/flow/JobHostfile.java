// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * The list of nodes that a launcher reads for one job: a file for each list, which never changes. Launchers read it late, and
 * another launch of the cluster, on other nodes, may begin before that.
 */
final class JobHostfile {
    private static final String FOLDER = "hostfiles";
    private static final String SUFFIX = ".txt";

    /** More than that are not kept without need. */
    private static final int MANY = 100;

    private static final Duration OLD = Duration.ofDays(7);
    private static final Duration UNTOUCHED = Duration.ofDays(1);

    private JobHostfile() {}

    /** The file with this text. */
    static Path of(Path stateFolder, String text) throws SciabcException {
        Path folder = stateFolder.resolve(FOLDER);
        String name = Integer.toHexString(text.hashCode()) + "-" + text.length();
        try {
            for (int number = 0; number < MANY; number++) {
                Path file = folder.resolve(name + (number == 0 ? "" : "-" + number) + SUFFIX);
                if (Files.notExists(file)) {
                    Files.createDirectories(folder);
                    AtomicFile.at(file).write(text);
                    removeOld(folder);
                    return file;
                }
                if (hasContent(file, text)) {
                    touch(file);
                    return file;
                }
            }
        } catch (IOException failure) {
            throw failed(folder, Untrusted.line(String.valueOf(failure.getMessage()), 200));
        }
        throw failed(folder, "other files are in the way of " + name + SUFFIX);
    }

    private static boolean hasContent(Path file, String text) {
        try {
            return AtomicFile.at(file).read().equals(Optional.of(text));
        } catch (SciabcException unreadable) {
            return false;
        }
    }

    /** To write is to wait for the disk, and that of a small machine takes its time. */
    private static void touch(Path file) throws IOException {
        if (isOlder(file, UNTOUCHED)) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        }
    }

    private static void removeOld(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all =
                    files.filter(file -> file.toString().endsWith(SUFFIX)).toList();
            for (Path file : all.size() > MANY ? all : List.<Path>of()) {
                if (isOlder(file, OLD)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException | UncheckedIOException other) {
            // Another launch may be at it; the next new list is soon enough.
            return;
        }
    }

    private static boolean isOlder(Path file, Duration age) throws IOException {
        return Files.getLastModifiedTime(file).toInstant().plus(age).isBefore(Instant.now());
    }

    private static SciabcException failed(Path folder, String why) {
        return new SciabcException("cannot keep a list of nodes in " + folder, why, "");
    }
}
