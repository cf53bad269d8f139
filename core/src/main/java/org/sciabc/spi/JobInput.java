// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * A job's input, which its first process fetches from this machine over a connection of its own: for launchers that do not
 * carry it whole. Open MPI 5.0 loses what is longer than 4096 bytes (openpmix/prrte issue 2220), and MPICH's Hydra ends a job
 * that reads more slowly than it is written to (its {@code pmip_cb.c}: "process reading stdin too slowly").
 *
 * <p>A launcher listens, has {@link #SCRIPT} run around the first process, with what {@link #offer} says in the variable
 * {@link #VARIABLE}, and reads from {@link #streams} itself. Where the process does not come for it in half a minute, as behind
 * a firewall, the launcher gets the input after all, and a warning is written to the job's standard error. Who calls has to
 * know a random word.
 */
public final class JobInput implements AutoCloseable {
    /** What the first process needs to know, kept off command lines, which all users of a node can read. */
    public static final String VARIABLE = "SCIABC_CALL";

    /** Signals that launchers send to a whole group of processes and that are the program's to heed or to die of. */
    public static final String SIGNALS = "TERM HUP INT ABRT ALRM USR1 USR2";

    /**
     * Ends a POSIX shell as the program has ended whose status is in {@code status}: by the same signal, too. A core is the
     * program's.
     */
    public static final String END = """
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
            """.replace("@SIGNALS@", SIGNALS);

    /**
     * For {@code bash -c SCRIPT bash PROGRAM ARGUMENT...}, on a node with {@code cat} and Linux's {@code /proc}: runs the
     * program with its input, without the variable, and ends as it does. A program that gets none from here reads what the
     * launcher gives it. The file descriptors 198 and 199 are the script's.
     *
     * <p>The number of its feeder may be another one's by the time that {@code cat} is to end: only what is still a child is
     * ended. (Bash before 5.1 cannot do that where POSIXLY_CORRECT is set.) Whoever starts it may hide {@code BASH_ENV} from
     * this bash in the variable {@code SCIABC_ENV}, and the program has it back.
     */
    public static final String SCRIPT = """
            exec 199>&2 2>/dev/null
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
            exec 198< <(come 199>&-)
            sciabc_feeder=$!
            read -r -t 20 -u 198 sciabc_answer
            if [ "$sciabc_answer" != yes ]; then
              leave
              exec 198<&0
            fi
            (exec "$@" <&198 2>&199 198<&- 199>&-)
            status=$?
            leave
            @END@
            """.replace("@END@\n", END).replace("@SIGNALS@", SIGNALS);

    private static final Duration READING = Duration.ofSeconds(2);
    private static final Duration UNTIL_TAKEN = Duration.ofSeconds(30);

    /** What is no terminal and no pipe is known at once. */
    private static final Duration UNTIL_KNOWN = Duration.ofMillis(5);

    private static final int LONGEST = 100;

    private final String token = UUID.randomUUID().toString();
    private final CommandStreams streams;
    private final Consumer<String> others;
    private final PeekedInput peeked;
    private Optional<ServerSocket> door = Optional.empty();
    private Optional<OfferedInput> offered = Optional.empty();

    /** So many may be about to say who they are: whoever has not done so in time is nobody. */
    private final Semaphore unheard = new Semaphore(64);

    /**
     * Begins to look whether there is input: the first byte is read in advance.
     *
     * @param streams those of the job; its input is read by {@link #streams} alone from now on
     * @param others hears what else is said by who knows the word: a line without that word, on any thread
     */
    public JobInput(CommandStreams streams, Consumer<String> others) {
        this.streams = streams;
        this.others = others;
        this.peeked = new PeekedInput(streams.in());
    }

    /** The same where nobody has anything else to say. */
    public JobInput(CommandStreams streams) {
        this(streams, line -> {});
    }

    /**
     * Whether there is any. It may take some milliseconds; where it is not known by then, as at a terminal, there may be some.
     *
     * @throws InterruptedException when the thread was interrupted
     */
    public boolean isThere() throws InterruptedException {
        return !peeked.isEmpty(UNTIL_KNOWN);
    }

    /**
     * Begins to listen, once, where there is input, for the first process to come for it.
     *
     * @return the value of {@link #VARIABLE}; absent where nobody is to come: there is none, or nobody can listen
     * @throws InterruptedException when the thread was interrupted
     */
    public Optional<String> offer(LaunchRequest request) throws InterruptedException {
        return isThere() ? listen(request, true) : Optional.empty();
    }

    /**
     * Begins to listen, once, at this machine's address on the network of the job.
     *
     * @param isWanted whether the first process is to come for the input; else {@link #streams} have it as it is
     * @return the value of {@link #VARIABLE}: an address, a port and the word that nobody can guess, with a space between them;
     *     absent where nobody can listen
     */
    public Optional<String> listen(LaunchRequest request, boolean isWanted) {
        try {
            ServerSocket opened = new ServerSocket(0, 0, request.ownAddress());
            door = Optional.of(opened);
            if (isWanted) {
                offered = Optional.of(
                        new OfferedInput(new CommandStreams(peeked, streams.out(), streams.err()), UNTIL_TAKEN));
            }
            start(() -> serve(opened));
            return Optional.of(opened.getInetAddress().getHostAddress() + " " + opened.getLocalPort() + " " + token);
        } catch (IOException | SciabcException refused) {
            return Optional.empty();
        }
    }

    /** What the launcher is to read and write: of input for which the first process comes, it gets what is left. */
    public CommandStreams streams() {
        InputStream in = offered.isPresent() ? offered.get() : peeked;
        return new CommandStreams(in, streams.out(), streams.err());
    }

    private void serve(ServerSocket opened) {
        try (opened) {
            while (true) {
                unheard.acquire();
                Socket caller = opened.accept();
                start(() -> hear(caller));
            }
        } catch (InterruptedException | IOException closed) {
            // By us, as a rule; in any case nobody is heard any more, as if nobody had asked.
            return;
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "job-input");
        thread.setDaemon(true);
        thread.start();
    }

    private void hear(Socket caller) {
        String line = line(caller);
        unheard.release();
        if (line.equals(token + " in") && offered.isPresent()) {
            offered.get().giveTo(caller);
            return;
        }
        closeQuietly(caller);
        if (line.startsWith(token + " ")) {
            others.accept(line.substring(token.length() + 1));
        }
    }

    private static String line(Socket caller) {
        StringBuilder line = new StringBuilder();
        try {
            InputStream in = caller.getInputStream();
            long end = System.nanoTime() + READING.toNanos();
            for (int octet = 0; octet >= 0 && octet != '\n' && line.length() < LONGEST; ) {
                caller.setSoTimeout((int) Math.max(1, (end - System.nanoTime()) / 1_000_000));
                octet = in.read();
                if (octet >= 0 && octet != '\n') {
                    line.append((char) octet);
                }
            }
        } catch (IOException gone) {
            // Who does not say it to its end has said nothing.
            return "";
        }
        return line.toString();
    }

    static void closeQuietly(Closeable what) {
        try {
            what.close();
        } catch (IOException closed) {
            // There is nobody who could be told.
            return;
        }
    }

    /** Nobody gets any more of it; the input itself stays open. */
    @Override
    public void close() {
        offered.ifPresent(OfferedInput::close);
        door.ifPresent(JobInput::closeQuietly);
    }
}
