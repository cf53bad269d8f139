// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.mpich;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.sciabc.spi.JobLauncher;
import org.sciabc.testkit.LauncherContractTest;

/** The contract, with a program that takes the options of {@code mpiexec} that we give and runs every process here. */
class MpichContractTest extends LauncherContractTest {
    private static final String STAND_IN = """
            #!/bin/sh
            for word; do
              [ "$word" != : ] || exit 64
            done
            pattern=
            while :; do
              case $1 in
                -launcher | -launcher-exec | -f | -localhost | -wdir | -genvlist) shift 2 ;;
                -outfile-pattern) exec >"$2"; shift 2 ;;
                -prepend-pattern) pattern=$2; shift 2 ;;
                -genvnone) shift ;;
                -n) processes=$2; shift 2 ;;
                *) break ;;
              esac
            done
            run() {
              rank=$1; shift
              [ -n "$pattern" ] || exec "$@"
              "$@" | sed "s/^/$(printf %s "$pattern" | sed "s/%r/$rank/; s/%h/127.0.0.1/")/"
            }
            for rank in $(seq $((processes - 1))); do
              run "$rank" "$@" &
            done
            if [ "$processes" = 1 ]; then
              run 0 "$@"
              exit
            fi
            (run 0 "$@")
            status=$?
            wait
            exit $status
            """;

    @Override
    protected JobLauncher create() {
        return new MpichLauncher();
    }

    @Override
    protected Map<String, String> given() throws IOException {
        Path program = temporaryFolder().resolve("mpiexec");
        if (!Files.exists(program)) {
            Files.writeString(program, STAND_IN);
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        }
        return Map.of("mpiexec", program.toString());
    }

    @Override
    protected Optional<Map<String, String>> givenSoThatNothingStarts() {
        return Optional.of(Map.of("mpiexec", "/nowhere/mpiexec"));
    }
}
