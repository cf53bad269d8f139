// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.sciabc.launch.OwnProcesses;
import org.sciabc.spi.JobLauncher;
import org.sciabc.testkit.LauncherContractTest;

/** The contract, with the {@code mpirun} of this machine where there is one. */
class MpirunContractTest extends LauncherContractTest {
    @BeforeAll
    static void mpirunIsInstalled() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        assumeTrue(OwnProcesses.find("mpirun", path).isPresent(), "there is no mpirun on this machine");
    }

    @Override
    protected JobLauncher create() {
        return new OpenMpiLauncher();
    }
}
