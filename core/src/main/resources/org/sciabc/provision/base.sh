#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A known locale, a full PATH, and words that every system understands.
LC_ALL=C
export LC_ALL
unset LANGUAGE CDPATH
# Homebrew's and the administrator's folders are missing from the PATH of many non-login shells.
PATH=${PATH:-/usr/bin:/bin}:/usr/local/bin:/usr/sbin:/sbin:/usr/local/sbin:/opt/homebrew/bin
export PATH
umask 022
line_feed='
'

have() { command -v "$1" >/dev/null 2>&1; }

say() { printf '%s\n' "$*"; }

fail() {
    say "$*" >&2
    exit 1
}

exists() { [ -e "$1" ] || [ -L "$1" ]; }

# Permission bits of what a path leads to, as 644 or 4755. The second form is BSD's.
mode_of() {
    mode=$(stat -L -c %a -- "$1" 2>/dev/null || stat -L -f %Mp%Lp -- "$1") || return 1
    printf '%o\n' "0$mode"
}

owner_of() { stat -c %u:%g -- "$1" 2>/dev/null || stat -f %u:%g -- "$1"; }

checksum_of() { cksum <"$1"; }

# Whether others may write: sshd refuses keys that lie below such a folder.
is_open() {
    case $(mode_of "$1") in
    *[2367] | *[2367]?) return 0 ;;
    *) return 1 ;;
    esac
}

# Whether the account cannot see if the path exists.
is_hidden() {
    folder=$1
    while [ "$folder" != / ] && [ "$folder" != . ] && ! [ -d "$folder" ]; do
        folder=$(dirname -- "$folder")
    done
    ! [ -x "$folder" ]
}

# The end of a chain of symbolic links. Not every readlink knows -f.
real_path() {
    real=$1
    links=0
    while [ -L "$real" ] && [ "$links" -lt 20 ]; do
        target=$(readlink "$real")
        case $target in
        /*) real=$target ;;
        *) real=$(dirname -- "$real")/$target ;;
        esac
        links=$((links + 1))
    done
    say "$real"
}

# The folders that are missing on the way to a folder, it included, outermost first.
missing_folders() {
    folder=$1
    missing=
    while [ "$folder" != / ] && [ "$folder" != . ] && ! [ -d "$folder" ]; do
        missing=$folder$line_feed$missing
        folder=$(dirname -- "$folder")
    done
    printf %s "$missing"
}

# The account that came here may play a node in a home folder of its own choice: then its HOME counts.
home_of() {
    case $1 in
    "$sciabc_login") say "$sciabc_home" ;;
    "" | *[!A-Za-z0-9_.-]*) return 1 ;;
    *) eval "say ~$1" ;;
    esac
}

# Whether the folder, or one above it, is in its way out: it was renamed, and removing it was cut off.
is_closing() {
    closing=$1
    # The home folder of an account that is yet to be made has no path.
    case $closing in /*) ;; *) return 1 ;; esac
    while [ -n "$closing" ]; do
        if [ -d "$closing.sciabc-new" ]; then return 0; fi
        closing=${closing%/*}
    done
    return 1
}

mend_security_context() {
    if have restorecon && have selinuxenabled && selinuxenabled; then
        restorecon -F -- "$@" || say "restorecon failed for $*"
    fi
}

init_system() {
    if [ -d /run/systemd/system ]; then
        say systemd
    elif [ -d /run/openrc ]; then
        say openrc
    elif [ "$(uname -s)" = Darwin ]; then
        say launchd
    else
        say none
    fi
}

operating_system() {
    if [ -r /etc/os-release ]; then
        (
            ID=linux VERSION_ID='' PRETTY_NAME='' ID_LIKE='' VERSION_CODENAME=''
            . /etc/os-release
            say "$ID|$VERSION_ID|${PRETTY_NAME:-$ID}|$ID_LIKE|$VERSION_CODENAME"
        )
    elif have sw_vers; then
        version=$(sw_vers -productVersion)
        say "macos|$version|macOS $version||"
    else
        say "$(uname -s | tr '[:upper:]' '[:lower:]')|$(uname -r)|$(uname -sr)||"
    fi
}

package_manager() {
    if have apt-get && have dpkg-query; then
        say APT
    elif have zypper && have rpm && { ! have dnf || [ -d /etc/zypp ]; }; then
        say ZYPPER
    elif have dnf && have rpm; then
        say DNF
    elif have pacman; then
        say PACMAN
    elif have apk; then
        say APK
    elif have brew; then
        say BREW
    fi
}

# Processes are what a question to a node costs: what a shell can do by itself it does, here and in the facts.
cores() {
    count=0
    if [ -r /sys/devices/system/cpu/online ]; then
        read -r online </sys/devices/system/cpu/online
        IFS=,
        for range in $online; do count=$((count + ${range#*-} - ${range%%-*} + 1)); done
        unset IFS
    fi
    if [ "$count" -gt 0 ]; then
        say "$count"
    else
        getconf _NPROCESSORS_ONLN 2>/dev/null || nproc 2>/dev/null
    fi
}

memory_bytes() {
    if [ -r /proc/meminfo ]; then
        while read -r key amount unit; do
            if [ "$key" = MemTotal: ]; then
                say "$((amount * 1024))"
                break
            fi
        done </proc/meminfo
    else
        sysctl -n hw.memsize 2>/dev/null
    fi
}

# The first line of a file.
line_of() {
    if [ -r "$1" ]; then
        IFS= read -r first_line <"$1" || :
        say "$first_line"
    fi
}

# The node's own id: the account's comes first, because several accounts may play nodes on one machine. Root reads it, too, and
# tells everybody: it is no link to what only root may read, and nothing but an id.
own_id() {
    for file in "$(home_of "$sciabc_account")/.local/state/sciabc/id" "$sciabc_system/id"; do
        if [ -f "$file" ] && [ ! -L "$file" ] && [ -r "$file" ]; then
            id=$(line_of "$file")
            case $id in
            -* | *[!A-Za-z0-9-]*) continue ;;
            ????????*) if [ "${#id}" -le 64 ]; then say "$id" && return; fi ;;
            esac
        fi
    done
}

new_id() {
    if [ -r /proc/sys/kernel/random/uuid ]; then
        cat /proc/sys/kernel/random/uuid
    else
        uuidgen | tr '[:upper:]' '[:lower:]'
    fi
}

host_key() {
    for file in /etc/ssh/ssh_host_ed25519_key.pub /etc/ssh/ssh_host_ecdsa_key.pub /etc/ssh/ssh_host_rsa_key.pub; do
        if [ -r "$file" ] && have ssh-keygen; then
            ssh-keygen -l -f "$file" | {
                read -r bits fingerprint comment && say "$fingerprint"
            }
            return
        fi
    done
}

# How Avahi's service files name a machine of that name: %h, or as much of it as a label of DNS holds after our prefix.
avahi_host() {
    host=${1%%.*}
    if [ "${#host}" -gt 34 ]; then
        printf '%.34s\n' "$(printf %s "$host" | tr -cd 'A-Za-z0-9._-')"
    else
        say %h
    fi
}

# Fills the node's own values in for the @sciabc.*@ of a text: only characters that are harmless in XML, shell and
# configuration files.
fill_in() {
    system=$(operating_system)
    version=${system#*|}
    host_name=$(line_of /proc/sys/kernel/hostname)
    avahi_name=$(avahi_host "${host_name:-$(uname -n)}")
    set -- "$(own_id)" "$(cores)" "$(memory_bytes)" "${sciabc_arch:-$(uname -m)}" \
        "${system%%|*}-${version%%|*}" "$(host_key)"
    set -- "${1:--}" "${2:--}" "${3:--}" "${4:--}" "${5:--}" "${6:--}"
    case $1$2$3$4$5$6 in
    *[!A-Za-z0-9._:+/=-]*) set -- $(printf '%s\n' "$@" | tr -cd 'A-Za-z0-9._:+/=\n-') ;;
    esac
    sed \
        -e "s|@sciabc\.id@|$1|g" \
        -e "s|@sciabc\.cores@|$2|g" \
        -e "s|@sciabc\.memory@|$3|g" \
        -e "s|@sciabc\.arch@|$4|g" \
        -e "s|@sciabc\.os@|$5|g" \
        -e "s|@sciabc\.hostkey@|$6|g" \
        -e "s|@sciabc\.avahi-host@|$avahi_name|g" \
        -e "s|@sciabc\.cluster@|$sciabc_cluster|g" \
        -e "s|@sciabc\.user@|$sciabc_account|g" \
        -e "s|@sciabc\.port@|${sciabc_port:-22}|g"
}
