#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Comparing trees of files with the manager's. Names begin and end with a slash on the wire, because reading a line takes away
# the spaces at the beginning and the end of it.

sum_of() { sum_of_input <"$1"; }

sum_of_input() {
    if have sha256sum; then sha256sum; else shasum -a 256; fi | cut -c 1-64
}

# The same of many, whose names stand in the file $1, each with a NUL behind it: a line for each, in their order.
sums_of() {
    if [ ! -s "$1" ]; then return; fi
    if have sha256sum; then xargs -0 sha256sum -- <"$1"; else xargs -0 shasum -a 256 -- <"$1"; fi |
        sed 's/^\\//' | cut -c 1-64
}

# "MODE SIZE" of each, in the same way.
looks_of() {
    if [ ! -s "$1" ]; then return; fi
    if stat -L -c %a / >/dev/null 2>&1; then
        xargs -0 stat -L -c '%a %s' -- <"$1"
    else
        xargs -0 stat -L -f '%Mp%Lp %z' -- <"$1" | sed 's/^00*\(.\)/\1/'
    fi
}

# A folder for notes, which goes with the shell. Where nobody listens any longer, the first word ends it: not every shell
# tidies up then of its own accord.
make_notes() {
    notes=$(mktemp -d "${TMPDIR:-/tmp}/sciabc-XXXXXX") || fail "no file can be made in ${TMPDIR:-/tmp}"
    trap 'rm -rf -- "$notes"' EXIT
    trap 'exit 143' HUP INT TERM PIPE
}

# Where ~ leads.
in_home() {
    case $1 in
    \~) say "$HOME" ;;
    \~/*) say "$HOME/${1#??}" ;;
    /*) say "$1" ;;
    *) say "$HOME/$1" ;;
    esac
}

# Makes the folders of a tree, and says by number which of its files are missing or differ. Modes are set right away, except
# that a folder lets its owner in until all of its files are there.
# $1: the destination; $2: the tree's own name where it may take the destination's name, else nothing; $3: whether it has
# done so in an earlier look.
compare_tree() {
    base=$(in_home "$1")
    renamed=
    if [ "$3" = renamed ] || { [ -n "$2" ] && ! [ -d "$base" ]; }; then
        renamed=$2
    else
        mkdir -p -- "$base" || fail "$1: no such folder can be made"
    fi
    say "@sciabc base $base/"
    say "@sciabc renamed $renamed/"
    make_notes
    number=0
    closed=
    while IFS=' ' read -r kind mode sum name; do
        name=${name#/}
        name=${name%/}
        if [ -n "$renamed" ]; then path=$base${name#"$renamed"}; else path=$base/$name; fi
        if [ "$kind" = d ]; then
            mkdir -p -- "$path" || fail "$name: a folder cannot be made"
            chmod "$mode" "$path" || fail "$name: its mode cannot be set"
            case $mode in
            7??) ;;
            *)
                chmod u+rwx "$path" || fail "$name: its mode cannot be set"
                closed="$mode $path/$line_feed$closed"
                ;;
            esac
        elif [ -d "$path" ]; then
            fail "$name: there is a folder of this name"
        elif [ -f "$path" ] && [ -r "$path" ]; then
            printf '%s\0' "$path" >&4
            say "$number $kind $mode $sum $path/" >&5
        else
            say "@sciabc wanted $number"
            say "$number" >&6
            if [ "$kind" = l ]; then tell_part "$number" "$path"; fi
        fi
        number=$((number + 1))
    done 4>"$notes/paths" 5>"$notes/there" 6>"$notes/wanted"
    compare_files
    if [ ! -s "$notes/wanted" ]; then close_folders "$closed"; fi
    say "@sciabc end"
}

# Of the files that are there. The checksums of all are asked for at once: a process for each would take longer than to copy.
compare_files() {
    sums_of "$notes/paths" >"$notes/sums"
    looks_of "$notes/paths" >"$notes/looks"
    while IFS=' ' read -r number kind mode sum path <&4; do
        path=${path%/}
        IFS= read -r has <&5 && IFS=' ' read -r looks size <&6 || fail "$path: it changed while it was looked at"
        if [ "$has" != "$sum" ]; then
            say "@sciabc wanted $number"
            say "$number" >>"$notes/wanted"
            if [ "$kind" = l ]; then tell_part "$number" "$path"; fi
            continue
        fi
        if [ "$looks" != "$mode" ]; then chmod "$mode" "$path" || fail "$path: its mode cannot be set"; fi
        if [ "$kind" = l ] && has_parts "$path"; then forget_parts "$path"; fi
    done 4<"$notes/there" 5<"$notes/sums" 6<"$notes/looks"
}

# Innermost first: what is in a closed folder cannot be reached.
close_folders() {
    printf %s "$1" | while IFS=' ' read -r mode path; do
        chmod "$mode" "$path" || fail "$path: its mode cannot be set"
    done || exit 1
}

# Takes an archive of files on standard input, and puts them below the folder $1 when all of them are whole, with the time of
# now: make(1) is to see that they are new. Where that is not possible in one go, it says so, and they come one by one.
receive_files() {
    if ! have tar || ! stage=$(mktemp -d "$1/.sciabc-XXXXXX" 2>/dev/null); then
        say "@sciabc singly"
        say "@sciabc end"
        return
    fi
    trap 'rm -rf -- "$stage"' EXIT
    trap 'exit 143' HUP INT TERM PIPE
    tar -x -m -o -p -f - -C "$stage" || fail "not all of it could be written"
    find "$stage" -type d -print | while IFS= read -r from; do
        find "$from" -maxdepth 1 -type f -exec sh -c 'to=$1; shift; exec mv -f -- "$@" "$to/"' sh "$1${from#"$stage"}" {} + ||
            fail "$1${from#"$stage"}: its files could not be put there"
    done || exit 1
    say "@sciabc end"
}

# Says what files there are: mode, checksum, size, how much of the path is not part of the name, path. Of folders, which come
# first, there is no checksum and no size.
list_files() {
    make_notes
    for source; do
        pattern=$(in_home "$source")
        found=
        # The one expansion that is wanted is that of names: IFS is empty, so that spaces split nothing.
        IFS=
        for start in $pattern; do
            if ! [ -e "$start" ]; then continue; fi
            found=yes
            list_below "$start"
        done
        unset IFS
        [ -n "$found" ] || [ -n "${may_be_missing-}" ] || fail "$source: there is no such file"
    done
    say "@sciabc end"
}

# find -L, which fails on what it cannot look into; a link to a folder above it, or to nothing, is no failure, and neither is what
# went meanwhile.
find_all() {
    find -L "$@" 2>"$notes/complaints" && return
    while IFS= read -r line; do
        case $line in
        '' | 'find: File system loop detected'* | *': directory causes a cycle') ;;
        *': Too many levels of symbolic links' | *': No such file or directory') ;;
        *) fail "${line#find: }" ;;
        esac
    done <"$notes/complaints"
}

list_below() {
    case $1 in */) set -- "${1%/}" ;; esac
    before=${1%/*}/
    if [ -n "$(find -L "$1" -name "*$line_feed*" -print)" ]; then fail "a name below $1 has a line feed in it"; fi
    find_all "$1" -type d -print0 >"$notes/folders"
    find_all "$1" -type f ! -name '.sciabc-part-*' -print0 >"$notes/files"
    for kind in folders files; do
        tr '\0' '\n' <"$notes/$kind" >"$notes/lines"
        looks_of "$notes/$kind" >"$notes/looks"
        : >"$notes/sums"
        if [ "$kind" = files ]; then
            while IFS= read -r path; do [ -r "$path" ] || fail "$path: it is not readable"; done <"$notes/lines"
            sums_of "$notes/files" >"$notes/sums"
        fi
        while IFS= read -r path <&4; do
            IFS=' ' read -r mode size <&5 || fail "$path: it changed while it was looked at"
            if [ "$kind" = folders ]; then
                say "@sciabc folder $mode ${#before} $path/"
            else
                IFS= read -r sum <&6 || fail "$path: it changed while it was looked at"
                say "@sciabc file $mode $sum $size ${#before} $path/"
            fi
        done 4<"$notes/lines" 5<"$notes/looks" 6<"$notes/sums"
    done
}
