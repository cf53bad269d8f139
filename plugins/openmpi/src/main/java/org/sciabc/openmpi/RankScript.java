// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.sciabc.spi.JobInput;
import org.sciabc.spi.LaunchRequest;

/**
 * What runs a job's program in processes that were started before it: it connects to {@link RankServer}, waits until it hears what to run, and
 * passes on there what the program writes and how it ended.
 *
 * <p>Output goes through pipes, since programs open {@code /dev/stdout}, which nobody can do with a connection; standard
 * output through a terminal, as with mpirun: most programs keep back what they write into a pipe. One process of Perl does
 * all of it ({@code rank.pl}), in a third of the time that bash and its helpers need; where a node has no Perl, bash does it, for
 * its {@code /dev/tcp}, without terminals. To {@code mpirun} each process ends well, unless it is the one whose failure is to end the others.
 */
final class RankScript {
    /** What the script needs to know, kept off command lines, which all users of a node can read. */
    static final String VARIABLE = "SCIABC_CALL";

    /** A program that says something where Perl cannot be had, or something from outside meddles with it. */
    static final List<String> LOOKS_FOR_PERL =
            List.of("sh", "-c", "[ -z \"$PERL5OPT$PERL_UNICODE$PERLIO\" ] && perl -e 1 >/dev/null 2>&1 || echo none");

    /** In front of the folder that processes begin in, as with mpirun: this one here, and where a node has none, home. */
    private static final String USUAL = "~";

    private static final String IN_WHAT_IS_THERE = """
            if [ -z "$PERL5OPT$PERL_UNICODE$PERLIO" ] && command -v perl >/dev/null; then exec perl -e "$1"; fi
            exec bash -c "$2"
            """;

    private static final String IN_BASH =
            """
            set -- $SCIABC_CALL
            host=$1 port=$2 token=$3 secret=$4
            unset SCIABC_CALL PERL_BADLANG
            rank=${PMIX_RANK:-${OMPI_COMM_WORLD_RANK:-0}}
            { exec 3<>"/dev/tcp/$host/$port" 4<>"/dev/tcp/$host/$port"; } 2>/dev/null || exit 111
            printf '%s %s out\\n' "$token" "$rank" >&3
            printf '%s %s err\\n' "$token" "$rank" >&4
            feeder=
            if [ "$rank" = 0 ]; then
              { exec 8<>"/dev/tcp/$host/$port"; } 2>/dev/null || exit 111
              printf '%s 0 in\\n' "$token" >&8
              exec < <(trap '' @SIGNALS@; exec cat <&8 3>&- 4>&-) 8>&-
              feeder=$!
            else
              exec </dev/null
            fi
            read -r go whose bytes count <&3
            trap : @SIGNALS@
            case $go/$whose in
              "go/$secret") ;;
              "off/$secret")
                [ -z "$feeder" ] || kill -9 "$feeder" 2>/dev/null
                exit 0
                ;;
              *) exit 111 ;;
            esac
            words=()
            while [ "${#words[@]}" -lt "$count" ]; do
              LC_ALL=C IFS= read -r -d '' word <&3 || exit 111
              words+=("$word")
            done
            folder=${words[0]} variables=()
            if [ "${words[1]}" -gt 0 ]; then variables=(env "${words[@]:2:${words[1]}}"); fi
            set -- "${words[@]:$((2 + words[1]))}"
            unset words word bytes count go whose secret
            case $folder in
              "~"*) cd "${folder#"~"}" 2>/dev/null || cd ;;
              *)
                if ! cd "$folder" 2>/dev/null; then
                  set -- sh -c 'echo "$1: cannot be entered" >&2; exit 126' sh "$folder"
                fi
                ;;
            esac
            @BEGINNING@
            status=$({
                {
                  {
                    trap : @SIGNALS@
                    "${variables[@]}" "$@" >&5 2>&7 3>&- 4>&- 5>&- 6>&- 7>&-
                    echo "$?" >&6
                  } 7>&1 2>/dev/null | (trap '' @SIGNALS@; exec cat >&4 3>&- 5>&- 6>&-)
                } 5>&1 | (trap '' @SIGNALS@; exec cat >&3 4>&- 6>&-)
              } 6>&1)
            [ -z "$feeder" ] || kill -9 "$feeder" 2>/dev/null
            printf '\\036%s%s\\n' "$token" "${status:-143}" >&3
            printf '\\036%s%s\\n' "$token" "${status:-143}" >&4
            read -r code <&3
            exit "${code:-143}"
            """.replace("@BEGINNING@\n", ProgramStart.BEGINNING).replace("@SIGNALS@", JobInput.SIGNALS);

    /** As the words of a command line arrived here, so they leave. */
    private static final Charset OF_COMMAND_LINES =
            Charset.forName(System.getProperty("sun.jnu.encoding", StandardCharsets.UTF_8.name()));

    private RankScript() {}

    /** The command that runs what it is told to. */
    static List<String> command(boolean inPerl) {
        return inPerl ? List.of("perl", "-e", inPerl()) : List.of("bash", "-c", IN_BASH);
    }

    /** The same where nobody has looked for Perl. */
    static List<String> anywhere() {
        return List.of("sh", "-c", IN_WHAT_IS_THERE, "sciabc", inPerl(), IN_BASH);
    }

    private static String inPerl() {
        try (InputStream text = Objects.requireNonNull(RankScript.class.getResourceAsStream("rank.pl"))) {
            return new String(text.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }

    /** What somebody tells {@link RankServer} who has another job for where its processes wait. */
    static String makeRoom(String secret) {
        return "off " + secret;
    }

    /** What a process is told that is to run nothing, and to end well. */
    static ByteBuffer off(String secret) {
        return StandardCharsets.US_ASCII.encode("off " + secret + "\n");
    }

    /** What a process is told that is to run this job's program. */
    static ByteBuffer go(String secret, LaunchRequest.Job job) {
        Map<String, String> variables = new TreeMap<>(job.environment());
        List<String> words = new ArrayList<>();
        words.add(job.folder().orElse(USUAL + Path.of("").toAbsolutePath()));
        words.add(Integer.toString(variables.size()));
        variables.forEach((name, value) -> words.add(name + "=" + value));
        words.addAll(job.command());
        ByteBuffer bytes = OF_COMMAND_LINES.encode(String.join("\0", words) + "\0");
        ByteBuffer beginning =
                StandardCharsets.US_ASCII.encode("go " + secret + " " + bytes.remaining() + " " + words.size() + "\n");
        return ByteBuffer.allocate(beginning.remaining() + bytes.remaining())
                .put(beginning)
                .put(bytes)
                .flip();
    }

    /** The value of {@link #VARIABLE}. */
    static String call(String host, int port, EndMark mark, String secret) {
        return host + " " + port + " " + mark.token() + " " + secret;
    }

    /** Which process a connection belongs to, and which of its streams. */
    record Greeting(int rank, Kind kind) {
        /** The stream. */
        enum Kind {
            OUT,
            ERR,
            IN
        }

        /** Absent when it is none of ours. */
        static Optional<Greeting> parse(String line, EndMark mark, int ranks) {
            String[] words = line.split(" ", -1);
            if (words.length != 3 || !words[0].equals(mark.token()) || !words[1].matches("\\d{1,6}")) {
                return Optional.empty();
            }
            int rank = Integer.parseInt(words[1]);
            return Stream.of(Kind.values())
                    .filter(kind -> rank < (kind == Kind.IN ? 1 : ranks))
                    .filter(kind -> kind.name().toLowerCase(Locale.ROOT).equals(words[2]))
                    .findFirst()
                    .map(kind -> new Greeting(rank, kind));
        }
    }
}
