// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.EarlyStart;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.SciabcException;

/**
 * The {@code mpirun} of a job that the checks have not let run yet. It gets ready on this machine, which takes it some 40 ms, and
 * its remote shells wait at a {@link Gate}: nothing begins on a node.
 */
final class GatedMpirun implements EarlyStart {
    private static final Duration UNTIL_SENT_AWAY = Duration.ofSeconds(2);

    private final LaunchRequest expected;
    private final MpirunCommand command;
    private final int shells;
    private final Gate gate;
    private final Held out = new Held();
    private final Held err = new Held();
    private @Nullable Attended mpirun;
    private boolean isOpened;

    private GatedMpirun(LaunchRequest expected, MpirunCommand command, Gate gate) {
        this.expected = expected;
        this.command = command;
        this.shells = expected.nodes().size();
        this.gate = gate;
    }

    /**
     * One that starts when all nodes have answered: before, it would take the time of those that share this machine.
     *
     * @return absent where it cannot be held back: a process on this machine needs no remote shell, and one of Open MPI 5 is told
     *     what to do with its input beforehand
     */
    static Optional<EarlyStart> begin(LaunchRequest expected) throws SciabcException {
        if (MpirunOfPrrte.isWhatRuns(expected) || !Gate.canBeIn(expected.stateFolder()) || !areElsewhere(expected)) {
            return Optional.empty();
        }
        return Optional.of(new GatedMpirun(expected, MpirunCommand.of(expected), Gate.in(expected.stateFolder())));
    }

    private static boolean areElsewhere(LaunchRequest expected) {
        try {
            for (ReadyNode node : expected.nodes()) {
                if (node.address().isLoopbackAddress() || NetworkInterface.getByInetAddress(node.address()) != null) {
                    return false;
                }
            }
            return true;
        } catch (SocketException unknown) {
            return false;
        }
    }

    private static MpirunCommand behind(Gate gate, MpirunCommand command) {
        Map<String, String> environment = new TreeMap<>(command.environment());
        for (String agent : MpirunCommand.AGENTS) {
            environment.computeIfPresent(agent, (name, shell) -> gate.before(shell));
        }
        return new MpirunCommand(gate.before(command.words()), environment);
    }

    @Override
    public void answered() {
        MpirunCommand gated = behind(gate, command);
        mpirun = Attended.begin(() -> gated.run(expected.processes(), CommandStreams.to(out, err)), () -> {});
    }

    private boolean isRunning() {
        return mpirun != null && mpirun.isRunning();
    }

    @Override
    public Optional<ExitStatus> launch(LaunchRequest request, CommandStreams streams)
            throws SciabcException, InterruptedException {
        if (!command.equals(MpirunCommand.of(request)) || !isRunning()) {
            return Optional.empty();
        }
        return Optional.of(OpenMpiLauncher.launchWithoutPrte(request, streams, Optional.of(this)));
    }

    /**
     * Lets the job run, to its end.
     *
     * @return absent when that is not possible; nothing of it ran
     */
    Optional<ExitStatus> run(CommandStreams streams) throws SciabcException, InterruptedException {
        isOpened = gate.open(shells, this::isRunning);
        if (!isOpened || mpirun == null) {
            return Optional.empty();
        }
        out.release(streams.out());
        err.release(streams.err());
        return mpirun.await(() -> false);
    }

    @Override
    public boolean isReady() {
        return !isOpened && isRunning();
    }

    @Override
    public void close() throws SciabcException {
        if (mpirun == null) {
            return;
        }
        try (gate) {
            if (!isOpened) {
                gate.refuse(shells, this::isRunning);
            }
            long begun = System.nanoTime();
            mpirun.awaitEnd(() -> System.nanoTime() - begun > UNTIL_SENT_AWAY.toNanos());
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
