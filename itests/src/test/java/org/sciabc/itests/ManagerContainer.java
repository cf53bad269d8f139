// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The machine that somebody sits at and runs {@code sciabc} on: the distribution, read-only, and Java. */
final class ManagerContainer extends Machine {

    /** Who sits there: an ordinary account, by a name that no node knows. */
    static final String USER = "teacher";

    static final String DISTRIBUTION = "/opt/sciabc";

    ManagerContainer(LabNetwork network) {
        super(
                network,
                "manager",
                LabNetwork.PLACE_OF_MANAGER,
                MachineImage.READY,
                Map.of(Project.distribution(), DISTRIBUTION));
    }

    /** Runs {@code sciabc} as an ordinary user and returns when it has ended, whatever its status. */
    Result sciabc(String... arguments) {
        return run(command(arguments));
    }

    /** The same as a command, for everything that can be said about one before it is started. */
    Command command(String... arguments) {
        return commandOf(DISTRIBUTION, arguments);
    }

    /** The command of another copy of the distribution, see {@link #copyDistribution}. */
    Command commandOf(String distribution, String... arguments) {
        List<String> words = new ArrayList<>(List.of(distribution + "/bin/sciabc"));
        words.addAll(List.of(arguments));
        return Command.of(words.toArray(String[]::new)).as(USER);
    }

    /** A copy of the distribution that may be changed; returns its folder. */
    String copyDistribution() {
        return sh("copy=$(mktemp -d /tmp/sciabc-XXXXXX) && cp -a " + DISTRIBUTION + "/. $copy && chown -R " + USER
                        + ": $copy && chmod 755 $copy && echo $copy")
                .strip();
    }
}
