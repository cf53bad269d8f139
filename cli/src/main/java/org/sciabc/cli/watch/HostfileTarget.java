// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.watch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.option.FormatOption;
import org.sciabc.launch.HostfileDialect;

/**
 * A hostfile that is to be kept.
 *
 * @param file where
 * @param dialect in which form; absent means that of the launcher in use
 */
public record HostfileTarget(Path file, Optional<HostfileDialect> dialect) {

    /**
     * The files of the command line.
     *
     * @param formats none, one for all files, or one for each
     */
    public static List<HostfileTarget> of(List<String> files, List<String> formats) throws CliFailure {
        if (formats.size() > 1 && formats.size() != files.size()) {
            throw CliFailure.usage(
                    "there are " + formats.size() + " --format for " + files.size() + " --hostfile",
                    "which of them belong together is not clear",
                    "give one --format for all files, or one for each in the same order");
        }
        if (files.isEmpty() && !formats.isEmpty()) {
            throw CliFailure.usage(
                    "there is no file to write as '" + formats.get(0) + "'", "--format goes with --hostfile", "");
        }
        List<HostfileTarget> targets = new ArrayList<>();
        for (int index = 0; index < files.size(); index++) {
            Optional<HostfileDialect> dialect = formats.isEmpty()
                    ? Optional.empty()
                    : Optional.of(FormatOption.parse(formats.get(formats.size() == 1 ? 0 : index)));
            targets.add(new HostfileTarget(file(files.get(index)), dialect));
        }
        List<Path> distinct = targets.stream()
                .map(target -> target.file().toAbsolutePath().normalize())
                .distinct()
                .toList();
        if (distinct.size() < targets.size()) {
            throw CliFailure.usage("one file is named twice", "it can have one content only", "");
        }
        return List.copyOf(targets);
    }

    private static Path file(String name) throws CliFailure {
        Path file = FormatOption.path(name);
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw CliFailure.usage(
                    "--hostfile cannot be '" + name + "'",
                    Files.isDirectory(file) ? "it is a folder" : "it is not a file that can be replaced",
                    "");
        }
        return file;
    }
}
