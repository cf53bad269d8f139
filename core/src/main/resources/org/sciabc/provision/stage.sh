#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The folder of a job: made for it, filled for it, and gone with it.

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

# Says what a job wants to know of a machine. $1: what the launcher is called; further words: files of the manager.
describe_for_job() {
    system=unknown
    if [ -r /etc/os-release ]; then system=$(. /etc/os-release && say "${ID:-}-${VERSION_ID:-}"); fi
    say "@sciabc kind $(uname -s) $(uname -m) $system"
    for language in cc cxx fort; do
        for compiler in "mpi$language.$1" "mpi$language"; do
            if have "$compiler"; then
                say "@sciabc compiler $language $(command -v "$compiler")"
                break
            fi
        done
    done
    if have python3; then
        say "@sciabc python $(command -v python3)"
        if python3 -c 'import importlib.util as u; raise SystemExit(u.find_spec("mpi4py") is None)'; then
            say "@sciabc python mpi4py"
        fi
    fi
    shift
    for file; do
        if [ -f "$file" ]; then say "@sciabc has $file/"; fi
    done
    say "@sciabc end"
}

# Whether the system lets programs in the folder of a job run: some mount /tmp without that.
check_runs() {
    [ -x "$1" ] || fail "$1: programs in that folder cannot be run (is it mounted noexec?)"
    say "@sciabc end"
}
