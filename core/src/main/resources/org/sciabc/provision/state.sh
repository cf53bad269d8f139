#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What a requirement's part of this node is like: "met", "unmet REASON" or "unknown REASON".

# dpkg reads everything in order to tell about one package, so it is asked once about all that matter.
ask_dpkg() {
    if [ "$manager" = APT ] && [ -z "${dpkg_says-}" ]; then
        dpkg_says=$line_feed$(dpkg-query -W -f '${db:Status-Status} ${Package} ${Version}\n' 2>/dev/null |
            awk -v names="$sciabc_packages openmpi-bin mpich" '
                BEGIN { n = split(names, name, " "); for (i = 1; i <= n; i++) wanted[name[i]] = 1 }
                $1 == "installed" && $2 in wanted { print }
                $1 ~ /^(half-|unpacked|triggers-)/ { cut_off = 1 }
                END { if (cut_off) print "cut off" }')$line_feed
    fi
}

versions_from_dpkg() {
    for package; do
        after=${dpkg_says#*"${line_feed}installed $package "}
        if [ "$after" != "$dpkg_says" ]; then say "$package ${after%%"$line_feed"*}"; fi
    done
}

versions_of_packages() {
    case $manager in
    APT)
        ask_dpkg
        versions_from_dpkg "$@"
        ;;
    DNF | ZYPPER) rpm -q --qf '%{NAME} %{VERSION}-%{RELEASE}\n' -- "$@" 2>/dev/null | grep -v ' is not installed$' ;;
    PACMAN) pacman -Q -- "$@" 2>/dev/null ;;
    APK)
        for package; do
            if apk info -e -- "$package" >/dev/null 2>&1; then
                say "$package installed"
            fi
        done
        ;;
    BREW)
        for package; do
            if [ -d "$(brew --prefix)/opt/$package" ]; then
                say "$package installed"
            fi
        done
        ;;
    esac
    return 0
}

# Content comes on standard input.
state_of_file() {
    wanted=$(cksum)
    if [ -d "$1" ]; then
        say unmet is a folder
    elif [ ! -e "$1" ]; then
        if is_hidden "$1"; then say unknown hidden; else say unmet absent; fi
    elif [ ! -r "$1" ]; then
        say unknown unreadable
    elif [ "$(checksum_of "$1")" != "$wanted" ]; then
        say unmet another content
    elif [ "$(mode_of "$1")" != "$2" ]; then
        say "unmet mode $(mode_of "$1")"
    else
        say met
    fi
}

# A file of which only root and the account may know what it holds: who asks for all to see does not look.
state_of_secret() {
    if [ -d "$1" ]; then
        say unmet is a folder
    elif exists "$1" || is_hidden "$1"; then
        say unknown hidden
    else
        say unmet absent
    fi
}

# The distribution that was unpacked there says which it is.
state_of_distribution() {
    if [ -r "$1/.sciabc-content" ]; then
        if [ "$(cat "$1/.sciabc-content")" = "$2" ]; then say met; else say unmet another version; fi
    elif exists "$1"; then
        say unmet is somebody else\'s
    else
        say unmet absent
    fi
}

state_of_folder() {
    if [ -d "$1" ]; then
        if [ "$(mode_of "$1")" = "$2" ]; then say met; else say "unmet mode $(mode_of "$1")"; fi
    elif exists "$1"; then
        say unmet is not a folder
    elif is_hidden "$1"; then
        say unknown hidden
    else
        say unmet absent
    fi
}

# LOADED ENABLED ACTIVE of a unit, in systemd's words.
service_state() {
    case $init in
    systemd)
        systemctl show -p LoadState -p UnitFileState -p ActiveState -- "$1" | {
            loaded= enabled= active=
            while IFS='=' read -r key value; do
                case $key in
                LoadState) loaded=$value ;;
                UnitFileState) enabled=$value ;;
                ActiveState) active=$value ;;
                esac
            done
            say "$loaded ${enabled:--} $active"
        }
        ;;
    openrc)
        if [ -e "/etc/init.d/$1" ]; then loaded=loaded; else loaded=not-found; fi
        if [ -e "/etc/runlevels/default/$1" ]; then enabled=enabled; else enabled=disabled; fi
        if [ -e "/run/openrc/started/$1" ]; then active=active; else active=inactive; fi
        say "$loaded $enabled $active"
        ;;
    *) say "- - -" ;;
    esac
}

state_of_service() {
    set -- $(service_state "$1")
    case "$1 $2 $3" in
    "- - -") say unmet no init system ;;
    "not-found "*) say unmet no such service ;;
    "masked "* | *" masked"* | *" bad "*) say unmet masked ;;
    *" enabled active" | *" static active" | *" alias active" | *" generated active" | *" enabled-runtime active" | \
        *" linked active" | *" indirect active") say met ;;
    *" disabled active") say unmet disabled ;;
    *" active") say "unmet $2" ;;
    *) say "unmet $3, $2" ;;
    esac
}

# Type and base64 of the key; lines with Windows ends and with options are understood.
key_lines() {
    awk -v type="$1" -v blob="$2" '
        { sub(/\r$/, "") }
        /^[ \t]*#/ { next }
        { for (i = 1; i < NF; i++) if ($i == type && $(i + 1) == blob) { print (i == 1 ? "plain" : "options"); next } }
    ' "$3"
}

# Numbers of the lines that are like this one but for the addresses that the key is good from: once they were ours.
other_origins() {
    line=$1 awk '
        BEGIN { ours = ENVIRON["line"]; rest = ours; if (!sub(/^from="[^"]*" /, "", rest)) exit }
        { sub(/\r$/, ""); other = $0; if ($0 != ours && sub(/^from="[^"]*" /, "", other) && other == rest) print NR }
    ' "$2"
}

state_of_key() {
    home=$(home_of "$sciabc_account") || home=
    keys=$home/.ssh/authorized_keys
    if [ -z "$home" ] || [ ! -d "$home" ]; then
        say unmet no home folder
    elif [ ! -e "$keys" ]; then
        if is_hidden "$keys"; then say unknown hidden; else say unmet absent; fi
    elif [ ! -r "$keys" ]; then
        say unknown unreadable
    else
        kind=$(key_lines "$1" "$2" "$keys" | head -n 1)
        if [ -z "$kind" ]; then
            say unmet absent
        elif is_open "$home" || is_open "$home/.ssh" || is_open "$keys"; then
            say unmet others may write there, which sshd refuses
        elif [ -n "${3-}" ] && { ! tr -d '\r' <"$keys" | grep -q -x -F -- "$3" || [ -n "$(other_origins "$3" "$keys")" ]; }; then
            say unmet other options
        elif [ -n "${3-}" ]; then
            say met
        elif [ "$kind" = options ]; then
            say met with options of its own
        else
            say met
        fi
    fi
}

state_of_account() {
    if number=$(id -u -- "$1" 2>/dev/null); then say "met${number:+ with number $number}"; else say unmet absent; fi
}
