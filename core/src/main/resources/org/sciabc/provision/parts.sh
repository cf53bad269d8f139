#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Large files that arrive, and go on where they were cut off. What has come of one stands beside its destination, under a name
# that says whose it is: .sciabc-part-FILE.PROCESS.MACHINE, where FILE is a checksum of the file's name. The folder may be shared
# between machines, and several of us may be at work: a part that another one may still write to is copied, not taken.

# Whether there may be parts beside the file $1. It is called for many files of one folder, one after the other.
has_parts() {
    if [ "${1%/*}/" != "${looked_in-}" ]; then
        looked_in=${1%/*}/
        set -- "$looked_in".sciabc-part-*
        if [ -e "$1" ]; then parts_there=yes; else parts_there=; fi
    fi
    [ -n "$parts_there" ]
}

# What the parts of the file $1 begin with.
part_prefix() {
    part_key=$(printf %s "${1##*/}" | cksum)
    say "${1%/*}/.sciabc-part-${part_key%% *}."
}

# Somebody else's would be his to change.
is_own_part() { [ -f "$1" ] && ! [ -L "$1" ] && [ -O "$1" ] && [ -r "$1" ]; }

size_of() { say "$(($(wc -c <"$1")))"; }

# Whether nobody writes to it any longer: who did is gone from this machine.
is_left() {
    writer=${1##*/.sciabc-part-}
    writer=${writer#*.}
    case ${writer%%.*} in "" | *[!0-9]*) return 1 ;; esac
    [ "${writer#*.}" = "$(uname -n)" ] || return 1
    ! kill -0 "${writer%%.*}" 2>/dev/null && ! [ -d "/proc/${writer%%.*}" ]
}

# Says how much of file number $1, whose path is $2, is there: size, checksum and name of its largest part.
tell_part() {
    has_parts "$2" || return 0
    largest=0
    prefix=$(part_prefix "$2")
    for part in "$prefix"*; do
        if is_own_part "$part" && [ "$(size_of "$part")" -gt "$largest" ]; then
            largest=$(size_of "$part")
            best=$part
        fi
    done
    if [ "$largest" -gt 0 ]; then
        say "@sciabc part $1 $largest $(head -c "$largest" <"$best" | sum_of_input) ${best##*/}/"
    fi
}

# Takes what is missing of the file $1 on standard input, and puts it in its place, with mode $2, when it has all of its $3 bytes.
# $4: its checksum; $5: how many bytes of it are there, in $6. Where they are not any more, it says so. Afterwards, what is left of
# the same file goes, and what nobody has taken up for a week, or has written to for a minute: a connection that hangs keeps its shell.
receive_large() {
    ! [ -d "$1" ] || fail "$1: it is a folder"
    prefix=$(part_prefix "$1")
    part=$prefix$$.$(uname -n)
    if [ "$5" -gt 0 ]; then
        if ! begin_with "${1%/*}/$6" "$5"; then
            say "@sciabc anew"
            say "@sciabc end"
            return
        fi
    else
        # Whoever had this number is gone.
        rm -f -- "$part"
        why=$( (umask 077 && set -C && : >"$part") 2>&1) || fail "$1: ${why##*: }"
    fi
    # On a full disk, nothing stays of it.
    why=$(cat 2>&1 >>"$part") || drop_part "$1: ${why##*: }"
    # On a folder that nodes share, another one may have been first, and have taken this for what is left.
    if ! [ -f "$part" ] && [ -f "$1" ] && [ "$(sum_of "$1")" = "$4" ]; then
        say "@sciabc end"
        return
    fi
    has=$(size_of "$part")
    # Less is not worth keeping.
    if [ "$has" -lt 1048576 ] && [ "$has" -lt "$3" ]; then drop_part "$1: not all of it arrived"; fi
    [ "$has" -ge "$3" ] || fail "$1: not all of it arrived"
    if [ "$has" -gt "$3" ] || { [ "$5" -gt 0 ] && [ "$(sum_of "$part")" != "$4" ]; }; then
        drop_part "$1: it changed while it was copied"
    fi
    why=$(chmod "$2" "$part" 2>&1 && mv -f -- "$part" "$1" 2>&1) || drop_part "$1: ${why##*: }"
    if has_parts "$1"; then
        forget_parts "$1"
        find "${1%/*}/" -maxdepth 1 -type f \( -name "${prefix##*/}*" -mmin +1 -o -name '.sciabc-part-*' -mtime +7 \) \
            -exec rm -f -- {} + 2>/dev/null || :
    fi
    say "@sciabc end"
}

drop_part() {
    rm -f -- "$part"
    fail "$1"
}

# Makes the part $1 with its $2 bytes ours.
begin_with() {
    is_own_part "$1" || return 1
    if [ "$1" != "$part" ] && is_left "$1"; then
        mv -f -- "$1" "$part" 2>/dev/null || return 1
    elif [ "$1" != "$part" ]; then
        rm -f -- "$part"
        (umask 077 && set -C && head -c "$2" <"$1" >"$part") 2>/dev/null
    fi
    if [ -f "$part" ] && [ "$(size_of "$part")" -eq "$2" ]; then return; fi
    rm -f -- "$part"
    return 1
}

# Removes what is left of the file $1.
forget_parts() {
    prefix=$(part_prefix "$1")
    for each in "$prefix"*; do
        if is_own_part "$each" && is_left "$each"; then rm -f -- "$each"; fi
    done
}

# Of each line, "BYTES PATH/", the checksum of so many bytes from the beginning of the file.
sum_beginnings() {
    while IFS=' ' read -r bytes path; do
        say "@sciabc beginning $(head -c "$bytes" <"${path%/}" | sum_of_input)"
    done
    say "@sciabc end"
}
