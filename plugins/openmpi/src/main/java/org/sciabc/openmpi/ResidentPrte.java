// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Resident;
import org.sciabc.spi.ResidentRequest;
import org.sciabc.spi.ResidentRuntime;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.StandingRequest;

/**
 * PRRTE's distributed virtual machine, {@code prte}, which comes with Open MPI 5: its daemons stay on the nodes, and a job
 * needs no connection any more. It neither grows nor shrinks without being disturbed (PRRTE 3.0 ends it when a daemon is
 * lost), so that other nodes mean another one.
 */
final class ResidentPrte implements ResidentRuntime {
    private static final int NOT_INSTALLED = 3;

    /**
     * Starts it, and beside it what ends it when no job has used it for a while. A job in progress is known by the process
     * of who waits for it.
     */
    private static final String START = """
            prte=$1 hostfile=$2 folder=$3 idle=$4
            command -v "$prte" >/dev/null 2>&1 || exit 3
            cd "$folder" || exit 1
            rm -f uri perl
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
            if (!folder.claim()) {
                throw new SciabcException(
                        "prte stays as it is",
                        "a job runs in it, which would end with it",
                        "give the command again when the job has ended");
            }
            try {
                folder.end();
            } finally {
                folder.release();
            }
        }
        return begin(launch, folder, wanted);
    }

    /** Whether something may stay on nodes between jobs. */
    static boolean isWanted(LaunchRequest request) {
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
                    WaitingJob.words(said),
                    "it has to be on every node: it comes with Open MPI 5. Launches work without it");
        }
        boolean hasPerl;
        try {
            hasPerl = tryOut(folder, launch);
        } catch (SciabcException | InterruptedException unusable) {
            folder.end();
            throw unusable;
        }
        folder.remember(wanted, hasPerl);
        return folder.state();
    }

    /**
     * Runs a program in every slot that looks for Perl: whether jobs work is known before one depends on it.
     *
     * @return whether Perl is everywhere
     * @throws WaitingJob.NotBegun when they do not
     */
    private static boolean tryOut(PrteFolder folder, LaunchRequest like) throws SciabcException, InterruptedException {
        ByteArrayOutputStream missing = new ByteArrayOutputStream();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        LaunchRequest.Job look = new LaunchRequest.Job(
                RankScript.LOOKS_FOR_PERL,
                OptionalInt.empty(),
                Map.of(),
                like.job().allowRoot());
        try (WaitingJob job = WaitingJob.inPrte(folder, like.withJob(look))) {
            if (!job.run(look, CommandStreams.to(missing, said)).isOk()) {
                throw new WaitingJob.NotBegun(WaitingJob.words(said));
            }
            return missing.size() == 0;
        }
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
     * Runs a job in it, where one is wanted and nobody else uses it: on exactly the job's nodes, started anew for them when
     * need be.
     *
     * @return absent when the job has to be started in another way, and nothing of it ran
     */
    static Optional<ExitStatus> launch(LaunchRequest request, CommandStreams streams)
            throws SciabcException, InterruptedException {
        PrteFolder folder = PrteFolder.in(request.stateFolder());
        Optional<NodesOfPrte> present = folder.wanted();
        if (present.isEmpty() || isUnfit(request) || !folder.claim()) {
            return Optional.empty();
        }
        try {
            if (!isReady(request, folder, present.get(), streams)) {
                return Optional.empty();
            }
            try (WaitingJob job = WaitingJob.inPrte(folder, request)) {
                return run(folder, job, request, streams);
            }
        } finally {
            folder.release();
        }
    }

    /**
     * Runs a job whose processes wait, or ends what does not run it: the next job has another one.
     *
     * @return absent when nothing of it ran, which was said
     */
    static Optional<ExitStatus> run(PrteFolder folder, WaitingJob job, LaunchRequest request, CommandStreams streams)
            throws SciabcException, InterruptedException {
        try {
            return Optional.of(job.run(request.job(), streams));
        } catch (WaitingJob.NotBegun unusable) {
            folder.end();
            say(streams, unusable);
            return Optional.empty();
        }
    }

    /** A job that is to start cold, or that differs in what is a matter of how it was started. */
    static boolean isUnfit(LaunchRequest request) {
        return !isWanted(request)
                || request.isCold()
                || request.job().oversubscribe()
                || request.job().tagged()
                || request.ranks() > request.slots();
    }

    private static boolean isReady(
            LaunchRequest request, PrteFolder folder, NodesOfPrte present, CommandStreams streams)
            throws SciabcException, InterruptedException {
        NodesOfPrte wanted = NodesOfPrte.of(request, present.idle());
        if (folder.process().isPresent() && wanted.equals(present)) {
            return true;
        }
        folder.end();
        try {
            if (begin(request, folder, wanted).isPresent()) {
                return true;
            }
        } catch (SciabcException refused) {
            say(streams, refused);
        }
        // Not tried again for each job: 'session start' does.
        folder.forget();
        return false;
    }

    private static void say(CommandStreams streams, SciabcException failure) {
        try {
            streams.err()
                    .write(("warning: " + failure.what() + ": " + failure.why() + "; this job starts without it\n")
                            .getBytes(StandardCharsets.UTF_8));
            streams.err().flush();
        } catch (IOException readerLeft) {
            // The job runs all the same.
        }
    }
}
