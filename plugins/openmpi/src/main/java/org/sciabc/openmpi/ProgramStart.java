// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

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

    private ProgramStart() {}
}
