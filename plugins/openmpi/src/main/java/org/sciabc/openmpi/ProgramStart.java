// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.util.List;

/**
 * What scripts around a process of a job have in common, so that it is to its program as if PRRTE had started it; for any
 * POSIX shell.
 */
final class ProgramStart {
    /**
     * What MPI tells a program of its command line (MPI_INFO_ENV) comes from two variables, and a name without a slash may be
     * that of a file in the working folder, where it is none on the PATH.
     */
    static final String BEGINNING = """
            sciabc_words=$*
            export OMPI_COMMAND="$1" OMPI_ARGV="${sciabc_words#"$1"}"
            OMPI_ARGV=${OMPI_ARGV# }
            case $1 in
              */*) ;;
              *)
                if [ -f "./$1" ] && ! command -v "$1" >/dev/null 2>&1; then
                  sciabc_words=./$1
                  shift
                  set -- "$sciabc_words" "$@"
                fi
                ;;
            esac
            unset sciabc_words
            """;

    /** Behind which {@code mpirun} reads the options and words of another program (mpirun(1)). */
    private static final String ANOTHER_PROGRAM = ":";

    private ProgramStart() {}

    /** The same program with the same words, none of which {@code mpirun} takes for the end of them. */
    static List<String> asOne(List<String> command) {
        if (!command.contains(ANOTHER_PROGRAM)) {
            return command;
        }
        StringBuilder script = new StringBuilder("set --");
        for (String word : command) {
            script.append(' ').append(ShellText.quoted(word));
        }
        return List.of("sh", "-c", script + "\n" + BEGINNING + "exec \"$@\"\n");
    }
}
