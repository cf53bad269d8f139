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

# Standard input is an archive: "files" tells number, size, hash, name and place of each package file, and for apt there is
# what each says about itself.
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
    if [ "$manager" = APT ]; then choose_with_apt "$@"; else choose_what_is_not_there; fi
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

choose_what_is_not_there() {
    there=$line_feed$(installed_packages | awk '{ sub(/\.[^.]*$/, "", $1); print $1 }')$line_feed$(installed_packages | awk '{ print $1 }')$line_feed
    : >"$packages/chosen"
    while read -r number size hash name place _; do
        case $there in
        *"$line_feed$name$line_feed"*) ;;
        *)
            say "$packages/$place" >>"$packages/chosen"
            ask_for "packages/$place" "$hash"
            ;;
        esac
    done <"$packages/offers/files"
    rm -rf -- "$packages/offers"
}

# take_packages FOLDER NAMES: from what somebody copied here by hand, in place of what the manager would send. Each line of
# "offered_packages" ends with the file's name there. What is taken is copied first, so that it stays what was looked at.
take_packages() {
    from=$(copied_here "$1") || exit 1
    shift
    begin_offers
    offered_packages >"$packages/offers/files"
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
