// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.Probe;
import org.sciabc.spi.Untrusted;

/**
 * What a program in Python needs besides its file: mpi4py, for that interpreter. What the machines answer becomes what
 * launchers are told ({@link CheckRequest#MPI4PY}), which know whose mpi4py does.
 */
final class PythonProgram {
    static final String PROBE = "sciabc.python";
    private static final Pattern INTERPRETER = Pattern.compile("(?:.*/)?python[0-9.]*");
    private static final Pattern SYSTEM = Pattern.compile("(/usr)?/s?bin/.*");
    private static final String ASKED = "asked";
    private static final String USES = "uses";
    private static final String MODULE = "mpi4py ";

    /**
     * {@code $p} is the program. Where it is a script that is started by its first line, and that names Python, {@code $p}
     * becomes the interpreter, and the script the only word; otherwise there is nothing to ask.
     */
    private static final String STARTED_BY_ITSELF = """
            [ -f "$p" ] || exit
            case $p in /bin/* | /sbin/* | /usr/bin/* | /usr/sbin/*) exit ;; esac
            l=; IFS= read -r l <"$p"
            case $l in '#!'*python*) ;; *) exit ;; esac
            s=$p; set -f; set -- ${l#??}; set +f
            i=$1
            case $i in */env) for w; do case $w in */env | -* | *=*) ;; *) i=$w; break ;; esac; done ;; esac
            case ${i##*/} in python | python[0-9]*) ;; *) exit ;; esac
            p=$(command -v "$i") || p=
            set -- "$s"
            """;

    /**
     * {@code $p} is the interpreter, and the words of the command follow. The first of them that is no option is the program,
     * unless an option brings it: where it does without mpi4py, starting Python is saved.
     */
    private static final String ASK = """
            echo asked
            f=; u=; o=
            for w; do
              case $o in
                -c | -m) case $w in *mpi4py*) u=1; break ;; *) exit ;; esac ;;
                -W | -X) o=; continue ;;
              esac
              case $w in -*) o=$w; continue ;; esac
              [ -f "$w" ] && { f=$w; grep -q mpi4py "$w" && u=1; }
              break
            done
            [ -n "$u" ] && echo uses
            [ -n "$f" ] && [ -z "$u" ] && exit
            [ -n "$p" ] || exit
            m=$("$p" -c 'import importlib.util as u; print(u.find_spec("mpi4py.MPI").origin)')
            [ -f "$m" ] || exit
            echo "mpi4py $m"
            p=$m
            set -- $(od -An -tx1 -N4 "$p"); IFS=; h=$*; unset IFS
            """;

    private PythonProgram() {}

    /**
     * The question. Each machine finds out for itself whether a program that is called otherwise is a script for Python; of
     * what the system brings nobody asks that.
     */
    static Optional<Probe> probe(List<String> command, Path folder) {
        boolean called = INTERPRETER.matcher(command.get(0)).matches();
        if (!called && SYSTEM.matcher(command.get(0)).matches()) {
            return Optional.empty();
        }
        String words = command.stream().skip(1).map(PreflightScript::quoted).collect(Collectors.joining(" "));
        return Optional.of(new Probe(
                PROBE,
                PreflightProbes.find(command.get(0), folder)
                        + (called ? "set -- " + words + "\n" : STARTED_BY_ITSELF)
                        + ASK
                        + PreflightProbes.LIST_LIBRARIES));
    }

    /**
     * What a launcher is told of each node: whether mpi4py is there is left out where no machine found that the program uses it.
     *
     * @param manager what this machine answered, which may be the only one that has the program yet
     */
    static List<Map<String, String>> told(List<Map<String, String>> nodes, Map<String, String> manager) {
        boolean uses = Stream.concat(nodes.stream(), Stream.of(manager))
                .anyMatch(answers -> answers.getOrDefault(PROBE, "").lines().anyMatch(USES::equals));
        List<Map<String, String>> told = new ArrayList<>();
        for (Map<String, String> answers : nodes) {
            String answer = answers.get(PROBE);
            told.add(
                    uses && answer != null && answer.lines().anyMatch(ASKED::equals) ? with(answers, answer) : answers);
        }
        return List.copyOf(told);
    }

    private static Map<String, String> with(Map<String, String> answers, String answer) {
        Map<String, String> more = new HashMap<>(answers);
        more.put(
                CheckRequest.MPI4PY,
                answer.lines()
                        .filter(line -> line.startsWith(MODULE))
                        .map(line -> Untrusted.line(line.substring(MODULE.length()), 200))
                        .findFirst()
                        .orElse(""));
        String libraries = answer.lines().filter(line -> line.contains(" => ")).collect(Collectors.joining("\n"));
        more.merge(CheckRequest.LIBRARIES, libraries, (program, module) -> program + "\n" + module);
        return Map.copyOf(more);
    }
}
