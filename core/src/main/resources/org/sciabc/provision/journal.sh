#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The journal: one folder a change, numbered, complete before the change is made. "before" is what was there, "done" says
# that the change was made. A change that changed nothing leaves no entry.

save_to_disk() { sync -- "$@" 2>/dev/null || sync; }

# A path, and that it is there or not: what the journal says of it must not be on disk before it.
save_path() {
    if [ -e "$1" ]; then
        save_to_disk "$1" "$(dirname -- "$1")"
    elif [ -d "$(dirname -- "$1")" ]; then
        save_to_disk "$(dirname -- "$1")"
    fi
}

cannot_write() {
    folder=$1
    while ! [ -d "$folder" ]; do folder=$(dirname -- "$folder"); done
    free=$(df -P -k "$folder" 2>/dev/null | awk 'END { print $4 }')
    if [ "$free" = 0 ]; then fail "cannot write to $1: no space is left"; else fail "cannot write to $1"; fi
}

# Made under another name and then renamed, so that the list of folders that we made is there as soon as they are.
journal_open() {
    journal=$1
    journal_make
    journal_lock
    rm -rf -- "$journal/new" "$journal/gone"
    journal_settle packages
}

journal_make() {
    until [ -d "$journal" ]; do
        made=$(missing_folders "$journal")
        # Another one has just made it.
        if [ -z "$made" ]; then continue; fi
        first=${made%%"$line_feed"*}
        new=$first.sciabc-new.$$
        fresh=$new${journal#"$first"}
        rm -rf -- "$new"
        {
            mkdir -p -- "$fresh" && chmod 700 "$fresh" && say "$made" >"$fresh/made" && save_to_disk "$fresh/made" &&
                mv -- "$new" "$first"
        } || {
            rm -rf -- "$new"
            cannot_write "$journal"
        }
        # Where another one was faster, ours was moved into theirs.
        rm -rf -- "$first/${new##*/}"
    done
}

# A symbolic link is made at once with its content: process, boot and machine of who holds the lock. One whose manager was killed
# needs some seconds to end what it started, and to end.
journal_lock() {
    boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null || say unknown)
    machine=$(machine_id)
    case $machine in '' | *[!0-9a-f]*) machine=unknown ;; esac
    own_lock="$$@$boot@$machine"
    tries=0
    until ln -s "$own_lock" "$journal/lock" 2>/dev/null; do
        holder=$(readlink "$journal/lock") || holder=
        wait_for_holder "${holder#*@}"
        # It may be another one's by now.
        if [ -n "$holder" ] && [ "$(readlink "$journal/lock")" != "$holder" ]; then
            tries=0
        else
            tries=$((tries + 1))
            if [ "$tries" -gt 3 ]; then cannot_write "$journal/lock"; fi
            rm -f -- "$journal/lock"
        fi
        # With nothing left to undo the journal went, too.
        journal_make
    done
    locked=yes
    keep_beating
}

# Waits for the holder of the lock where that may live: $1 is the boot and the machine, or the boot alone with older versions.
wait_for_holder() {
    case $1 in
    "$boot@$machine" | "$boot")
        if kill -0 "${holder%%@*}" 2>/dev/null; then wait_for_turn "${holder%%@*}"; fi
        ;;
    # Of an earlier start of this machine; or of another one that was copied from the same card.
    *@"$machine") if [ "$machine" = unknown ] || is_beating; then wait_for_machine "$machine"; fi ;;
    *@*) wait_for_machine "${1#*@}" ;;
    esac
}

is_beating() {
    first_beat=$(cat "$journal/beat" 2>/dev/null)
    waited=0
    while [ "$waited" -lt 7 ]; do
        sleep 1
        waited=$((waited + 1))
        if [ "$(readlink "$journal/lock")" != "$holder" ]; then return 1; fi
        if [ "$(cat "$journal/beat" 2>/dev/null)" != "$first_beat" ]; then return 0; fi
    done
    return 1
}

# A home folder may be on several machines at once, and none sees the processes of another. So who holds the lock writes
# something else beside it every five seconds, which is no matter of clocks: one that has not done so for three turns, a minute,
# is dead.
keep_beating() {
    (
        trap 'kill "$nap" 2>/dev/null; exit' TERM
        beat=0
        while kill -0 "$$" 2>/dev/null; do
            beat=$((beat + 1))
            say "$$ $beat" >"$journal/beat"
            sleep 5 &
            nap=$!
            wait "$nap"
        done
    ) </dev/null >/dev/null 2>&1 &
    beating=$!
}

stop_beating() {
    if [ -n "${beating-}" ]; then kill -TERM "$beating" 2>/dev/null; fi
    beating=
}

wait_for_machine() {
    say "waiting for another sciabc that may be at work on the machine $1"
    first_beat=$(cat "$journal/beat" 2>/dev/null)
    waited=0
    while [ "$(readlink "$journal/lock")" = "$holder" ] && [ "$waited" -lt $((3 * sciabc_turn)) ]; do
        sleep 1
        waited=$((waited + 1))
        if [ "$waited" -ge "$sciabc_turn" ] && [ "$(cat "$journal/beat" 2>/dev/null)" != "$first_beat" ]; then
            fail "another sciabc is at work in this folder, on the machine $1"
        fi
    done
    say "waited for another sciabc that was at work on the machine $1"
}

wait_for_turn() {
    say "waiting for another sciabc at work on this node (process $1)"
    waited=0
    while kill -0 "$1" 2>/dev/null; do
        if [ "$waited" -ge "$sciabc_turn" ]; then fail "another sciabc is at work on this node (process $1)"; fi
        sleep 1
        waited=$((waited + 1))
    done
    say "waited for another sciabc that was at work on this node"
}

journal_unlock() {
    stop_beating
    if [ "${locked-}" = yes ] && [ "$(readlink "$journal/lock")" = "$own_lock" ]; then rm -f -- "$journal/beat" "$journal/lock"; fi
    locked=
}

# Whose home folder holds a journal, too: it has to be found again when nobody remembers.
remember_account() {
    if ! grep -q -x -F -- "$1" "$sciabc_system/accounts" 2>/dev/null; then
        say "$1" >>"$sciabc_system/accounts" || cannot_write "$sciabc_system/accounts"
    fi
}

journal_entries() {
    for each in "$journal"/[0-9]*; do
        if [ -d "$each" ]; then say "${each##*/}"; fi
    done
}

# Those that an undo which did not come to its end has undone. Their numbers are not given again.
journal_undone() {
    for each in "$journal"/undone/[0-9]*; do
        if [ -d "$each" ]; then say "${each##*/}"; fi
    done
}

note() { printf '%s\n' "$2" >"$entry/$1" || cannot_write "$entry/$1"; }

noted() { cat -- "$entry/$1" 2>/dev/null || :; }

# journal_begin KIND TITLE SUBJECT [DETAIL]: what was there before, written down and on disk.
journal_begin() {
    entry=$journal/new
    rm -rf -- "$entry"
    mkdir -- "$entry"
    note kind "$1"
    note title "$2"
    note subject "$3"
    note detail "${4-}"
    "before_$1" "$3"
    last=$({ journal_entries && journal_undone; } | sort | tail -n 1)
    number=$(printf %04d "$(expr "${last:-0}" + 1)")
    save_to_disk "$entry"/*
    mv -- "$entry" "$journal/$number"
    entry=$journal/$number
    save_to_disk "$journal"
}

# journal_done: what is there now, and whether that is a change at all.
journal_done() {
    "after_$(noted kind)" "$(noted subject)"
    if [ "$(noted before)" = "$(noted after)" ]; then
        journal_remove
    else
        note done yes
        save_to_disk "$entry"/*
    fi
}

journal_remove() {
    rm -rf -- "$journal/gone"
    mv -- "$entry" "$journal/gone"
    rm -rf -- "$journal/gone"
}

# Entries of these kinds that a run has only begun are completed as far as it came, before anybody else changes more.
journal_settle() {
    for number in $(journal_entries); do
        entry=$journal/$number
        if [ ! -e "$entry/done" ]; then
            case " $* " in *" $(noted kind) "*) journal_done ;; esac
        fi
    done
}

# What the owner changes from now on is the owner's.
settle_what_began() {
    (
        set -e
        journal_settle packages key account
    )
    settled=$?
    if [ "$settled" -ne 0 ]; then say "what this step began is not settled"; fi
}

# One line for each entry: NUMBER KIND DONE, then what was there, what was made of it, and what it is about.
journal_show() { show_entries "$journal" $(journal_entries); }

show_entries() {
    folder=$1
    shift
    for number; do
        entry=$folder/$number
        state=begun
        if [ -e "$entry/done" ]; then state=done; fi
        say "@sciabc entry $number $(noted kind) $state"
        say "@sciabc title $(noted title)"
        say "@sciabc subject $(noted subject)"
        for part in before after added changed accounts; do
            noted "$part" | while IFS= read -r line; do say "@sciabc $part $line"; done
        done
    done
}

# All of the journal, for the manager to keep: where the node loses its own, it comes back from there.
journal_copy() {
    if [ -d "$journal" ] && have tar && have gzip && have base64 && have fold; then
        say
        say "@sciabc copy begin $(machine_id) $(journal_entries | tr '\n' ' ')"
        (cd "$journal" && tar -c -f - $(journal_entries) made) 2>/dev/null | gzip -c | base64 | fold -w 76 |
            sed 's/^/@sciabc copy /'
        say
        say "@sciabc copy end"
    fi
}

machine_id() { { cat /etc/machine-id 2>/dev/null || say unknown; } | tr -cd 'a-z0-9\n' | head -n 1; }

# Whether all is there that undoing needs.
is_whole() {
    for part in kind title subject before; do
        if [ ! -s "$1/$part" ]; then return 1; fi
    done
    case $(cat "$1/kind") in
    file | key)
        case $(cat "$1/before") in
        file\ *) [ -s "$1/path" ] && [ -e "$1/content" ] ;;
        *) [ -s "$1/path" ] ;;
        esac
        ;;
    esac
}

# Whether anything of what the manager holds a copy of is lost or damaged here.
has_lost_any() {
    for number; do
        if is_lost "$number"; then return 0; fi
    done
    return 1
}

is_lost() { ! [ -d "$journal/undone/$1" ] && ! is_whole "$journal/$1"; }

# journal_mend NUMBERS: entries of the manager's copy that are lost or damaged here come back; what was undone is not lost.
journal_mend() {
    rm -rf -- "$journal/copy"
    if ! has_lost_any "$@"; then return 0; fi
    mkdir -- "$journal/copy"
    manager_copy | base64 -d | gzip -d -c | (cd "$journal/copy" && tar -x -f -) || fail "the manager's copy is damaged, too"
    for number; do
        if is_lost "$number" && is_whole "$journal/copy/$number"; then
            rm -rf -- "${journal:?}/$number"
            mv -- "$journal/copy/$number" "$journal/$number"
            say "@sciabc mended $number"
        fi
    done
    rm -rf -- "$journal/copy"
}

# What a path is like, in one line. Two equal lines mean: nothing to undo.
stamp_of() {
    if [ -L "$1" ]; then
        say "link $(readlink "$1")"
    elif [ -d "$1" ]; then
        say "folder $(mode_of "$1")"
    elif [ -e "$1" ]; then
        say "file $(mode_of "$1") $(owner_of "$1") $(checksum_of "$1")"
    else
        say absent
    fi
}

keep_path() {
    note path "$1"
    note before "$(stamp_of "$1")"
    missing_folders "$(dirname -- "$1")" >"$entry/made"
    if [ -d "$1" ] && [ ! -L "$1" ]; then fail "$1 is a folder"; fi
    if [ -f "$1" ] && [ ! -L "$1" ]; then copy_whole "$1" "$entry/content"; fi
}

# Extended attributes and access lists, too, where cp knows how.
copy_whole() { cp -p --preserve=all -- "$1" "$2" 2>/dev/null || cp -p -- "$1" "$2"; }

# put_there FRESH PATH OWNER: in one go, unless the file would lose its owner or group, which only root can give: then it
# gets the content alone. A file that the account may replace and not write to is replaced.
put_there() {
    if [ -f "$2" ] && [ -w "$2" ] && [ "$(owner_of "$2")" = "$3" ] && [ "$(owner_of "$1")" != "$3" ]; then
        cat -- "$1" >"$2"
        chmod "$(mode_of "$1")" "$2"
        rm -f -- "$1"
    else
        mv -f -- "$1" "$2"
    fi
}

before_file() { keep_path "$1"; }
after_file() {
    save_path "$1"
    note after "$(stamp_of "$1")"
}

before_folder() {
    note before "$(stamp_of "$1")"
    missing_folders "$1" >"$entry/made"
}
after_folder() { note after "$(stamp_of "$1")"; }

before_distribution() {
    note before "$(distribution_stamp "$1")"
    missing_folders "$(dirname -- "$1")" >"$entry/made"
}
after_distribution() { note after "$(distribution_stamp "$1")"; }

distribution_stamp() {
    if [ -e "$1/.sciabc-content" ]; then say "distribution $(cat "$1/.sciabc-content")"; else stamp_of "$1"; fi
}

# The subject is the home folder; the file may be a symbolic link to elsewhere.
before_key() {
    keep_path "$(real_path "$1/.ssh/authorized_keys")"
    note before "$(stamp_of "$(noted path)") $(modes_around_key "$1")"
}
after_key() {
    save_path "$(noted path)"
    note after "$(stamp_of "$(noted path)") $(modes_around_key "$1")"
}

modes_around_key() { say "$(mode_or_absent "$1") $(mode_or_absent "$1/.ssh")"; }

mode_or_absent() { if [ -d "$1" ]; then mode_of "$1"; else say absent; fi; }

before_service() {
    service_states "$1" >"$entry/before"
    if [ "$init" = systemd ]; then find /etc/systemd/system -type l -path '*.wants/*' 2>/dev/null | sed 's|.*/||' >"$entry/links"; fi
}
after_service() { service_states "$1" >"$entry/after"; }

# Sockets that start the service belong to it: enabling it enables them. Of one that is masked systemd does not tell that.
service_states() {
    units=$1
    if [ "$init" = systemd ]; then
        units="$1.service $(systemctl show -p TriggeredBy -- "$1.service" | sed 's/^TriggeredBy=//')"
        case " $units $(systemctl show -p LoadState -- "$1.socket")" in
        *" $1.socket "*) ;;
        *=masked) units="$units $1.socket" ;;
        esac
    fi
    for unit in $units; do
        say "$unit $(service_state "$unit")"
    done
}

before_account() {
    if id -u -- "$1" >/dev/null 2>&1; then note before present; else note before absent; fi
    if exists "/home/$1"; then note home present; fi
    account_copies >"$entry/copies"
}

# What useradd keeps of the account files as they were.
account_copies() {
    for file in /etc/passwd- /etc/shadow- /etc/group- /etc/gshadow- /etc/subuid- /etc/subgid-; do
        if exists "$file"; then say "$file"; fi
    done
}
after_account() { if id -u -- "$1" >/dev/null 2>&1; then note after present; else note after absent; fi; }

# What somebody else installs until we may begin is not ours.
before_packages() {
    wait_for_package_lock "${lock_patience:-300}"
    if [ -n "$holder" ]; then fail "the package lock is still $(held_by "$holder")"; fi
    note before ''
    installed_packages >"$entry/installed"
    system_accounts >"$entry/known"
    if [ "$manager" = APT ]; then
        dpkg-query -W -f '${db:Status-Status} ${binary:Package}\n' | sed -n 's/^config-files //p' >"$entry/leftovers"
        marks_of_apt >"$entry/marks"
    fi
}

# Packages make users and groups for themselves, and leave them behind.
system_accounts() {
    for kind in user:/etc/passwd group:/etc/group; do
        awk -F: -v kind="${kind%%:*}" '$3 < 1000 { print kind, $1 }' "${kind#*:}"
    done
}

# Added: what was not there at all. Changed: what has another version now, which cannot be undone and is said.
after_packages() {
    installed_packages | awk -v added="$entry/added" -v changed="$entry/changed" '
        # Of some there are several at a time, such as kernels.
        FILENAME == ARGV[1] { version[$1] = $2; known[$1, $2] = 1; next }
        !($1 in version) { print $1 >added; next }
        !(($1, $2) in known) { print $1, version[$1], $2 >changed }
    ' "$entry/installed" -
    system_accounts | awk 'FILENAME == ARGV[1] { known[$0] = 1; next } !($0 in known)' "$entry/known" - >"$entry/accounts"
    note after "$(cat "$entry/added" "$entry/changed" "$entry/accounts" 2>/dev/null)"
    if [ -s "$entry/added" ] && [ "$manager" = APT ]; then keep_out_foreign "$entry/added"; fi
    # An installation that was cut off at its beginning has left them for packages that never came.
    if [ "$manager" = APT ]; then forget_marks; fi
}

# keep_out_foreign LIST: what somebody asked for by name while we were interrupted is theirs.
keep_out_foreign() {
    apt-mark showmanual | sort >"$entry/manual"
    awk -v asked=" $(noted subject) " '
        NR == FNR { manual[$1] = 1; next }
        { name = $1; sub(/:.*/, "", name) }
        index(asked, " " name " ") || !(($1 in manual) || (name in manual))
    ' "$entry/manual" "$1" >"$1.ours"
    mv -- "$1.ours" "$1"
    rm -f -- "$entry/manual"
}
