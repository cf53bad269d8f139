// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.nio.file.Files;
import java.nio.file.Path;
import org.sciabc.spi.SciabcException;

/** The {@code ssh} of this machine. */
final class OpenSshClient {
    private OpenSshClient() {}

    /**
     * What to call it by. Open MPI hands the word on to its daemons on the nodes, and those die of a path that is not there,
     * such as that of Homebrew.
     */
    static String word(Path client) {
        return client.startsWith("/usr/bin") ? client.toString() : "ssh";
    }

    /** Where it is. */
    static Path on(Surroundings surroundings) throws SciabcException {
        for (String folder : surroundings.variable("PATH").orElse("").split(":", -1)) {
            Path file = Path.of(folder, "ssh");
            if (folder.startsWith("/") && Files.isRegularFile(file) && Files.isExecutable(file)) {
                return file;
            }
        }
        throw new SciabcException(
                "no ssh on this machine",
                "launchers start their processes on the nodes with OpenSSH's client, and it is not on the PATH",
                "install it: the package is openssh-client on Debian, Ubuntu and Raspberry Pi OS,"
                        + " openssh-clients on Fedora and openSUSE, openssh on Arch and Alpine");
    }
}
