#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Comparing trees of files with the manager's. Names end with a slash on the wire, because reading a line takes away the
# spaces at its end.

sum_of() {
    if have sha256sum; then sha256sum <"$1"; else shasum -a 256 <"$1"; fi | cut -c 1-64
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
    number=0
    wanted=
    closed=
    while IFS=' ' read -r kind mode sum name; do
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
        elif [ -f "$path" ] && [ "$(sum_of "$path")" = "$sum" ]; then
            [ "$(mode_of "$path")" = "$mode" ] || chmod "$mode" "$path" || fail "$name: its mode cannot be set"
        else
            say "@sciabc wanted $number"
            wanted=yes
        fi
        number=$((number + 1))
    done
    if [ -z "$wanted" ]; then close_folders "$closed"; fi
    say "@sciabc end"
}

# Innermost first: what is in a closed folder cannot be reached.
close_folders() {
    printf %s "$1" | while IFS=' ' read -r mode path; do
        chmod "$mode" "$path" || fail "$path: its mode cannot be set"
    done || exit 1
}

# Says what files there are: mode, checksum, size, how much of the path is not part of the name, path. Of folders, which come
# first, there is no checksum and no size.
list_files() {
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

list_below() {
    case $1 in */) set -- "${1%/}" ;; esac
    before=${1%/*}/
    if [ -n "$(find -L "$1" -name "*$line_feed*" -print)" ]; then fail "a name below $1 has a line feed in it"; fi
    find -L "$1" -type d -print | while IFS= read -r path; do
        say "@sciabc folder $(mode_of "$path") ${#before} $path/"
    done || exit 1
    find -L "$1" -type f -print | while IFS= read -r path; do
        [ -r "$path" ] || fail "$path: it is not readable"
        say "@sciabc file $(mode_of "$path") $(sum_of "$path") $(($(wc -c <"$path"))) ${#before} $path/"
    done || exit 1
}
