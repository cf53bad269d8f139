// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.option;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sciabc.cli.CliFailure;
import org.sciabc.spi.Untrusted;

/** What nodes are to be like, beyond what the components in use need. */
@Parameters(separators = "=")
public final class PreparationOptions {
    @Parameter(
            names = "--create-user",
            description = "NAME | make an account of this name on every node, for login by key, and run jobs in it")
    private @Nullable String newUser;

    @Parameter(
            names = "--packages-from",
            description = "FOLDER | install packages from the files in this folder instead of from the nodes' mirrors")
    private @Nullable String packageFolder;

    @Parameter(
            names = "--mutual",
            description = "let nodes reach each other by ssh, with a key that is good from their addresses alone")
    private boolean mutual;

    /** Whether nodes are to reach each other. */
    public boolean isMutual() {
        return mutual;
    }

    /** Where packages are taken from, where that was said. */
    public Optional<String> packageFolder() {
        return Optional.ofNullable(packageFolder);
    }

    /**
     * The account that is to be made on every node.
     *
     * @throws CliFailure when no account can be called that
     */
    public Optional<String> newUser() throws CliFailure {
        if (newUser == null) {
            return Optional.empty();
        }
        if (Untrusted.user(newUser).filter(newUser::equals).isEmpty() || newUser.equals("root")) {
            throw CliFailure.usage(
                    "no account can be made that is called '" + Untrusted.line(newUser, 80) + "'",
                    newUser.equals("root") ? "it is there on every machine" : "programs for login refuse such a name",
                    "give a name of lower-case letters and digits, such as --create-user mpi");
        }
        return Optional.of(newUser);
    }
}
