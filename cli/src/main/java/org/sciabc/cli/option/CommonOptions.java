// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.option;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Options that every verb has. The text before {@code |} in a description is what help shows for the value. */
@Parameters(separators = "=")
public final class CommonOptions {
    @Parameter(
            names = "--cluster",
            description = "NAME | the cluster to work with (default: 'default', or the configuration's)")
    private @Nullable String clusterName;

    @Parameter(
            names = "--config",
            description = "FILE | the configuration file, instead of ~/.config/sciabc/config.toml")
    private @Nullable String configFile;

    @Parameter(
            names = {"-v", "--verbose"},
            description = "say more about what happens")
    public boolean verbose;

    @Parameter(names = "--stacktrace", description = "show where in the program a failure came from")
    public boolean stacktrace;

    @Parameter(
            names = {"-h", "--help"},
            help = true,
            description = "explain this verb")
    public boolean help;

    /** The cluster, where it was named. */
    public Optional<String> cluster() {
        return Optional.ofNullable(clusterName);
    }

    /** The configuration file, where it was named. */
    public Optional<Path> config() {
        return Optional.ofNullable(configFile).map(Path::of);
    }
}
