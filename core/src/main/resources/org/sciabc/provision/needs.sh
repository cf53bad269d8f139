#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# How a node answers: one key=value a line.

fact() { if [ -n "$2" ]; then printf '%s=%s\n' "$1" "${2%%"$line_feed"*}"; fi; }

need() {
    printf 'need.%s=' "$1"
    shift
    "$@"
}

need_packages() {
    index=$1
    shift
    say "need.$index=packages"
    versions_of_packages "$@" | while IFS= read -r line; do fact "need.$index.has" "$line"; done
}
