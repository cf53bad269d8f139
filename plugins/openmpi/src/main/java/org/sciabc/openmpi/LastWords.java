// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.SciabcException;

/**
 * Gives the first process of a job its input, and hears from all of them how each has ended. PRRTE 3.0 misses the end of one
 * job in some hundreds, and then waits for ever; whoever knows that all processes have ended can end it. What does not arrive
 * does no harm: a node without bash, or one that a firewall keeps away, tells nothing, and its input comes from PRRTE. Processes
 * that a program has spawned (MPI_Comm_spawn) tell nothing either.
 */
final class LastWords implements AutoCloseable {
    /** What the processes need to know, kept off command lines, which all users of a node can read. */
    static final String VARIABLE = "SCIABC_CALL";

    /**
     * To PRRTE the process ends as its program did, by the same signal, too; a core is the program's. Nobody waits for the
     * word to arrive. The first process comes for its input, and reads that from PRRTE where it gets none from here. Its number
     * may be another one's by the time that {@code cat} is to end: only what is still a child is ended. (Bash before 5.1
     * cannot do that where POSIXLY_CORRECT is set.)
     */
    private static final String SCRIPT =
            """
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
              SCIABC_CALL=$sciabc_call SCIABC_ENV=$BASH_ENV BASH_ENV='' bash -c '
                trap : @SIGNALS@
                sciabc_call=($SCIABC_CALL)
                if [ -n "$SCIABC_ENV" ]; then export BASH_ENV=$SCIABC_ENV; else unset BASH_ENV; fi
                unset SCIABC_CALL SCIABC_ENV
                come() {
                  trap "" @SIGNALS@
                  exec 3<>"/dev/tcp/${sciabc_call[0]}/${sciabc_call[1]}" && echo "${sciabc_call[2]} in" >&3 &&
                    read -r sciabc_answer <&3 && echo "$sciabc_answer" && echo ok >&3 && exec cat <&3
                }
                leave() {
                  read -r _ _ _ sciabc_parent _ <"/proc/$sciabc_feeder/stat" && [ "$sciabc_parent" = "$$" ] &&
                    kill -9 "$sciabc_feeder"
                }
                exec 8< <(come 9>&-)
                sciabc_feeder=$!
                read -r -t 20 -u 8 sciabc_answer
                if [ "$sciabc_answer" != yes ]; then
                  leave
                  exec 8<&0
                fi
                (exec "$@" <&8 2>&9 8<&- 9>&-)
                status=$?
                leave
                exit "$status"
                ' bash "$@"
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
            if [ "$status" -gt 128 ]; then
              case $(kill -l "$((status - 128))") in
                "" | STOP | TSTP | TTIN | TTOU) ;;
                *)
                  trap - @SIGNALS@
                  ulimit -c 0
                  kill -"$((status - 128))" "$$"
                  ;;
              esac
            fi
            exit "$status"
            """.replace("@BEGINNING@\n", ProgramStart.BEGINNING).replace("@SIGNALS@", ProgramStart.SIGNALS);

    private static final Duration READING = Duration.ofSeconds(2);
    private static final Duration UNTIL_INPUT_IS_TAKEN = Duration.ofSeconds(30);
    private static final int LONGEST = 100;

    private final ServerSocket door;
    private final String token = UUID.randomUUID().toString();
    private final int ranks;
    private final OfferedInput input;
    /** Guarded by this. */
    private final Map<Integer, Integer> statuses = new HashMap<>();

    private int firstFailure;

    private LastWords(ServerSocket door, int ranks, OfferedInput input) {
        this.door = door;
        this.ranks = ranks;
        this.input = input;
    }

    /**
     * Begins to listen, at this machine's address on the network of the job.
     *
     * @param streams the job's input, and where it is said that the first process has not come for it
     * @return absent where nobody can listen
     */
    static Optional<LastWords> listen(LaunchRequest request, CommandStreams streams) {
        try {
            ServerSocket door = new ServerSocket();
            door.bind(new InetSocketAddress(JobInPrte.reachedAt(request), 0));
            LastWords words =
                    new LastWords(door, MpirunCommand.ranks(request), new OfferedInput(streams, UNTIL_INPUT_IS_TAKEN));
            Thread thread = new Thread(words::serve, "last-words");
            thread.setDaemon(true);
            thread.start();
            return Optional.of(words);
        } catch (IOException | SciabcException refused) {
            return Optional.empty();
        }
    }

    /** The command that runs another one and tells how it ended. */
    static List<String> around(List<String> command) {
        return Stream.concat(Stream.of("sh", "-c", SCRIPT, "sciabc"), command.stream())
                .toList();
    }

    /** The value of {@link #VARIABLE} where the first process comes for its input, and all tell how they end. */
    String call() {
        return place() + " all";
    }

    /** The same where nobody comes, because there is no input. */
    String callWithoutInput() {
        return place() + " last";
    }

    /** The same where nobody tells anything, and all but the first process run as if nobody had asked. */
    String callOfTheFirst() {
        return place() + " first";
    }

    private String place() {
        return door.getInetAddress().getHostAddress() + " " + door.getLocalPort() + " " + token;
    }

    /** What is left of the input for {@code mpirun}: nothing, as a rule. */
    InputStream input() {
        return input;
    }

    /** Whether every process of the job has ended. */
    synchronized boolean areComplete() {
        return statuses.size() == ranks;
    }

    /** How the first process ended that did not end well; well where there was none. */
    synchronized ExitStatus status() {
        return new ExitStatus(firstFailure);
    }

    private void serve() {
        try (door) {
            while (true) {
                Socket caller = door.accept();
                Thread thread = new Thread(() -> hear(caller), "last-words");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException closed) {
            // By us, as a rule; in any case nobody is heard any more, as if nobody had asked.
            return;
        }
    }

    private void hear(Socket caller) {
        String line = line(caller);
        if (line.equals(token + " in")) {
            input.giveTo(caller);
        } else {
            Quietly.close(caller);
            hear(line);
        }
    }

    private static String line(Socket caller) {
        StringBuilder line = new StringBuilder();
        try {
            caller.setSoTimeout((int) READING.toMillis());
            InputStream in = caller.getInputStream();
            for (int octet = in.read(); octet >= 0 && octet != '\n' && line.length() < LONGEST; octet = in.read()) {
                line.append((char) octet);
            }
        } catch (IOException gone) {
            // Who does not say it is not known to have ended.
            return "";
        }
        return line.toString();
    }

    private synchronized void hear(String line) {
        String[] words = line.split(" ", -1);
        boolean isOurs = words.length == 3
                && words[0].equals(token)
                && words[1].matches("\\d{1,6}")
                && words[2].matches("\\d{1,3}")
                && Integer.parseInt(words[1]) < ranks;
        if (isOurs) {
            int status = Math.min(255, Integer.parseInt(words[2]));
            statuses.putIfAbsent(Integer.parseInt(words[1]), status);
            firstFailure = firstFailure == 0 ? status : firstFailure;
        }
    }

    @Override
    public void close() {
        input.close();
        try {
            door.close();
        } catch (IOException alreadyClosed) {
            // Nobody listens there, which was wanted.
            return;
        }
    }
}
