#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the manager sends waits in a folder of the account's own, which nobody else can write to, until root takes it.
open_sent() {
    (umask 077 && mkdir -- "$sciabc_sent") 2>/dev/null || :
    if [ ! -d "$sciabc_sent" ] || [ -L "$sciabc_sent" ] || [ ! -O "$sciabc_sent" ]; then
        fail "cannot make the folder $sciabc_sent"
    fi
    chmod 700 "$sciabc_sent"
}

sha256_of() { sha256sum <"$1" 2>/dev/null | cut -d ' ' -f 1; }

# Whether a file has come whole already: what was cut off goes on.
is_sent() { [ -f "$1" ] && [ "$(sha256_of "$1")" = "$2" ]; }

ask_for() { if ! is_sent "$sciabc_sent/$1" "$2"; then say "@sciabc wanted $1"; fi; }

# Standard input is an archive: "files" tells number, size, hash, name and place of each package file. For apt there is what
# each says about itself, and for others "needs" tells what each needs and which of the files provide that.
choose_packages() {
    begin_offers
    tar -x -f - -C "$packages/offers"
    choose_among_offers "$@"
}

begin_offers() {
    packages=$sciabc_sent/packages
    rm -rf -- "$packages/offers" "$packages/lists" "$packages/cache"
    mkdir -p -- "$packages/offers"
}

# apt itself finds out which of them are needed.
choose_among_offers() {
    if [ "$manager" = APT ]; then choose_with_apt "$@"; else choose_what_is_needed "$@"; fi
}

choose_with_apt() {
    mkdir -p -- "$packages/lists/partial" "$packages/cache/archives/partial"
    list=$packages/lists/$(say "$packages/./Packages" | tr / _)
    while read -r number size hash _; do
        if dpkg-deb -f "$packages/offers/$number.deb"; then
            printf 'Filename: ./%s.deb\nSize: %s\nSHA256: %s\n\n' "$number" "$size" "$hash"
        fi
    done <"$packages/offers/files" >"$list"
    say "deb [trusted=yes] file:$packages ./" >"$packages/sources.list"
    set -- $(from_sent_packages) -o Debug::NoLocking=true -qq --print-uris --no-install-recommends $fixing install "$@"
    chosen=$(apt-get "$@") || exit 1
    chosen=" $(say "$chosen" | sed -n "s|^'file:.*/\\([0-9]*\\)\\.deb' .*|\\1|p" | tr '\n' ' ')"
    while read -r number size hash _; do
        case $chosen in
        *" $number "*) ask_for "packages/$number.deb" "$hash" ;;
        esac
    done <"$packages/offers/files"
    rm -rf -- "$packages/offers"
}

# Those that are asked for and are not there, and what they need that nothing here provides. Of a package that tells nothing
# of itself nobody knows whether it is needed: it is taken.
choose_what_is_needed() {
    installed_packages | awk '{ print $1; sub(/\.[^.]*$/, "", $1); print $1 }' >"$packages/there"
    awk '$2 == "needs" { print $3 }' "$packages/offers/needs" | sort -u | not_provided >"$packages/open"
    awk -v asked="$*" '
        FILENAME ~ /there$/ { there[$1] = 1; next }
        FILENAME ~ /open$/ { open[$1] = 1; next }
        FILENAME ~ /files$/ { name[$1] = $4; number[$4] = $1; next }
        $2 == "unknown" { if (!(name[$1] in there)) take($1); next }
        $3 in open {
            from = $1; k = ++needs[from]; need[from, k] = $3
            for (j = 4; j <= NF; j++) by[from, k] = by[from, k] " " $j
        }
        function take(i) { if (!(i in taken)) { taken[i] = 1; queue[++last] = i } }
        END {
            count = split(asked, word, " ")
            for (i = 1; i <= count; i++) if ((word[i] in number) && !(word[i] in there)) take(number[word[i]])
            for (next_one = 1; next_one <= last; next_one++) {
                i = queue[next_one]
                print "take", i
                for (k = 1; k <= needs[i]; k++) {
                    providers = split(by[i, k], provider, " ")
                    if (!providers) { print "lacking", need[i, k], "for", name[i]; continue }
                    found = 0
                    for (j = 1; j <= providers; j++) if (provider[j] in taken) found = 1
                    if (!found) take(provider[1])
                }
            }
        }' "$packages/there" "$packages/open" "$packages/offers/files" "$packages/offers/needs" >"$packages/choice"
    lacking=$(sed -n 's/^lacking \(.*\)/\1/p' "$packages/choice" | awk '{ printf "%s%s", sep, $0; sep = ", " }')
    if [ -n "$lacking" ]; then fail "neither installed nor among the files: $lacking"; fi
    : >"$packages/chosen"
    while read -r number size hash name place _; do
        if grep -q -x -F -- "take $number" "$packages/choice"; then
            say "$packages/$place" >>"$packages/chosen"
            ask_for "packages/$place" "$hash"
        fi
    done <"$packages/offers/files"
    rm -rf -- "$packages/offers" "$packages/there" "$packages/open" "$packages/choice"
}

# Of what packages ask for, one a line, what no installed package provides. All but rpm look at versions, too.
not_provided() {
    case $manager in
    DNF | ZYPPER)
        xargs rpm -q --whatprovides -- 2>&1 | sed -n -e 's/^no package provides //p' \
            -e 's/^error: file \(.*\): .*/\1/p' -e 's/^file \(.*\) is not owned by any package$/\1/p'
        ;;
    PACMAN) xargs pacman -T -- || : ;;
    APK)
        while read -r need; do
            if ! apk info -e -- "$need" >/dev/null 2>&1; then say "$need"; fi
        done
        ;;
    esac
}

# take_packages FOLDER NAMES: from what somebody copied here by hand, in place of what the manager would send. Each line of
# "offered_packages" ends with the file's name there, and "offered_needs" tells needs. What is taken is copied first, so that it stays what was looked at.
take_packages() {
    from=$(copied_here "$1") || exit 1
    shift
    begin_offers
    offered_packages >"$packages/offers/files"
    offered_needs >"$packages/offers/needs"
    offered_packages >"$packages/offered"
    lost=
    while read -r number size hash name place file; do
        if ! is_sent "$from/$file" "$hash"; then
            lost="$lost $file"
        elif [ "$manager" = APT ]; then
            ln -s -- "$from/$file" "$packages/offers/$number.deb"
        fi
    done <"$packages/offers/files"
    if [ -n "$lost" ]; then fail "missing in $from, or damaged:$lost"; fi
    wanted=$line_feed$(choose_among_offers "$@")$line_feed || exit 1
    while read -r number size hash name place file; do
        case $wanted in
        *"$line_feed@sciabc wanted packages/$place$line_feed"*) take_file "$from/$file" "$packages/$place" "$hash" ;;
        esac
    done <"$packages/offered"
    rm -f -- "$packages/offered"
}

# take_distribution FOLDER HASH: the same for the distribution.
take_distribution() {
    from=$(copied_here "$1") || exit 1
    mkdir -p -- "$sciabc_sent"
    take_file "$from/distribution.tar" "$sciabc_sent/distribution.tar" "$2"
}

copied_here() { (cd -- "$1" 2>/dev/null && pwd) || fail "there is no folder $1: copy it here, or say where it is"; }

take_file() {
    if [ -f "$1" ]; then cp -- "$1" "$2"; fi
    is_sent "$2" "$3" || fail "missing, or damaged: $1"
}
