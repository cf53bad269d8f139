// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What runs a job's program in a resident run-time: it connects to {@link RankServer}, starts the program when it is told
 * to, and passes on there what the program writes and how it ended.
 *
 * <p>It needs bash, for {@code /dev/tcp}. Output goes through pipes, since programs open {@code /dev/stdout}, which nobody
 * can do with a connection; standard output first of all through a terminal, as with mpirun: most programs keep back what they
 * write into a pipe. To PRRTE each process ends well, unless it is the one whose failure is to end the others.
 */
final class RankScript {
    /** What the script needs to know, kept off command lines, which all users of a node can read. */
    static final String VARIABLE = "SCIABC_CALL";

    /**
     * Runs a program with a terminal of its own as standard output, which changes nothing of what passes, and ends as it did;
     * where there is no such terminal, without. Of a locale that is not installed here Perl says nothing; it is the program's.
     * No single quotes: bash has it between some. The numbers are Linux's
     * (asm-generic/ioctls.h, fcntl.h and errno-base.h): TIOCSPTLCK, TIOCGPTN, TCGETS, TCSETS, O_RDWR|O_NOCTTY, EINTR, ENOENT.
     */
    private static final String TERMINAL = """
            delete $ENV{PERL_BADLANG};
            for my $signal (qw(PIPE @SIGNALS@)) {
              $SIG{$signal} = sub {} unless ($SIG{$signal} || "") eq "IGNORE";
            }
            my ($master, $slave, $bytes, $pid);
            my ($unlocked, $number, $modes) = (pack("i", 0), pack("i", 0), "\\0" x 64);
            if (open($master, "+<", "/dev/ptmx")
                && ioctl($master, 0x40045431, $unlocked)
                && ioctl($master, 0x80045430, $number)
                && ioctl($master, 0x5401, $modes)
                && (substr($modes, 4, 4) = pack("L", unpack("L", substr($modes, 4, 4)) & ~1))
                && ioctl($master, 0x5402, $modes)
                && sysopen($slave, "/dev/pts/" . unpack("i", $number), 0x102)
                && defined($pid = fork)) {
              if ($pid) {
                close $slave;
                while (1) {
                  my $read = sysread($master, $bytes, 65536);
                  next if !defined $read && $! == 4;
                  last if !$read;
                  for (my $at = 0; $at < $read;) {
                    my $written = syswrite(STDOUT, $bytes, $read - $at, $at);
                    $at += $written if defined $written;
                    last if !defined $written && $! != 4;
                  }
                }
                while (waitpid($pid, 0) < 0 && $! == 4) {}
                exit($? & 127 ? 128 + ($? & 127) : $? >> 8);
              }
              open(STDOUT, ">&", $slave);
            }
            exec { $ARGV[0] } @ARGV;
            my $why = $! + 0;
            print STDERR "$ARGV[0]: $!\\n";
            exit($why == 2 ? 127 : 126);
            """;

    private static final String TEXT = """
            call=$SCIABC_CALL
            unset SCIABC_CALL
            host=${call%% *} token=${call##* } port=${call#* }
            port=${port%% *}
            rank=${PMIX_RANK:-0}
            @BEGINNING@
            trap : @SIGNALS@
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
            terminal=()
            if [ -z "$PERL5OPT$PERL_UNICODE" ] && command -v perl >/dev/null 2>&1; then
              export PERL_BADLANG=0
              terminal=(perl -e '@TERMINAL@')
            fi
            read -r -t 60 go <&3 && [ "$go" = go ] || exit 111
            status=$({
                {
                  {
                    trap : @SIGNALS@
                    "${terminal[@]}" "$@" >&5 2>&7 3>&- 4>&- 5>&- 6>&- 7>&-
                    echo "$?" >&6
                  } 7>&1 2>/dev/null | (trap '' @SIGNALS@; exec cat >&4 3>&- 5>&- 6>&-)
                } 5>&1 | (trap '' @SIGNALS@; exec cat >&3 4>&- 6>&-)
              } 6>&1)
            [ -z "$feeder" ] || kill "$feeder" 2>/dev/null
            printf '\\036%s%s\\n' "$token" "${status:-143}" >&3
            printf '\\036%s%s\\n' "$token" "${status:-143}" >&4
            read -r -t 10 code <&3
            exit "${code:-143}"
            """.replace("@BEGINNING@\n", ProgramStart.BEGINNING)
            .replace("@TERMINAL@", TERMINAL)
            .replace("@SIGNALS@", ProgramStart.SIGNALS);

    private RankScript() {}

    /** The command that runs another one. */
    static List<String> around(List<String> command) {
        return Stream.concat(Stream.of("bash", "-c", TEXT, "sciabc"), command.stream())
                .toList();
    }

    /** The value of {@link #VARIABLE}. */
    static String call(String host, int port, EndMark mark) {
        return host + " " + port + " " + mark.token();
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
