// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.option.StageOptions;
import org.sciabc.launch.RankPattern;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/** What this machine alone can tell of the files of a job: whether they are there, before anybody looks for nodes. */
final class StagingCheck {
    private StagingCheck() {}

    /** Refuses what is no source, no program, not there, or no pattern. */
    static void check(StageOptions options, List<String> command, String searchPath) throws CliFailure {
        Path here = Path.of("").toAbsolutePath();
        String program = Untrusted.line(command.get(0), 80);
        if (options.builds()) {
            JobBuild.of(JobStaging.path(command.get(0)), here);
        } else if (options.stages()
                && JobProgram.of(command, here, searchPath).file().isEmpty()) {
            throw CliFailure.usage(
                    "there is no program '" + program + "' here that could be copied",
                    "",
                    "name a file, such as ./" + program);
        }
        for (String each : options.with()) {
            requireThere(each);
        }
        for (String pattern : options.fetched()) {
            requirePattern(pattern);
        }
    }

    private static void requireThere(String source) throws CliFailure {
        if (!Files.exists(JobStaging.path(source))) {
            throw CliFailure.usage(
                    "cannot copy " + Untrusted.line(source, 200),
                    "there is no such file",
                    "--with takes a file or a folder of this machine");
        }
    }

    private static void requirePattern(String pattern) throws CliFailure {
        try {
            RankPattern.of(pattern);
        } catch (SciabcException malformed) {
            throw CliFailure.of(ExitCode.USAGE, malformed);
        }
    }
}
