#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What is installed, and who is busy installing.

installed_packages() {
    case $manager in
    APT)
        # Half-installed counts: it is on the disk.
        dpkg-query -W -f '${db:Status-Status} ${binary:Package} ${Version}\n' |
            awk '$1 != "not-installed" && $1 != "config-files" { print $2, $3 }'
        ;;
    DNF | ZYPPER) rpm -qa --qf '%{NAME}.%{ARCH} %{VERSION}-%{RELEASE}\n' | grep -v '^gpg-pubkey' ;;
    PACMAN) pacman -Q ;;
    APK) apk info -v | sed 's/-\([^-]*-r[0-9]*\)$/ \1/' ;;
    BREW) brew list --versions ;;
    esac | sort
}

package_lock_files() {
    case $manager in
    APT) say /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock /var/cache/apt/archives/lock ;;
    DNF) say /var/lib/rpm/.rpm.lock /usr/lib/sysimage/rpm/.rpm.lock /run/dnf/rpmtransaction.lock ;;
    ZYPPER) say /run/zypp.pid ;;
    PACMAN) say /var/lib/pacman/db.lck ;;
    APK) say /lib/apk/db/lock ;;
    esac
}

# pacman's lock is that the file is there: it writes nothing into it, and keeps it open. Who is not root sees no files of root's
# processes, but their names. What nobody has open was left behind by one that was killed, and stays until somebody removes it.
who_has_open() {
    for file in /proc/[0-9]*/fd/*; do
        if [ "$file" -ef "$1" ]; then
            pid=${file#/proc/}
            pid=${pid%%/*}
            say "$pid $(line_of "/proc/$pid/comm")"
            return
        fi
    done
    for file in /proc/[0-9]*/comm; do
        if [ "$(line_of "$file" 2>/dev/null)" = pacman ]; then
            pid=${file#/proc/}
            say "${pid%%/*} pacman"
            return
        fi
    done
    if ! [ -e "$1" ]; then return; fi
    if [ "$(id -u)" = 0 ]; then say "0 nobody any more: remove $1"; else say "0 somebody: there is $1"; fi
}

# "PID NAME" of a process that holds one of the manager's locks. The kernel's table of locks knows files by inode only.
package_lock_holder() {
    if [ "$manager" = PACMAN ]; then
        if [ -e "$(package_lock_files)" ]; then who_has_open "$(package_lock_files)"; fi
        return
    fi
    if [ "$manager" = ZYPPER ]; then
        # libzypp locks the file itself only while it writes its number there.
        pid=$(sed -n '1s/^ *\([0-9][0-9]*\).*/\1/p' "$(package_lock_files)" 2>/dev/null)
        if [ -n "$pid" ] && [ -d "/proc/$pid" ]; then say "$pid $(cat "/proc/$pid/comm" 2>/dev/null)"; fi
        return
    fi
    # Homebrew has none.
    if [ -r /proc/locks ] && [ -n "$(package_lock_files)" ]; then
        set -- $(ls -i -- $(package_lock_files) 2>/dev/null)
        inodes=" $* "
        while read -r number kind advisory mode pid place range; do
            inode=${place##*:}
            case $inodes in
            *" $inode "*) ;;
            *) continue ;;
            esac
            # One that is only waited for has an arrow for its kind.
            if [ "$kind" = '->' ] || [ "$pid" -le 0 ]; then continue; fi
            file=${inodes#*" $inode "}
            file=${file%% *}
            # Another file system may use the same number: root can tell.
            if ! [ -r "/proc/$pid/fd" ] || ls -l "/proc/$pid/fd" 2>/dev/null | grep -q -- " $file\$"; then
                say "$pid $(line_of "/proc/$pid/comm")"
                break
            fi
        done </proc/locks
    fi
}

# Waits at most this many seconds until nobody else installs or removes packages, and says who does.
wait_for_package_lock() {
    waited=0
    while holder=$(package_lock_holder) && [ -n "$holder" ] && [ "$waited" -lt "$1" ]; do
        if [ $((waited % 5)) -eq 0 ]; then
            say "waiting for the package lock, $(held_by "$holder")"
        fi
        sleep 1
        waited=$((waited + 1))
    done
}

held_by() {
    case $1 in
    "0 "*) say "held by ${1#* }" ;;
    *) say "held by ${1#* } (process ${1%% *})" ;;
    esac
}

# Whether an installation was cut off in the middle, by us or by a power failure.
packages_interrupted() {
    if [ "$manager" != APT ]; then return 1; fi
    ask_dpkg
    case $dpkg_says in
    *"${line_feed}cut off"*) return 0 ;;
    esac
    for update in /var/lib/dpkg/updates/[0-9]*; do
        if [ -e "$update" ]; then return 0; fi
    done
    return 1
}

# What dpkg was cut off in the middle of unpacking is on the disk and on no list of files: only a package that is unpacked
# can be removed.
unpack_to_the_end() {
    for name in $(dpkg-query -W -f '${db:Status-Eflag} ${binary:Package}\n' | sed -n 's/^reinstreq //p'); do
        case " $* " in
        *" $name "*)
            file=$(package_file "${name%%:*}")
            if [ -z "$file" ] || ! DEBIAN_FRONTEND=noninteractive dpkg --force-depends --unpack "$file"; then
                say "left on the disk, because dpkg was cut off in the middle of unpacking it: files of $name"
            fi
            ;;
        esac
    done
}

# apt keeps what it could not install, and what the manager has sent or somebody has brought is there until it is installed. Of
# several versions it was the last that came. Anybody may make a folder of the name of the one that is sent to.
package_file() {
    file=$(ls -t -- "/var/cache/apt/archives/$1"_*.deb 2>/dev/null | head -n 1)
    for folder in "$sciabc_sent" "$sciabc_system/sent"; do
        if [ -n "$file" ] || ! is_of_login_or_root "$folder"; then continue; fi
        for sent in "$folder"/packages/*.deb; do
            if [ -z "$file" ] && [ -f "$sent" ] && [ "$(dpkg-deb -f "$sent" Package)" = "$1" ]; then file=$sent; fi
        done
    done
    if [ -z "$file" ] && (cd /var/cache/apt/archives && apt-get -q download "$1") >/dev/null 2>&1; then
        file=$(ls -t -- "/var/cache/apt/archives/$1"_*.deb | head -n 1)
    fi
    say "$file"
}

is_of_login_or_root() {
    if [ -L "$1" ] || [ ! -d "$1" ]; then return 1; fi
    owner=$(owner_of "$1")
    [ "${owner%%:*}" = 0 ] || [ "${owner%%:*}" = "$(id -u -- "$sciabc_login" 2>/dev/null)" ]
}

# Before apt begins it notes what it installs for others, and forgets it where it removes something itself. What was noted
# before this entry stays, and so does what is installed.
apt_marks=/var/lib/apt/extended_states

marks_of_apt() { if [ -e "$apt_marks" ]; then awk -v RS= '{ print $2 ":" $4 }' "$apt_marks"; else say absent; fi; }

forget_marks() {
    if [ ! -s "$apt_marks" ] || [ ! -e "$entry/marks" ]; then return; fi
    stale=$(installed_packages | awk 'FILENAME != ARGV[4] { known[$1] = 1; next }
        !($2 in known) && !(($2 ":" $4) in known) { print $2 ":" $4 }' - "$entry/marks" RS= "$apt_marks")
    if [ -z "$stale" ]; then return; fi
    copy_whole "$apt_marks" "$apt_marks.sciabc-new"
    say "$stale" | awk 'FILENAME == ARGV[1] { stale[$1] = 1; next } !(($2 ":" $4) in stale)' \
        - RS= ORS='\n\n' "$apt_marks" >"$apt_marks.sciabc-new"
    mv -f -- "$apt_marks.sciabc-new" "$apt_marks"
    if [ ! -s "$apt_marks" ] && grep -q -x absent "$entry/marks"; then rm -f -- "$apt_marks"; fi
}

# Options with which apt knows nothing but the packages that the manager has sent.
from_sent_packages() {
    say "-o Dir::Etc::sourcelist=$sciabc_sent/packages/sources.list -o Dir::Etc::sourceparts=/nonexistent" \
        "-o Dir::State::lists=$sciabc_sent/packages/lists -o Dir::Cache=$sciabc_sent/packages/cache"
}

# The package files that the manager has sent, for managers that take files.
sent_packages() { cat -- "$sciabc_sent/packages/chosen"; }

# What was installed from files is asked for by name, everything of it: the entry tells whoever undoes it.
forget_sent_packages() {
    note sent yes
    rm -rf -- "$sciabc_sent/packages"
    rmdir -- "$sciabc_sent" 2>/dev/null || :
}

# Those that are not installed. What was known of dpkg is from before.
absent_packages() {
    dpkg_says=
    sciabc_packages=$*
    there=$(versions_of_packages "$@" | awk '{ print $1 }')
    for package; do
        case $line_feed$there$line_feed in
        *"$line_feed$package$line_feed"*) ;;
        *) say "$package" ;;
        esac
    done
}

prove_packages() {
    absent=$(absent_packages "$@")
    if [ -n "$absent" ]; then fail "${absent%%"$line_feed"*} is still not installed"; fi
}
