#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Facts about this node, between two marks that no shell's greeting contains.

# Debian's sudo leaves a file in the home folder of who used it first.
as_root() {
    if [ -e "$HOME/.sudo_as_admin_successful" ]; then
        sudo -k "$@"
    else
        sudo -k "$@"
        as_root_status=$?
        rm -f -- "$HOME/.sudo_as_admin_successful"
        return "$as_root_status"
    fi
}

# Standard input, kept as descriptor 3, may hold the password for sudo. It is used at most once: a wrong one counts.
privilege() {
    if [ "$sciabc_uid" = 0 ]; then
        fact privilege root
        return
    fi
    if ! have sudo; then
        fact privilege none
        fact privilege.why 'sudo is not installed'
        return
    fi
    if as_root -n -- /bin/sh -c : >/dev/null 2>&1 3<&-; then
        fact privilege sudo
        return
    fi
    # The password of a simulated node (whose processes the simulator marks so) is not this machine's: asking sudo with it would
    # be a wrong attempt at the person's own.
    if [ "$sciabc_password" != given ] || [ -n "${SCIABC_SIMULATED:-}" ]; then
        fact privilege password-needed
        case $sciabc_groups in
        *"(sudo)"* | *"(wheel)"* | *"(admin)"*) ;;
        *) fact privilege.why "$sciabc_login is in none of the groups sudo, wheel and admin" ;;
        esac
        return
    fi
    if refusal=$(as_root -S -p '' -- /bin/sh -c : 2>&1 <&3 3<&- >/dev/null); then
        fact privilege sudo-password
        return
    fi
    case $refusal in
    *sudoers*) fact privilege none ;;
    *) fact privilege password-needed ;;
    esac
    fact privilege.why "$(say "$refusal" | grep -v '^ *$' | tail -n 1)"
}

addresses() {
    lines=$(ip -o addr show 2>/dev/null | while read -r number interface family address rest; do
        case $family,$address in
        inet,*/* | inet6,*/*) say "$interface ${address%%/*} ${address#*/}" ;;
        inet,*) say "$interface $address 32" ;;
        inet6,*) say "$interface $address 128" ;;
        esac
    done)
    if [ -n "$lines" ]; then
        say "$lines"
    elif [ -r /proc/net/fib_trie ]; then
        addresses_from_proc
    else
        ifconfig -a 2>/dev/null | addresses_from_ifconfig
    fi
}

# Without ip: the kernel's own tables. A local address belongs to the narrowest route without a gateway that holds it.
addresses_from_proc() {
    awk '
        function number(dotted,  part) { split(dotted, part, "."); return ((part[1] * 256 + part[2]) * 256 + part[3]) * 256 + part[4] }
        function digit(c) { return index("0123456789ABCDEF", c) - 1 }
        function octet(hex, at) { return digit(substr(hex, at, 1)) * 16 + digit(substr(hex, at + 1, 1)) }
        function swapped(hex) { return ((octet(hex, 7) * 256 + octet(hex, 5)) * 256 + octet(hex, 3)) * 256 + octet(hex, 1) }
        FILENAME ~ /route$/ {
            if ($2 ~ /^[0-9A-F]+$/ && $3 == "00000000" && $8 != "00000000") {
                n++; name[n] = $1; base[n] = swapped($2); size[n] = 4294967296 - swapped($8)
            }
            next
        }
        $1 == "|--" { address = $2 }
        /32 host LOCAL/ && !(address in seen) {
            seen[address] = 1; best = 0
            for (i = 1; i <= n; i++) {
                if (int(number(address) / size[i]) == int(base[i] / size[i]) && (!best || size[i] < size[best])) best = i
            }
            if (address ~ /^127\./) { print "lo", address, 8 }
            else if (best) {
                bits = 32; for (s = size[best]; s > 1; s /= 2) bits--
                print name[best], address, bits
            } else { print "-", address, 32 }
        }
    ' /proc/net/route /proc/net/fib_trie
    awk '
        function digit(c) { return index("0123456789abcdef", c) - 1 }
        {
            text = substr($1, 1, 4)
            for (i = 5; i <= 29; i += 4) text = text ":" substr($1, i, 4)
            print $6, text, digit(substr($3, 1, 1)) * 16 + digit(substr($3, 2, 1))
        }
    ' /proc/net/if_inet6 2>/dev/null
}

addresses_from_ifconfig() {
    awk '
        function digit(c) { return index("0123456789abcdef", tolower(c)) - 1 }
        /^[^ \t]/ { name = $1; sub(/:$/, "", name) }
        $1 == "inet" {
            bits = 32
            for (i = 2; i < NF; i++) if ($i == "netmask") {
                bits = 0; mask = $(i + 1)
                for (j = 3; j <= length(mask); j++) {
                    d = digit(substr(mask, j, 1)); bits += (d == 15 ? 4 : d == 14 ? 3 : d == 12 ? 2 : d == 8 ? 1 : 0)
                }
            }
            print name, $2, bits
        }
        $1 == "inet6" {
            bits = 128
            for (i = 2; i < NF; i++) if ($i == "prefixlen") bits = $(i + 1)
            sub(/%.*/, "", $2); print name, $2, bits
        }
    '
}

mpi() {
    program=$(command -v mpirun) || program=
    for candidate in /usr/lib64/openmpi/bin/mpirun /usr/lib64/mpi/gcc/openmpi4/bin/mpirun; do
        if [ -z "$program" ] && [ -x "$candidate" ]; then program=$candidate; fi
    done
    if [ -n "$program" ]; then
        fact mpi.path "$program"
        fact mpi.version "$("$program" --version 2>/dev/null </dev/null)"
        case $manager in
        ZYPPER) fact mpi.build "$(versions_of_packages openmpi4 openmpi5 mpich)" ;;
        APT) fact mpi.build "$(versions_of_packages openmpi-bin mpich)" ;;
        DNF | PACMAN) fact mpi.build "$(versions_of_packages openmpi mpich)" ;;
        esac
    fi
}

# The socket outlives the daemon, and is there before it where systemd starts it on demand. Where processes of others are
# hidden, the socket has to do.
avahi() {
    avahi_runs=no
    for run in /run/avahi-daemon /var/run/avahi-daemon; do
        if [ -S "$run/socket" ] && { ! [ -d /proc/1 ] || { read -r pid <"$run/pid" && [ -d "/proc/$pid" ]; } 2>/dev/null; }; then
            avahi_runs=yes
        fi
    done
    if [ "$avahi_runs" = yes ]; then
        fact avahi running
    elif have avahi-daemon; then
        fact avahi installed
    else
        fact avahi absent
    fi
}

# In the package manager's own word, which is not the kernel's.
package_architecture() {
    case $manager in
    APT) dpkg --print-architecture ;;
    DNF | ZYPPER) rpm --eval '%{_arch}' ;;
    APK) apk --print-arch ;;
    *) say "$sciabc_arch" ;;
    esac
}

free_bytes() {
    df -P -k "$@" 2>/dev/null | while read -r device blocks used free rest; do
        case $free in
        *[!0-9]* | '') ;;
        *) say "$((free * 1024))" ;;
        esac
    done
}

# Read first and last, as NTP does. Where there are no nanoseconds, what stands behind the dot is not a number.
clock() { fact "clock.$1" "$(date -u +%s.%N)"; }

# Whose home folders hold a journal: those that are known to the machine, and those that this account can see.
journal_accounts() {
    if [ -r "$sciabc_system/accounts" ]; then
        while read -r name; do
            if id -u -- "$name" >/dev/null 2>&1; then say "$name"; fi
        done <"$sciabc_system/accounts"
    fi
    for name in "$sciabc_login" "$sciabc_account"; do
        own_journal=$(home_of "$name")/.local/state/sciabc/journal
        if [ -d "$own_journal" ] || is_closing "$own_journal"; then say "$name"; fi
    done
}

facts() {
    clock first
    home=$(home_of "$sciabc_account") || home=
    fact user "$sciabc_login"
    fact uid "$sciabc_uid"
    fact home "$sciabc_home"
    fact shell "${SHELL:-}"
    fact account.home "$home"
    if [ -n "$home" ] && [ -d "$home" ]; then
        if [ -w "$home" ] || [ "$sciabc_login" != "$sciabc_account" ]; then fact home.writable yes; else fact home.writable no; fi
    fi
    hostname=$(line_of /proc/sys/kernel/hostname)
    fact hostname "${hostname:-$(uname -n)}"
    fact os "$(operating_system)"
    fact arch "$sciabc_arch"
    fact cores "$(cores)"
    fact memory "$(memory_bytes)"
    fact init "$init"
    fact package.manager "$manager"
    if [ "$sciabc_offline" = yes ]; then fact package.arch "$(package_architecture)"; fi
    ask_dpkg
    fact package.lock "$(package_lock_holder)"
    if packages_interrupted; then fact package.interrupted yes; fi
    fact machine.id "$(line_of /etc/machine-id)"
    fact id "$(own_id)"
    set -- $(free_bytes /var "${home:-/}")
    fact disk.system "${1-}"
    fact disk.home "${2-}"
    if [ -d "$sciabc_system/journal" ] || is_closing "$sciabc_system/journal"; then fact journal.system yes; fi
    journal_accounts | while read -r name; do fact journal.account "$name"; done
    if have selinuxenabled && selinuxenabled; then fact selinux yes; fi
    avahi
    mpi
    addresses | while IFS= read -r line; do fact address "$line"; done
    privilege
    clock last
}

manager=$(package_manager)
init=$(init_system)
sciabc_arch=$(uname -m)
sciabc_who=$(id)
sciabc_uid=${sciabc_who#uid=}
sciabc_uid=${sciabc_uid%%[!0-9]*}
sciabc_groups=${sciabc_who#* groups=}
case $sciabc_who in
"uid=$sciabc_uid("*)
    sciabc_login=${sciabc_who#*"("}
    sciabc_login=${sciabc_login%%")"*}
    ;;
*) sciabc_login=$(id -un) ;;
esac
sciabc_home=${HOME:-/}
sciabc_port=${SSH_CONNECTION-}
sciabc_port=${sciabc_port##* }
sciabc_account=${sciabc_account:-$sciabc_login}
