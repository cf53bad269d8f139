// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.JobInput;
import org.sciabc.spi.LaunchRequest;

/**
 * Gives the first process of a job its input, and hears from all of them how each has ended. PRRTE 3.0 misses the end of one
 * job in some hundreds, and then waits for ever; whoever knows that all processes have ended can end it. What does not arrive
 * does no harm: a node without bash, or one that a firewall keeps away, tells nothing, and its input comes from PRRTE. Processes
 * that a program has spawned (MPI_Comm_spawn) tell nothing either.
 */
final class LastWords implements AutoCloseable {
    /**
     * To PRRTE the process ends as its program did, by the same signal, too; a core is the program's. Nobody waits for the
     * word to arrive. The first process comes for its input.
     */
    private static final String SCRIPT = """
            sciabc_call=$SCIABC_CALL
            unset SCIABC_CALL
            sciabc_rank=${PMIX_RANK:-${OMPI_COMM_WORLD_RANK:-0}}
            @BEGINNING@
            trap : @SIGNALS@
            exec 9>&2 2>/dev/null
            if ! command -v "$1" >/dev/null; then
              echo "$1: not found on $(uname -n), or not executable" >&9
              status=127
            elif [ "$sciabc_rank" = 0 ] && [ "${sciabc_call##* }" != last ] &&
              [ -z "${POSIXLY_CORRECT+x}" ] && command -v bash >/dev/null && command -v cat >/dev/null; then
              SCIABC_CALL=$sciabc_call SCIABC_ENV=$BASH_ENV BASH_ENV='' bash -c @FIRST@ bash "$@" 2>&9 9>&-
              status=$?
            elif [ "${sciabc_call##* }" = first ]; then
              exec "$@" 2>&9 9>&-
            else
              (exec "$@" 2>&9 9>&-)
              status=$?
            fi
            exec 9>&-
            if [ "${sciabc_call##* }" != first ]; then
              SCIABC_CALL="${sciabc_call% *} $sciabc_rank $status" \
                bash -c 'set -- $SCIABC_CALL; exec 3<>"/dev/tcp/$1/$2" && echo "$3 $4 $5" >&3' </dev/null >/dev/null 2>&1 &
            fi
            @END@
            """.replace("@BEGINNING@\n", ProgramStart.BEGINNING)
            .replace("@END@\n", JobInput.END)
            .replace("@SIGNALS@", JobInput.SIGNALS)
            .replace("@FIRST@", ShellText.quoted(JobInput.SCRIPT));

    private final int ranks;
    /** Guarded by this. */
    private final Map<Integer, Integer> statuses = new HashMap<>();

    private int firstFailure;

    private final JobInput input;

    private LastWords(CommandStreams streams, int ranks) {
        this.ranks = ranks;
        this.input = new JobInput(streams, new Hearing(this));
    }

    /** What is said besides; a class, because a plugin's lambdas cost a millisecond each. */
    private record Hearing(LastWords words) implements Consumer<String> {
        @Override
        public void accept(String line) {
            words.hear(line);
        }
    }

    /** Looks whether there is input; nobody listens yet. */
    static LastWords of(LaunchRequest request, CommandStreams streams) {
        return new LastWords(streams, request.ranks());
    }

    /**
     * Begins to listen for all processes.
     *
     * @return the value of {@link JobInput#VARIABLE}, with which all tell how they end, and the first comes for its input if
     *     there is any; absent where nobody can listen
     */
    Optional<String> callOfAll(LaunchRequest request) throws InterruptedException {
        boolean isThere = input.isThere();
        return followedBy(isThere ? " all" : " last", input.listen(request, isThere));
    }

    /**
     * Begins to listen where there is input.
     *
     * @return the same, where nobody tells anything and all but the first process run as if nobody had asked; absent where
     *     that one has nothing to come for, too
     */
    Optional<String> callOfTheFirst(LaunchRequest request) throws InterruptedException {
        return followedBy(" first", input.offer(request));
    }

    private static Optional<String> followedBy(String who, Optional<String> call) {
        return call.isPresent() ? Optional.of(call.get() + who) : call;
    }

    /** Whether the job has input. */
    boolean haveInput() throws InterruptedException {
        return input.isThere();
    }

    /** What {@code mpirun} is to read and write. */
    CommandStreams streams() {
        return input.streams();
    }

    /** The command that runs another one and tells how it ended. */
    static List<String> around(List<String> command) {
        return Stream.concat(Stream.of("sh", "-c", SCRIPT, "sciabc"), command.stream())
                .toList();
    }

    /** Whether every process of the job has ended. */
    synchronized boolean areComplete() {
        return statuses.size() == ranks;
    }

    /** How the first process ended that did not end well; well where there was none. */
    synchronized ExitStatus status() {
        return new ExitStatus(firstFailure);
    }

    private synchronized void hear(String line) {
        String[] words = line.split(" ", -1);
        boolean isOurs = words.length == 2
                && words[0].matches("\\d{1,6}")
                && words[1].matches("\\d{1,3}")
                && Integer.parseInt(words[0]) < ranks;
        if (isOurs) {
            int status = Math.min(255, Integer.parseInt(words[1]));
            statuses.putIfAbsent(Integer.parseInt(words[0]), status);
            firstFailure = firstFailure == 0 ? status : firstFailure;
        }
    }

    @Override
    public void close() {
        input.close();
    }
}
