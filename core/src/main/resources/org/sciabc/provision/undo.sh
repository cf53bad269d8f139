#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Going back: entry by entry, the newest first. An entry is set aside when its change is undone, so that an interrupted undo
# goes on where it stopped, and the next one can look again at all of it; undoing twice does nothing.

# remove_folders: those that were made on the way, where nothing else lives in them now.
remove_folders() {
    noted made | sed '1!G;h;$!d' | while IFS= read -r folder; do
        if [ -d "$folder" ]; then rmdir -- "$folder" 2>/dev/null || :; fi
    done
}

# The part of a stamp that tells contents: mode and owner may differ, contents that are somebody else's stay.
content_in() {
    case $1 in
    file\ *)
        set -- $1
        say "$4 $5"
        ;;
    *) say "$1" ;;
    esac
}

owner_in() {
    set -- $1
    say "$3"
}

is_somebody_elses() {
    now=$(content_in "$(stamp_of "$1")")
    [ -n "$(noted after)" ] && [ "$now" != absent ] && [ "$now" != "$(content_in "$2")" ] && [ "$now" != "$(content_in "$3")" ]
}

restore_path() {
    rm -f -- "$1.sciabc-new"
    case $2 in
    absent) rm -f -- "$1" ;;
    link\ *)
        ln -s -- "${2#link }" "$1.sciabc-new"
        mv -f -- "$1.sciabc-new" "$1"
        ;;
    file\ *)
        if [ "$(stamp_of "$1")" != "$2" ]; then
            copy_whole "$entry/content" "$1.sciabc-new"
            put_there "$1.sciabc-new" "$1" "$(owner_in "$2")"
            mend_security_context "$1"
        fi
        ;;
    esac
}

undo_file() {
    path=$(noted path)
    rm -f -- "$path.sciabc-new"
    if is_somebody_elses "$path" "$(noted before)" "$(noted after)"; then
        say "left as it is, because somebody else changed it since: $path"
        return
    fi
    restore_path "$path" "$(noted before)"
    remove_folders
    case $path in
    /etc/systemd/* | /usr/lib/systemd/*) systemctl daemon-reload || : ;;
    esac
}

undo_folder() {
    path=$(noted subject)
    before=$(noted before)
    case $before in
    folder\ *) if [ -d "$path" ]; then chmod "${before#folder }" "$path"; fi ;;
    absent) if [ -d "$path" ]; then rmdir -- "$path" 2>/dev/null || say "left, because it is not empty: $path"; fi ;;
    esac
    remove_folders
}

# What is there in place of ours is somebody else's.
undo_distribution() {
    path=$(noted subject)
    rm -rf -- "$path.sciabc-new"
    if [ -e "$path/.sciabc-content" ]; then rm -rf -- "$path"; fi
    remove_folders
}

without_our_line() {
    ours=$(noted detail) awk '{ line = $0; sub(/\r$/, "", line) } line != ENVIRON["ours"]' "$1"
}

# Whether there is more in the file than our line and what was there before; asked where a run that was cut off could not note
# what it had made of it.
has_more_keys() {
    case $2 in
    file\ *) [ "$(without_our_line "$1")" != "$(without_our_line "$entry/content")" ] ;;
    absent) [ -n "$(without_our_line "$1")" ] ;;
    *) false ;;
    esac
}

# When nobody touched the file since, its former bytes; otherwise our line alone goes.
undo_key() {
    path=$(noted path)
    home=$(noted subject)
    before=$(noted before | path_stamp)
    after=$(noted after | path_stamp)
    rm -f -- "$path.sciabc-new"
    if [ -f "$path" ] && { is_somebody_elses "$path" "$before" "$after" ||
        { [ -z "$after" ] && has_more_keys "$path" "$before"; }; }; then
        trap 'rm -f -- "$path.sciabc-new"' EXIT
        copy_whole "$path" "$path.sciabc-new"
        chmod u+w "$path.sciabc-new"
        without_our_line "$path" >"$path.sciabc-new"
        chmod "$(mode_of "$path")" "$path.sciabc-new"
        put_there "$path.sciabc-new" "$path" "$(owner_of "$path")"
        mend_security_context "$path"
    elif exists "$path" || [ "$before" != absent ]; then
        restore_path "$path" "$before"
    fi
    set -- $(noted before | modes_part) $(noted after | modes_part)
    open_again "$home" "$1" "${3-}"
    open_again "$home/.ssh" "$2" "${4-}"
    remove_folders
}

# open_again FOLDER BEFORE AFTER: where we closed it to others, and its owner has left it at that. A run that was cut off has
# not noted what it made of it.
open_again() {
    if [ "$2" = absent ] || [ ! -d "$1" ]; then return 0; fi
    closed=${3:-$(printf %o $(($(printf %d "0$2") & ~18)))}
    if [ "$closed" != "$2" ] && [ "$(mode_of "$1")" = "$closed" ]; then chmod "$2" "$1"; fi
}

path_stamp() { sed 's/ [^ ]* [^ ]*$//'; }
modes_part() { sed 's/.* \([^ ]* [^ ]*\)$/\1/'; }

undo_account() {
    name=$(noted subject)
    if [ "$(noted before)" = present ] || ! id -u -- "$name" >/dev/null 2>&1; then return; fi
    end_processes_of "$(id -u -- "$name")"
    if have userdel; then
        if [ "$(noted home)" = present ]; then userdel -- "$name"; else userdel -r -- "$name"; fi
    elif have deluser; then
        if [ "$(noted home)" = present ]; then deluser "$name"; else deluser --remove-home "$name"; fi
    else
        fail "no program here removes accounts"
    fi
    for file in $(account_copies); do
        if ! grep -q -x -- "$file" "$entry/copies"; then rm -f -- "$file"; fi
    done
}

# Nobody is removed while one of his processes runs; one that was killed takes a moment to go.
end_processes_of() {
    tries=0
    while [ "$tries" -lt 50 ]; do
        running=
        for process in /proc/[0-9]*; do
            if [ "$(owner_of "$process" 2>/dev/null | sed 's/:.*//')" = "$1" ]; then
                kill -KILL "${process#/proc/}" 2>/dev/null || :
                running=yes
            fi
        done
        if [ -z "$running" ]; then return; fi
        tries=$((tries + 1))
        sleep 0.1 2>/dev/null || sleep 1
    done
}

# Units in their former state; those that went with their package are gone already.
undo_service() {
    if [ "$(noted before)" = "$(service_states "$(noted subject)")" ]; then return; fi
    case $init in
    systemd) undo_systemd ;;
    openrc)
        set -- $(noted before)
        if [ ! -e "/etc/init.d/$1" ]; then
            # Its package is gone, and nothing is left to stop.
            if [ "$3" = disabled ]; then rm -f -- "/etc/runlevels/default/$1"; fi
            return
        fi
        if [ "$3" = disabled ] && [ -e "/etc/runlevels/default/$1" ]; then rc-update del "$1" default; fi
        if [ "$4" = inactive ]; then rc-service "$1" stop; fi
        ;;
    esac
}

undo_systemd() {
    noted before >"$journal/units"
    while read -r unit loaded enabled active; do
        set -- $(service_state "$unit")
        if [ "$1" = not-found ]; then continue; fi
        case $enabled in
        disabled | -) if [ "$2" = enabled ]; then systemctl disable "$unit"; fi ;;
        esac
        if [ "$active" != active ] && [ "$3" = active ]; then systemctl stop "$unit"; fi
        if [ "$loaded" = masked ] && [ "$1" != masked ]; then
            # Below its mask it was enabled, or not.
            if [ -e "$entry/links" ] && ! grep -q -x -F -- "$unit" "$entry/links"; then systemctl disable "$unit"; fi
            systemctl mask "$unit"
        fi
    done <"$journal/units"
    # Disabling one unit takes its companions along.
    while read -r unit loaded enabled active; do
        set -- $(service_state "$unit")
        if [ "$1" = not-found ]; then continue; fi
        if [ "$enabled" = enabled ] && [ "$2" = disabled ]; then systemctl enable "$unit"; fi
        if [ "$active" = active ] && [ "$3" != active ]; then systemctl start "$unit"; fi
    done <"$journal/units"
    rm -f -- "$journal/units"
}

undo_packages() {
    ours_of_packages >"$journal/ours"
    if [ "$manager" = APT ] && [ -s "$journal/ours" ]; then keep_out_foreign "$journal/ours"; fi
    wait_for_package_lock "${lock_patience:-300}"
    keep_what_others_need
    if [ -s "$journal/ours" ]; then remove_packages $(cat "$journal/ours"); fi
    if [ "$manager" = APT ]; then finish_removal; fi
    if [ -z "$(ours_of_packages)" ]; then noted accounts >>"$journal/leaving"; fi
    rm -f -- "$journal/now" "$journal/ours"
}

# What is still there of what was added, were it only the configuration of something that dpkg was cut off in purging.
ours_of_packages() {
    installed_packages | awk '{ print $1 }' >"$journal/now"
    if [ "$manager" = APT ] && [ -e "$entry/leftovers" ]; then
        dpkg-query -W -f '${db:Status-Status} ${binary:Package}\n' | awk '
            FILENAME == ARGV[1] { left[$1] = 1; next }
            $1 == "config-files" && !($2 in left) { print $2 }' "$entry/leftovers" - >>"$journal/now"
    fi
    noted added | awk 'FILENAME == ARGV[1] { now[$1] = 1; next } $1 in now' "$journal/now" -
}

# What is left to do when packages have gone, now or in an undo that was cut off after it.
finish_removal() {
    dpkg_says=
    if packages_interrupted; then DEBIAN_FRONTEND=noninteractive dpkg --triggers-only --pending; fi
    forget_marks
}

# What the packages made for themselves goes when all of them are gone.
remove_accounts() {
    if [ ! -e "$journal/leaving" ]; then return 0; fi
    sort -r -u "$journal/leaving" | while read -r kind name; do
        if is_account "$kind" "$name"; then remove_account "$kind" "$name" 2>&1; fi
    done
    while read -r kind name; do
        if is_account "$kind" "$name"; then
            say "cannot remove the $kind $name"
            return 1
        fi
    done <"$journal/leaving"
    rm -f -- "$journal/leaving"
}

is_account() {
    case $1 in
    user) id -u -- "$2" >/dev/null 2>&1 ;;
    group) grep -q "^$2:" /etc/group ;;
    *) false ;;
    esac
}

# BusyBox has its own words for it.
remove_account() {
    case $1 in
    user) if have userdel; then userdel -- "$2"; else deluser "$2"; fi ;;
    group) if have groupdel; then groupdel -- "$2"; else delgroup "$2"; fi ;;
    esac
}

# Removes from the list what something else now depends on, until the manager agrees that nothing breaks.
keep_what_others_need() {
    while [ -s "$journal/ours" ]; do
        needed=$(needed_by_others $(cat "$journal/ours"))
        if [ -z "$needed" ]; then break; fi
        say "kept, because something else needs it now:" $needed
        # Asked for by us, wanted by others: it may go when they go.
        if [ "$manager" = APT ]; then apt-mark auto $needed; fi
        say "$needed" | awk 'FILENAME == ARGV[1] { kept[$1] = 1; next } !($1 in kept)' - "$journal/ours" >"$journal/fewer"
        if [ "$(cat "$journal/fewer")" = "$(cat "$journal/ours")" ]; then fail "the package manager refuses to remove: $(cat "$journal/ours")"; fi
        mv -- "$journal/fewer" "$journal/ours"
    done
}

needed_by_others() {
    case $manager in
    APT)
        dpkg --no-act --purge -- "$@" 2>&1 |
            sed -n 's/^dpkg: dependency problems prevent removal of \(.*\):$/\1/p' | while read -r name; do
            for package; do
                case $package in "$name" | "$name":*) say "$package" ;; esac
            done
        done
        ;;
    DNF | ZYPPER)
        # rpm names who needs, not what is needed: ask one by one, and count who is not on the list.
        for package; do
            rpm -e --test -- "$package" 2>&1 | sed -n 's/.* is needed by (installed) //p' | while read -r needer; do
                name=$(rpm -q --qf '%{NAME}.%{ARCH}' -- "$needer")
                case " $* " in *" $name "*) ;; *) say "$package" ;; esac
            done
        done | sort -u
        ;;
    PACMAN) pacman -R --print --noconfirm -- "$@" 2>&1 | sed -n 's/.*removing \([^ ]*\) breaks dependency.*/\1/p' | sort -u ;;
    esac
    return 0
}

remove_packages() {
    case $manager in
    APT)
        # What was there before as left-over configuration goes back to that; everything else goes entirely.
        for package; do
            if grep -q -x -- "$package" "$entry/leftovers" 2>/dev/null; then say "$package-"; else say "$package"; fi
        done >"$journal/ways"
        purge=$(grep -v -e '-$' "$journal/ways" || :)
        remove=$(sed -n 's/-$//p' "$journal/ways")
        rm -f -- "$journal/ways"
        if packages_interrupted; then
            # apt wants everything to be configured first, what is about to go included. dpkg does not, and leaves apt's
            # own notes and what others have to do about it.
            unpack_to_the_end "$@"
            if [ -n "$purge" ]; then DEBIAN_FRONTEND=noninteractive dpkg --force-remove-reinstreq --purge $purge; fi
            if [ -n "$remove" ]; then DEBIAN_FRONTEND=noninteractive dpkg --force-remove-reinstreq --remove $remove; fi
            return
        fi
        set -- -q -y -o DPkg::Lock::Timeout="${lock_patience:-300}"
        # Before apt removes anything it forgets what was installed for others. Cut off after that, all that is left would
        # seem to be asked for by name: so it does that in a copy.
        if [ -e "$entry/marks" ]; then
            if [ -e "$apt_marks" ]; then cp -- "$apt_marks" "$journal/marks"; fi
            set -- "$@" -o Dir::State::extended_states="$journal/marks"
        fi
        if [ -n "$remove" ]; then DEBIAN_FRONTEND=noninteractive apt-get "$@" remove $remove; fi
        if [ -n "$purge" ]; then DEBIAN_FRONTEND=noninteractive apt-get "$@" purge $purge; fi
        rm -f -- "$journal/marks"
        ;;
    DNF) dnf -y --setopt=clean_requirements_on_remove=False remove "$@" ;;
    ZYPPER) ZYPP_LOCK_TIMEOUT="${lock_patience:-300}" zypper --non-interactive remove --no-clean-deps "$@" ;;
    PACMAN) pacman -Rn --noconfirm "$@" ;;
    APK)
        if [ ! -e "$entry/sent" ]; then set -- $(noted subject); fi
        apk --wait "${lock_patience:-300}" del "$@"
        ;;
    BREW) HOMEBREW_NO_AUTOREMOVE=1 brew uninstall "$@" ;;
    esac
}

# The manager may not hear of it any more, and must not take the entry for lost.
journal_set_aside() {
    mkdir -p -- "$journal/undone"
    mv -- "$entry" "$journal/undone/$number"
}

# Older changes of what could not be undone wait for it: they would take what is there now for somebody else's.
journal_undo() {
    undone=yes
    waiting=$line_feed
    for number in $(journal_entries | sort -r); do
        entry=$journal/$number
        about=$(noted kind)' '$(noted subject)
        case $waiting in *"$line_feed$about$line_feed"*) continue ;; esac
        say
        say "@sciabc undo $number begin"
        (
            set -e
            "undo_$(noted kind)"
        ) 2>&1
        status=$?
        say
        if [ "$status" -eq 0 ]; then
            if [ -e "$entry/path" ]; then save_path "$(noted path)"; fi
            journal_set_aside
            say "@sciabc undo $number done"
        else
            undone=no
            say "@sciabc undo $number failed $status"
            waiting=$waiting$about$line_feed
            # By a signal: all of it is to end.
            if [ "$status" -gt 128 ]; then break; fi
        fi
    done
    if [ "$undone" = yes ] && ! remove_accounts; then
        undone=no
        say
        say "@sciabc undo accounts failed"
    fi
    if [ "$undone" = yes ]; then
        if [ "$journal" = "$sciabc_system/journal" ]; then remove_sent; fi
        journal_close
    fi
}

# What was sent, or brought by hand, and never taken.
remove_sent() {
    for sent in "$sciabc_sent" "$sciabc_system/sent"; do
        if [ -d "$sent" ] && [ ! -L "$sent" ]; then rm -rf -- "$sent"; fi
    done
}

# journal_would_mend NUMBERS: shows the journal as mending would make it, and changes nothing.
journal_would_mend() {
    if ! has_lost_any "$@"; then
        journal_show
        return
    fi
    # Who ends the session ends this shell first, and gives it the time to clean up.
    (
        trial=$(mktemp -d) || fail "there is no place for a temporary folder"
        trap 'rm -rf -- "$trial"' EXIT
        trap 'exit 143' TERM
        trap 'exit 130' INT
        trap 'exit 129' HUP
        for each in "$journal"/[0-9]* "$journal/undone"; do
            if [ -d "$each" ]; then cp -R -p -- "$each" "$trial"; fi
        done
        journal=$trial
        journal_mend "$@"
        journal_show
    ) || exit
}

# Nothing is left to undo: the journal itself goes, with the folders that were made for it. Renamed first, so that
# the list of these folders does not vanish before they do.
journal_close() {
    noted_made=$(cat "$journal/made" 2>/dev/null)
    stop_beating
    locked=
    if [ "$journal" = "$sciabc_system/journal" ]; then rm -f -- "$sciabc_system/accounts"; fi
    rm -rf -- "$journal.sciabc-new"
    # What a first session that was killed has left of its own.
    if [ -n "$noted_made" ]; then rm -rf -- "${noted_made%%"$line_feed"*}".sciabc-new.*; fi
    top=$journal
    while [ -n "$noted_made" ] && [ "$top" != "${noted_made%%"$line_feed"*}" ] &&
        [ "$(ls -A "$(dirname -- "$top")")" = "${top##*/}" ]; do
        top=$(dirname -- "$top")
    done
    mv -- "$top" "$top.sciabc-new"
    rm -rf -- "$top.sciabc-new"
    say "$noted_made" | sed '1!G;h;$!d' | while IFS= read -r folder; do
        if [ -n "$folder" ] && [ -d "$folder" ]; then rmdir -- "$folder" 2>/dev/null || :; fi
    done
}

# A journal_close that was cut off after it had renamed the journal is brought to its end.
finish_closing() { while is_closing "$1"; do rm -rf -- "$closing.sciabc-new" || return 0; done; }

# What is there now, in the words in which the journal tells what was there before.
check_file() { say "@sciabc now $(stamp_of "$1")"; }

check_distribution() { say "@sciabc now $(distribution_stamp "$1")"; }

check_folder() { say "@sciabc now $(stamp_of "$1")"; }

check_key() { say "@sciabc now $(stamp_of "$(real_path "$1/.ssh/authorized_keys")") $(modes_around_key "$1")"; }

check_service() { service_states "$1" | while IFS= read -r line; do say "@sciabc now $line"; done; }

check_account() { if id -u -- "$1" >/dev/null 2>&1; then say "@sciabc now present"; else say "@sciabc now absent"; fi; }

# The subject is the packages that were asked for; what follows is what came with them.
check_packages() {
    shift
    { installed_packages | sed 's/^/package /' && system_accounts; } | awk '
        BEGIN { for (i = 1; i < ARGC; i++) wanted[ARGV[i]] = 1; ARGC = 1 }
        ($1 " " $2) in wanted { print "@sciabc now " $1 " " $2 }' "$@"
}
