#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What a program is compiled with, and the folder of a job: made for it, filled for it, and gone with it.

# Makes the folder $1 for this account alone. Nobody can guess its name, so that one that is there is from an earlier look.
stage_folder() {
    if (umask 077 && mkdir -- "$1") 2>/dev/null; then return; fi
    [ -d "$1" ] && ! [ -L "$1" ] || fail "$1: the folder of the job cannot be made"
    case $(owner_of "$1") in
    "$(id -u)":*) ;;
    *) fail "$1: the folder of the job belongs to somebody else" ;;
    esac
}

# Copies into the folder $1 what this machine has already under the manager's own name for it. Of each file there are two
# lines: its checksum and where the manager has it, and where it goes. Names end with a slash, as everywhere.
fill_from_here() {
    while IFS=' ' read -r sum here && IFS= read -r name; do
        here=${here%/}
        name=$1/${name%/}
        if [ -f "$here" ] && [ -r "$here" ] && ! [ -e "$name" ] && [ "$(sum_of "$here")" = "$sum" ]; then
            mkdir -p -- "$(dirname -- "$name")" && cp -- "$here" "$name" || fail "$name: it cannot be written"
        fi
    done
    say "@sciabc end"
}

# Makes the folder $1 and goes there, for files that come all at once. Where there is one already, or no tar, it says so, and
# nothing has been done. Whatever keeps it from being filled, an interruption here among it, takes it away again.
begin_folder() {
    umask 077
    if ! have tar || ! mkdir -- "$1" 2>/dev/null; then
        say "@sciabc singly"
        say "@sciabc end"
        exit 0
    fi
    umask 022
    begun=$1
    trap 'cd / && rm -rf -- "$begun"' EXIT
    trap 'exit 143' HUP INT TERM PIPE
    cd -- "$1" || fail "$1: the folder of the job cannot be entered"
}

# Fills the folder that it is in with an archive on standard input. $1 is the program in it, or nothing; $2 the checksums of
# the files, each with a space behind it; their names follow.
fill_at_once() {
    program=$1
    sums=$2
    shift 2
    tar -x -m -o -p -f - || fail "not all of it could be written"
    if have sha256sum; then written=$(sha256sum -- "$@"); else written=$(shasum -a 256 -- "$@"); fi
    # A name with a backslash has another one before its line.
    while read -r sum name; do
        sum=${sum#\\}
        case $sums in "$sum "*) sums=${sums#* } ;; *) fail "$name: it changed while it was copied, here or there" ;; esac
    done <<END
$written
END
    [ -z "$sums" ] || fail "not all of it could be read"
    [ -z "$program" ] || check_runs "$PWD/$program"
    say "@sciabc brought"
    say "@sciabc end"
    trap - EXIT
}

# Says which of these files of the manager are here.
look_for_files() {
    for file; do
        if [ -f "$file" ]; then say "@sciabc has $file/"; fi
    done
    say "@sciabc end"
}

# What programs are built for here: class, byte order, processor and, with 32 bits, the kind of floating point, of the
# shell's own binary. The kernel's name tells less: armv6l and armv7l run the same programs, and with a kernel that calls
# itself aarch64 all others may be 32-bit ones.
abi() {
    # shellcheck disable=SC2046  # a word a byte
    set -- $(od -An -tx1 -N40 /bin/sh 2>/dev/null)
    if [ "${1-}${2-}${3-}${4-}" != 7f454c46 ] || [ $# -lt 40 ]; then
        uname -m
    elif [ "$5" = 01 ]; then
        say "$5$6-${19}${20}-${37}${38}${39}${40}"
    else
        say "$5$6-${19}${20}"
    fi
}

# Whether the compiler $2 makes a program with MPI from a source in the language $1, which takes more than a program of
# that name: Debian's openmpi-bin brings mpicc without a compiler and without mpi.h.
compiles() {
    trial=$(mktemp -d) || return 1
    case $1 in
    fort)
        source=$trial/trial.f90
        printf 'program trial\n  use mpi\nend program trial\n' >"$source"
        ;;
    *)
        # Compilers go by the ending: gcc takes what ends in .cc for C++.
        case $1 in cc) source=$trial/trial.c ;; *) source=$trial/trial.cpp ;; esac
        printf '#include <stdio.h>\n#include <mpi.h>\nint main(void) { return MPI_Finalize(); }\n' >"$source"
        ;;
    esac
    "$2" -o "$trial/trial" "$source" >/dev/null 2>&1 </dev/null
    trial_status=$?
    rm -rf -- "$trial"
    return "$trial_status"
}

# Which family of MPI a compiler of a common name belongs to; nothing where it does not say so.
family_of() {
    case $("$1" --showme:version 2>/dev/null </dev/null) in
    *'Open MPI'*)
        say openmpi
        return
        ;;
    esac
    case $("$1" -v 2>/dev/null </dev/null) in
    *MPICH*) say mpich ;;
    esac
}

# Says what kind of machine this is, and which compiler for the language $2 (cc, cxx or fort) works with the launcher $1.
look_for_compiler() {
    system=unknown
    title=$(uname -s)
    if [ -r /etc/os-release ]; then
        system=$(. /etc/os-release && say "${ID:-}-${VERSION_ID:-}")
        title=$(. /etc/os-release && say "${PRETTY_NAME:-$system}")
    fi
    say "@sciabc kind $(uname -s) $(abi) $system"
    say "@sciabc title $title on $(uname -m)"
    for compiler in "mpi$2.$1" "mpi$2"; do
        if have "$compiler"; then
            case $1-$(family_of "$compiler") in
            openmpi-mpich | mpich-openmpi) continue ;;
            esac
            if compiles "$2" "$compiler"; then
                say "@sciabc compiler $(command -v "$compiler")"
                break
            fi
        fi
    done
    say "@sciabc end"
}

# Whether the system lets programs in the folder of a job run: some mount /tmp without that.
check_runs() {
    [ -x "$1" ] || fail "$1: programs in that folder cannot be run (is it mounted noexec?)"
}
