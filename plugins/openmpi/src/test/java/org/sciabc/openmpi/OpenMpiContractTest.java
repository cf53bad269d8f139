// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.sciabc.spi.JobLauncher;
import org.sciabc.testkit.LauncherContractTest;

/** The contract, with a program that takes the options of {@code mpirun} that we give and runs every process here. */
class OpenMpiContractTest extends LauncherContractTest {
    private static final String STAND_IN = """
            #!/bin/sh
            for word; do
              [ "$word" != : ] || exit 64
            done
            while :; do
              case $1 in
                --hostfile | -x) shift 2 ;;
                --wdir) cd "$2"; shift 2 ;;
                --tag-output) tagged=yes; shift ;;
                --display-map) shift ;;
                -n) processes=$2; shift 2 ;;
                *) break ;;
              esac
            done
            if [ "$tagged" ]; then
              printf ' ====== JOB MAP ======\nData for node: 127.0.0.1\tNum slots: 2\n'
              rank=0
              while [ $rank -lt "$processes" ]; do
                printf '\tProcess OMPI jobid: [7,1] App: 0 Process rank: %s Bound: N/A\n' $rank
                rank=$((rank + 1))
              done
              printf '\n ==============================\n'
              rank=0
              while [ $rank -lt "$processes" ]; do
                "$@" 2>&1 | sed "s/^/[1,$rank]<stdout>:/"
                rank=$((rank + 1))
              done
              exit
            fi
            while [ "$processes" -gt 1 ]; do
              "$@" &
              processes=$((processes - 1))
            done
            [ -z "$!" ] && exec "$@"
            "$@"
            wait
            """;

    @Override
    protected JobLauncher create() {
        return new OpenMpiLauncher();
    }

    @Override
    protected Map<String, String> given() throws IOException {
        Path program = temporaryFolder().resolve("mpirun");
        if (!Files.exists(program)) {
            Files.writeString(program, STAND_IN);
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        }
        return Map.of("mpirun", program.toString());
    }

    @Override
    protected Optional<Map<String, String>> givenSoThatNothingStarts() {
        return Optional.of(Map.of("mpirun", "/nowhere/mpirun"));
    }
}
