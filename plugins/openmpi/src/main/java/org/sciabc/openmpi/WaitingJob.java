// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * One job whose processes are started before it is known what they are to run. {@code mpirun} starts and ends them; what they
 * write, and how they ended, comes through {@link RankServer}, and where that is not whole, it is said and the job has failed.
 */
final class WaitingJob implements AutoCloseable {
    /** What a process ends with that PRRTE ended, as a rule: how the job ended is PRRTE's to say then. */
    private static final Set<Integer> ENDED_BY_SIGNAL = Set.of(137, 143);

    private static final ExitStatus NOT_WHOLE = new ExitStatus(1);
    private static final Duration UNTIL_ALL_HAVE_BEGUN = Duration.ofSeconds(30);
    private static final Duration UNTIL_UNNEEDED_HAVE_ENDED = Duration.ofSeconds(5);
    private static final Duration UNTIL_MPIRUN_ENDS = Duration.ofSeconds(10);
    private static final Duration ON_THE_WAY = Duration.ofSeconds(10);
    private static final Duration OF_A_FAILED_JOB = Duration.ofSeconds(1);

    private final InetAddress here;
    private final RankServer server;
    private final Optional<PrteRelay> relay;
    private final Held out = new Held();
    private final Held err = new Held();
    private final Attended mpirun;
    private final long begun = System.nanoTime();
    private volatile boolean isToRun;

    private WaitingJob(
            InetAddress here,
            RankServer server,
            Optional<PrteRelay> relay,
            LaunchRequest request,
            MpirunCommand command,
            Attended.Ending ending,
            Runnable ended) {
        this.here = here;
        this.server = server;
        this.relay = relay;
        this.mpirun = Attended.begin(
                () -> command.run(request.processes(), CommandStreams.to(out, new WithoutRemarks(err))), ending, ended);
    }

    /**
     * Starts as many processes as the job is to have, in a run-time that is there. They wait for {@link #run}, or end with
     * {@link #close}. An interrupted job is ended together with the run-time: PRRTE 3.0 would leave its processes running.
     */
    static WaitingJob inPrte(PrteFolder prte, LaunchRequest request) throws SciabcException {
        return inPrte(prte, request, () -> {});
    }

    /**
     * The same.
     *
     * @param ended is run when its {@code mpirun} has ended
     */
    static WaitingJob inPrte(PrteFolder prte, LaunchRequest request, Runnable ended) throws SciabcException {
        InetAddress here = request.ownAddress();
        RankServer server = server(here, request);
        Optional<PrteRelay> relay = PrteRelay.to(prte);
        String dvm = relay.isPresent() ? relay.get().dvm() : prte.dvm();
        MpirunCommand command =
                MpirunCommand.waitingIn(dvm, request, RankScript.command(prte.hasPerl()), server.call());
        return new WaitingJob(here, server, relay, request, command, prte::end, ended);
    }

    /** The same with a run-time of their own, which needs no more than any other job. */
    static WaitingJob byItself(LaunchRequest request) throws SciabcException {
        InetAddress here = request.ownAddress();
        RankServer server = server(here, request);
        MpirunCommand command = MpirunCommand.waiting(request, RankScript.anywhere(), server.call());
        return new WaitingJob(here, server, Optional.empty(), request, command, () -> {}, () -> {});
    }

    private static RankServer server(InetAddress here, LaunchRequest request) throws SciabcException {
        return RankServer.open(here, EndMark.random(), request.ranks());
    }

    /** What processes are told; who knows it can have them end. */
    String call() {
        return server.call();
    }

    /**
     * Keeps the processes for a job that is about to be run.
     *
     * @return whether they are there, or on their way
     */
    boolean keep() {
        return server.keep() && mpirun.isRunning();
    }

    /** Whether what starts and ends its processes has not ended. */
    boolean isRunning() {
        return mpirun.isRunning();
    }

    /** Whether all processes are there, and nothing is to be done but to tell them what to run. */
    boolean isReady() {
        return !isToRun && server.ends().areWaiting() && mpirun.isRunning();
    }

    /** No process of a job ran its program: it can be run in another way. */
    static final class NotBegun extends SciabcException {
        private static final long serialVersionUID = 1L;

        NotBegun(String why) {
            super(
                    "prte does not run jobs",
                    why,
                    "it takes bash on every node, and a firewall on this machine that lets the nodes in");
        }
    }

    /**
     * Runs a program in all of them, to its end.
     *
     * @throws NotBegun when nothing of the job ran, and nothing will
     */
    ExitStatus run(LaunchRequest.Job job, CommandStreams streams) throws SciabcException, InterruptedException {
        isToRun = true;
        OutputStream sharedOut = new Shared(streams.out());
        OutputStream sharedErr = new Shared(streams.err());
        server.run(job, new CommandStreams(streams.in(), sharedOut, sharedErr), () -> {
            out.release(sharedOut);
            err.release(sharedErr);
        });
        RankEnds ends = server.ends();
        Optional<ExitStatus> status = mpirun.await(new Overdue());
        if (server.withdraw()) {
            throw new NotBegun(
                    status.isEmpty()
                            ? "not all processes reached this machine at " + here.getHostAddress() + " within "
                                    + UNTIL_ALL_HAVE_BEGUN.toSeconds() + " s"
                            : words(err.held()));
        }
        ends.await(status.filter(ExitStatus::isOk).isPresent() ? ON_THE_WAY : OF_A_FAILED_JOB);
        return judged(status, ends, sharedErr);
    }

    /** Has processes that nobody needs end by themselves. Where that takes too long, they are ended. */
    @Override
    public void close() throws SciabcException {
        try (server;
                @Nullable PrteRelay ended = relay.orElse(null)) {
            if (!isToRun) {
                server.callOff();
                long since = server.ends().haveBegun() ? System.nanoTime() : begun;
                mpirun.awaitEnd(() -> System.nanoTime() - since > UNTIL_UNNEEDED_HAVE_ENDED.toNanos());
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** The first of what a program said, on one line. */
    static String words(ByteArrayOutputStream said) {
        return Untrusted.line(
                said.toString(StandardCharsets.UTF_8)
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("-----"))
                        .limit(3)
                        .reduce((one, other) -> one + " " + other)
                        .orElse("it ended without a word"),
                400);
    }

    private static ExitStatus judged(Optional<ExitStatus> said, RankEnds ends, OutputStream err) {
        Optional<ExitStatus> failure = ends.failure();
        boolean endedWell = said.isEmpty() || said.get().isOk();
        if (endedWell && !ends.isWhole()) {
            say(
                    err,
                    "the output of the job is not whole: that of rank "
                            + ends.missing().orElse(0) + " did not arrive to its end\n"
                            + "hint: 'sciabc launch --cold' runs it without what a session keeps");
            return failure.orElse(NOT_WHOLE);
        }
        if (endedWell && failure.isPresent()) {
            ends.signal().ifPresent(signal -> say(err, signal));
        }
        if (failure.isPresent() && !ENDED_BY_SIGNAL.contains(failure.get().code())) {
            return failure.get();
        }
        return endedWell ? failure.orElse(ExitStatus.OK) : said.orElse(NOT_WHOLE);
    }

    private static void say(OutputStream err, String what) {
        try {
            err.write(("error: " + what + "\n").getBytes(StandardCharsets.UTF_8));
            err.flush();
        } catch (IOException readerLeft) {
            // The status says it, too.
        }
    }

    /** Not all processes begin, or {@code mpirun} does not end although all of them have. */
    private final class Overdue implements BooleanSupplier {
        private long whole;

        @Override
        public boolean getAsBoolean() {
            long now = System.nanoTime();
            if (!server.isObeyed()) {
                return !server.ends().areWaiting() && now - begun > UNTIL_ALL_HAVE_BEGUN.toNanos();
            }
            if (!server.ends().isWhole()) {
                return false;
            }
            whole = whole == 0 ? now : whole;
            return now - whole > UNTIL_MPIRUN_ENDS.toNanos();
        }
    }
}
