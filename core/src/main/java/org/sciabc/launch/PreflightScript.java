// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.sciabc.launch.RememberedAnswers.Remembered;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.Probe;

/**
 * All probes of a node in one script for {@code sh}, and the way back from its output to their answers. One script, because
 * a second connection costs more than all the questions together.
 */
final class PreflightScript {
    /** The answer to what a machine's other answers depend on. */
    static final String SIGHT = "sciabc.sight";

    /** Answered by a machine on which nothing has changed, in place of what is remembered. */
    static final String SAME = "sciabc.same";

    static final int MOST_CHARACTERS = 1 << 14;
    private static final Pattern MARK = Pattern.compile("(?m)^@@sciabc ([A-Za-z0-9.-]+)@@\\n");

    /** What {@link #mark} writes, quoted however often. */
    private static final Pattern MARK_IN_SCRIPT = Pattern.compile("@@sciabc %s@@\\\\n['\\\\]+ ([A-Za-z0-9.-]+)");

    private static final String END = "end";
    private static final String BEGIN = "LC_ALL=C; export LC_ALL\n";

    /** What evidence is given with, {@link Probe} says. A name with a line feed cannot be told from two names. */
    private static final String COMMANDS = """
            sciabc_line='
            '
            on() {
              for g; do
                case $g in /*) ;; *) g=$PWD/$g ;; esac
                case $g in *"$sciabc_line"*) echo doubt ;; esac
                if [ -e "$g" ]; then sciabc_files=$sciabc_files$g$sciabc_line; else echo "none $g"; fi
              done
            }
            on_path() {
              for c; do
                case $c in */*) on "$c"; continue ;; esac
                q=; IFS=:
                for d in $PATH; do [ -f "$d/$c" ] && [ -x "$d/$c" ] && { q=$d/$c; break; }; done
                unset IFS
                if [ -n "$q" ]; then p=$q; on "$q"; else echo "none $c"; fi
              done
            }
            """;

    /** One process for all files. A library from where the system has none may be hidden by a new one in its folder. */
    private static final String SIGHT_ENDS = """
            set -f; IFS=$sciabc_line
            for l in $sciabc_answers; do
              case $l in *' => /'*) ;; *) continue ;; esac
              l=${l#* => }; l=${l%% (*}
              on "$l"
              case $l in /lib/* | /lib64/* | /usr/lib/* | /usr/lib64/*) ;; *) on "${l%/*}" ;; esac
            done
            exec stat -L -c 'file %d %i %f %u %g %s %.9Y %.9Z %n' -- $sciabc_files
            """;

    /** Files that decide in what surroundings a process of an account begins, and in its home folder. */
    private static final List<String> OF_SYSTEM = List.of(
            "/etc/passwd",
            "/etc/group",
            "/etc/environment",
            "/etc/default/locale",
            "/etc/security/pam_env.conf",
            "/etc/security/limits.conf",
            "/etc/security/limits.d",
            "/etc/bash.bashrc",
            "/etc/bashrc",
            "/etc/zsh/zshenv",
            "/etc/zshenv");

    private static final List<String> OF_ACCOUNT = List.of(
            ".bashrc",
            ".zshenv",
            ".kshrc",
            ".cshrc",
            ".tcshrc",
            ".config/fish/config.fish",
            ".ssh/environment",
            ".pam_environment");

    /**
     * What decides on all answers: the machine since its start, the account's surroundings. The files are those that a shell
     * has read when it was started, so that one that was there before says what it missed.
     */
    private static final String SIGHT_BEGINS = """
            sciabc_files=
            echo "with $PATH|$HOME|$USER|$LD_LIBRARY_PATH|$LD_PRELOAD|$LD_AUDIT"
            read -r b </proc/sys/kernel/random/boot_id && echo "boot $b" || echo doubt
            b=; read -r b </proc/1/stat; set -- ${b##*) }; echo "since ${20}"
            b=; read -r b </proc/self/personality; echo "as $b"
            on @OF_SYSTEM@
            for h in @OF_ACCOUNT@; do on "$HOME/$h"; done
            """.replace("@OF_SYSTEM@", String.join(" ", OF_SYSTEM))
            .replace("@OF_ACCOUNT@", String.join(" ", OF_ACCOUNT));

    private PreflightScript() {}

    /** The script that asks everything; what the login shell prints before it is not among the answers. */
    static String of(List<Probe> probes) {
        return BEGIN + asked(probes) + mark(END);
    }

    /**
     * The script that asks a question with evidence only where the evidence is another one than before, and says then what it
     * is now.
     */
    static String remembering(List<Probe> probes, Optional<Remembered> before) {
        StringBuilder sight = new StringBuilder(SIGHT_BEGINS);
        List<Probe> lasting = probes.stream().filter(PreflightScript::isLasting).toList();
        for (Probe probe : lasting) {
            sight.append("eval ").append(quoted(probe.evidence())).append('\n');
        }
        String fresh = "sciabc_answers=$(" + asked(lasting) + ")\nprintf '%s\\n' \"$sciabc_answers\"\n" + mark(SIGHT)
                + "( sight ) 2>/dev/null\n";
        return BEGIN
                + COMMANDS
                + "sight() {\n" + sight + SIGHT_ENDS + "}\n"
                + before.map(known -> "sciabc_answers="
                                + quoted(known.answers().getOrDefault(CheckRequest.LIBRARIES, ""))
                                + "\nif [ \"$(sight 2>/dev/null)\" = " + quoted(known.sight()) + " ]; then\n"
                                + mark(SAME) + "else\n" + fresh + "fi\n")
                        .orElse(fresh)
                + asked(probes.stream().filter(probe -> !isLasting(probe)).toList())
                + mark(END);
    }

    /** Whether its answer may be remembered. */
    static boolean isLasting(Probe probe) {
        return !probe.evidence().isEmpty();
    }

    /** Of a machine's evidence, what is about the surroundings of any process there, whatever it runs. */
    static String surroundings(String sight) {
        return sight.lines().filter(PreflightScript::isOfSurroundings).collect(Collectors.joining("\n"));
    }

    private static boolean isOfSurroundings(String line) {
        boolean isFile = line.startsWith("file ") || line.startsWith("none ");
        return isFile
                ? OF_SYSTEM.stream().anyMatch(name -> line.endsWith(" " + name))
                        || OF_ACCOUNT.stream().anyMatch(name -> line.endsWith("/" + name))
                : line.startsWith("with ")
                        || line.startsWith("boot ")
                        || line.startsWith("since ")
                        || line.startsWith("as ");
    }

    private static String asked(List<Probe> probes) {
        StringBuilder script = new StringBuilder();
        for (Probe probe : probes) {
            // Each in a shell of its own: an error in one must not end the others.
            script.append(mark(probe.name()))
                    .append("( eval ")
                    .append(quoted(probe.script()))
                    .append(" ) </dev/null 2>/dev/null\n");
        }
        return script.toString();
    }

    /** The answers by the name of the probe; empty when the script did not come to its end. */
    static Optional<Map<String, String>> answers(String output) {
        Map<String, String> answers = new LinkedHashMap<>();
        Matcher matcher = MARK.matcher(output);
        String name = "";
        int begin = 0;
        while (matcher.find()) {
            if (!name.isEmpty()) {
                int end = Math.min(matcher.start(), begin + MOST_CHARACTERS);
                answers.putIfAbsent(name, output.substring(begin, end).strip());
            }
            name = matcher.group(1);
            begin = matcher.end();
        }
        return name.equals(END) ? Optional.of(answers) : Optional.empty();
    }

    /** The names under which a probe's answers come: its own, and those that begin in the middle of it. */
    static Set<String> names(Probe probe) {
        Set<String> names = new HashSet<>(Set.of(probe.name()));
        Matcher matcher = MARK_IN_SCRIPT.matcher(probe.script());
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return Set.copyOf(names);
    }

    /** A word as a POSIX shell reads it back. */
    static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    /** A line of a script after which the answer to this question comes, which may be in the middle of another probe. */
    static String mark(String name) {
        return "printf '\\n@@sciabc %s@@\\n' " + name + "\n";
    }
}
