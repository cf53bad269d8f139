// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.awaitility.core.ConditionFactory;
import org.sciabc.launch.OwnProcesses;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Node;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.Settings;

/**
 * A {@code prte} that stays, and an {@code mpirun} that starts the processes of a job on this machine and is not to be
 * relied on: a file {@code deaf} beside it has it start nothing, a file {@code lossy} has it end them in the middle, a file
 * {@code endless} has it not notice that they have ended; of a folder {@code few} they have the programs alone. With {@code prterun} beside it, it starts processes without
 * {@code prte}, too.
 */
final class FakePrte {
    private static final String PRTE = """
            #!/bin/sh
            here=$(dirname "$0")
            while [ $# -gt 0 ]; do
              case $1 in --report-uri) uri=$2 ;; esac
              shift
            done
            "$here/daemon/prte" 600 </dev/null >/dev/null 2>&1 &
            # Its name tells nothing: before it has become that program it is this script, which is called the same.
            until case $(readlink "/proc/$!/exe") in */daemon/prte) ;; *) false ;; esac; do sleep 0.02; done
            printf 'prte-here-%s@0.0;tcp4://127.0.0.1:1\\n' "$!" >"$uri"
            """;
    private static final String MPIRUN = """
            #!/bin/sh
            here=$(dirname "$0")
            [ "$1" = --dvm ] || [ -e "$here/prterun" ] || { echo cold; exit 0; }
            [ "$1" != --dvm ] || cp "${2#file:}" "$here/told"
            [ ! -e "$here/deaf" ] || { echo 'nobody is there' >&2; exit 1; }
            while [ "$1" != perl ] && [ "$1" != bash ] && [ "$1" != sh ]; do
              [ "$1" != -n ] || ranks=$2
              shift
            done
            [ ! -d "$here/few" ] || PATH=$here/few
            rank=0 pids=''
            while [ "$rank" -lt "$ranks" ]; do
              PMIX_RANK=$rank setsid "$@" &
              pids="$pids $!" rank=$((rank + 1))
            done
            if [ -e "$here/lossy" ]; then
              until [ -e "$here/begun" ]; do sleep 0.02; done
              for pid in $pids; do kill -9 "-$pid" || kill -9 "$pid"; done 2>/dev/null
              : >"$here/killed"
              exit 0
            fi
            status=0
            for pid in $pids; do wait "$pid" || status=$?; done 2>/dev/null
            [ ! -e "$here/endless" ] || exec sleep 600
            exit "$status"
            """;

    private final Path programs;
    private final Path state;

    FakePrte(Path folder) throws IOException {
        programs = Files.createDirectories(folder.resolve("bin"));
        state = Files.createDirectories(folder.resolve("state"));
        Files.createDirectories(programs.resolve("daemon"));
        Files.copy(Path.of("/bin/sleep"), programs.resolve("daemon/prte"));
        program("prte", PRTE);
        program("mpirun", MPIRUN);
    }

    private void program(String name, String text) throws IOException {
        Files.writeString(programs.resolve(name), text);
        Files.setPosixFilePermissions(programs.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    Path programs() {
        return programs;
    }

    PrteFolder folder() throws Exception {
        return PrteFolder.in(state);
    }

    ProcessHandle process() throws Exception {
        return folder().process().orElseThrow();
    }

    /** Ends it, and what looks after it: that would still write into a folder that is about to be removed. */
    void end() throws Exception {
        folder().end();
        Path lookedAfter = state.toRealPath();
        for (ProcessHandle process : ProcessHandle.allProcesses()
                .filter(each -> isIn(each, lookedAfter))
                .toList()) {
            process.destroyForcibly();
            within30Seconds().until(() -> !isIn(process, lookedAfter));
        }
    }

    /** Waits until a {@code lossy} one has ended the processes of a job. */
    void awaitTheirEnd() {
        within30Seconds().until(() -> Files.exists(programs.resolve("killed")));
    }

    private static ConditionFactory within30Seconds() {
        return await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(30));
    }

    private static boolean isIn(ProcessHandle process, Path place) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/cwd"))
                    .startsWith(place);
        } catch (IOException endedOrNotOurs) {
            return false;
        }
    }

    /** A job with one process on each of this many nodes. */
    LaunchRequest request(int nodes, String... command) throws Exception {
        return request(nodes, new LaunchRequest.Job(List.of(command), OptionalInt.empty(), Map.of(), false), false);
    }

    LaunchRequest request(int nodes, LaunchRequest.Job job, boolean isCold) throws Exception {
        JobLauncher launcher = new OpenMpiLauncher();
        List<ReadyNode> ready = new ArrayList<>();
        InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        for (int number = 1; number <= nodes; number++) {
            ready.add(new ReadyNode(Node.of("node" + number, List.of(address)), address, "pi", 1));
        }
        return new LaunchRequest(
                job,
                ready,
                state.resolve("nodes.txt"),
                List.of(),
                new RemoteShell(List.of("ssh")),
                Settings.of(
                        launcher.settings(),
                        Map.of("mpirun", programs.resolve("mpirun").toString())),
                state,
                new OwnProcesses(System.getenv("PATH"), Duration.ofSeconds(5)),
                isCold);
    }

    Ended launch(LaunchRequest request, String input) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        ExitStatus status = new OpenMpiLauncher().launch(request, new CommandStreams(in, out, err));
        return new Ended(status.code(), out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** How a job ended. */
    record Ended(int status, String out, String err) {}
}
