// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.LocalProcesses;
import org.sciabc.spi.Resident;
import org.sciabc.spi.ResidentRequest;
import org.sciabc.spi.ResidentRuntime;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.StandingRequest;
import org.sciabc.spi.Untrusted;

/**
 * PRRTE's distributed virtual machine, {@code prte}, which comes with Open MPI 5: its daemons stay on the nodes, and a job
 * needs no connection any more. It neither grows nor shrinks without being disturbed (PRRTE 3.0 ends it when a daemon is
 * lost), so that other nodes mean another one.
 */
final class ResidentPrte implements ResidentRuntime {
    private static final int NOT_INSTALLED = 3;

    /** What mpirun ends with when it did not hear how a job in there ended: seen where two processes failed at once. */
    private static final int UNHEARD = 255;

    /**
     * Starts it, and beside it what ends it when no job has used it for a while. A job in progress is known by the process
     * of who waits for it.
     */
    private static final String START = """
            prte=$1 hostfile=$2 folder=$3 idle=$4
            command -v "$prte" >/dev/null 2>&1 || exit 3
            cd "$folder" || exit 1
            rm -f uri
            "$prte" --hostfile "$hostfile" --daemonize --no-ready-msg --report-uri "$folder/uri" </dev/null >log 2>&1 || {
              cat log >&2
              exit 1
            }
            IFS= read -r first <uri || { cat log >&2; exit 1; }
            first=${first%%@*}
            pid=${first##*-}
            : >used
            : >seen
            touch -r used seen
            step=$((idle / 20))
            if [ "$step" -gt 2 ]; then step=2; fi
            if [ "$step" -lt 1 ]; then step=1; fi
            (
              unused=0
              while kill -0 "$pid"; do
                sleep "$step"
                if [ used -nt seen ] || { [ -s job ] && kill -0 "$(cat job)"; }; then
                  unused=0
                  touch -r used seen
                else
                  unused=$((unused + step))
                fi
                if [ "$unused" -ge "$idle" ]; then
                  rm -f set
                  kill "$pid"
                fi
              done
            ) </dev/null >/dev/null 2>&1 &
            """;

    @Override
    public Optional<Resident> start(ResidentRequest request) throws SciabcException, InterruptedException {
        LaunchRequest launch = request.launch();
        if (!isWanted(launch)) {
            return Optional.empty();
        }
        PrteFolder folder = PrteFolder.in(launch.stateFolder());
        NodesOfPrte wanted = NodesOfPrte.of(launch, request.idle());
        if (folder.process().isPresent()) {
            if (folder.nodes().filter(wanted::equals).isPresent()) {
                folder.touch();
                return folder.state();
            }
            folder.end();
        }
        return begin(launch, folder, wanted);
    }

    /** Of some dozens of jobs in PRRTE 3.0.8, one ended without its output and one without its status. */
    private static boolean isWanted(LaunchRequest request) {
        return request.settings().flag("resident");
    }

    private static Optional<Resident> begin(LaunchRequest launch, PrteFolder folder, NodesOfPrte wanted)
            throws SciabcException, InterruptedException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        List<String> words = new ArrayList<>(List.of("sh", "-c", START, "sciabc", prte(launch)));
        words.add(launch.hostfile().toAbsolutePath().toString());
        words.add(folder.path().toString());
        words.add(Long.toString(Math.max(1, wanted.idle().toSeconds())));
        ExitStatus status;
        try {
            status = launch.processes()
                    .run(words, MpirunCommand.of(launch).environment(), CommandStreams.to(said, said));
        } catch (InterruptedException stop) {
            folder.end();
            throw stop;
        }
        if (status.code() == NOT_INSTALLED) {
            return Optional.empty();
        }
        if (!status.isOk() || folder.process().isEmpty()) {
            folder.end();
            throw new SciabcException(
                    "prte did not start on all nodes",
                    reason(said.toString(StandardCharsets.UTF_8)),
                    "it has to be on every node: it comes with Open MPI 5. Launches work without it");
        }
        folder.remember(wanted);
        return folder.state();
    }

    private static String reason(String said) {
        return Untrusted.line(
                said.lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("-----"))
                        .limit(3)
                        .reduce((one, other) -> one + " " + other)
                        .orElse("it ended without a word"),
                400);
    }

    /** The one beside {@code mpirun}, where that is a path. */
    private static String prte(LaunchRequest launch) {
        String mpirun = launch.settings().text("mpirun");
        int folder = mpirun.lastIndexOf('/');
        return mpirun.substring(0, folder + 1) + "prte";
    }

    @Override
    public Optional<Resident> state(StandingRequest request) throws SciabcException {
        return PrteFolder.in(request.stateFolder()).state();
    }

    @Override
    public boolean stop(StandingRequest request) throws SciabcException, InterruptedException {
        PrteFolder folder = PrteFolder.in(request.stateFolder());
        boolean ran = folder.process().isPresent();
        folder.end();
        folder.forget();
        return ran;
    }

    /**
     * The one that a job may use, alone until it is released: on exactly its nodes, started anew for them when need be.
     * Absent when nobody wants one, when another job uses it, when the job is to start cold, and when its output is to
     * be tagged or it is to have more processes than slots, which is a matter of how it was started.
     */
    static Optional<PrteFolder> claim(LaunchRequest request) throws SciabcException, InterruptedException {
        PrteFolder folder = PrteFolder.in(request.stateFolder());
        Optional<NodesOfPrte> present = folder.wanted();
        boolean isUnfit = !isWanted(request)
                || request.isCold()
                || request.job().oversubscribe()
                || request.job().tagged();
        if (isUnfit || present.isEmpty() || !folder.claim()) {
            return Optional.empty();
        }
        try {
            NodesOfPrte wanted = NodesOfPrte.of(request, present.get().idle());
            if (folder.process().isPresent() && wanted.equals(present.get())) {
                return Optional.of(folder);
            }
            folder.end();
            if (begin(request, folder, wanted).isPresent()) {
                return Optional.of(folder);
            }
            folder.forget();
        } catch (SciabcException | InterruptedException | RuntimeException failure) {
            folder.release();
            folder.forget();
            throw failure;
        }
        folder.release();
        return Optional.empty();
    }

    /** Runs a job in it. An interrupted one is ended together with it: PRRTE 3.0 would leave its processes running. */
    static ExitStatus run(PrteFolder prte, LaunchRequest request, CommandStreams streams)
            throws SciabcException, InterruptedException {
        EndMark mark = EndMark.random();
        MpirunCommand command = MpirunCommand.of(request).inside(prte.uri(), mark, request);
        AtomicInteger failed = new AtomicInteger();
        CommandStreams clean = new CommandStreams(
                streams.in(),
                mark.removedFrom(streams.out(), status -> {}),
                mark.removedFrom(streams.err(), status -> failed.compareAndSet(0, status)));
        LocalProcesses processes = request.processes();
        ExitStatus status =
                new Attended(() -> processes.run(command.words(), command.environment(), clean)).await(prte::end);
        return status.code() == UNHEARD && failed.get() > 0 ? new ExitStatus(failed.get() & 0xFF) : status;
    }
}
