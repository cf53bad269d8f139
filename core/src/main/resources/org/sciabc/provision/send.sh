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

# Standard input is an archive: "files" tells number, size, hash and name of each package file, and for apt there is what
# each says about itself. apt itself then finds out which of them are needed.
choose_packages() {
    packages=$sciabc_sent/packages
    rm -rf -- "$packages/offers" "$packages/lists" "$packages/cache"
    mkdir -p -- "$packages/offers"
    tar -x -f - -C "$packages/offers"
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
    while read -r number size hash name file; do
        case $there in
        *"$line_feed$name$line_feed"*) ;;
        *)
            say "$packages/$file" >>"$packages/chosen"
            ask_for "packages/$file" "$hash"
            ;;
        esac
    done <"$packages/offers/files"
    rm -rf -- "$packages/offers"
}
