// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.option;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Comparator;
import org.sciabc.cli.CliFailure;
import org.sciabc.launch.HostfileDialect;
import org.sciabc.spi.Similarity;
import org.sciabc.spi.Untrusted;

/** The form and the file of a hostfile, as the command line names them. */
public final class FormatOption {
    /** What help says of {@code --format}. */
    public static final String HELP =
            "NAME | openmpi, plain, mpich, parallel, nodeset, ansible or ssh-config (default: what the launcher reads)";

    private FormatOption() {}

    /** The dialect of that name. */
    public static HostfileDialect parse(String name) throws CliFailure {
        return HostfileDialect.of(name).orElseThrow(() -> unknown(Untrusted.line(name, 40)));
    }

    /** A file's path. */
    public static Path path(String name) throws CliFailure {
        try {
            return Path.of(name);
        } catch (InvalidPathException impossible) {
            throw CliFailure.usage("no file can be called '" + Untrusted.line(name, 80) + "'", "", "");
        }
    }

    private static CliFailure unknown(String name) {
        String nearest = HostfileDialect.ids().stream()
                .min(Comparator.comparingInt(known -> Similarity.distance(name, known)))
                .orElseThrow();
        return CliFailure.usage(
                "--format cannot be '" + name + "'",
                "it is one of " + String.join(", ", HostfileDialect.ids()),
                "did you mean '" + nearest + "'?");
    }
}
