#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Words that the commands of a plan use.

# What the manager has sent, unpacked beside its place and then put there.
unpack_distribution() {
    rm -rf -- "$1.sciabc-new"
    mkdir -p -- "$1.sciabc-new"
    tar -x -f "$sciabc_sent/distribution.tar" -C "$1.sciabc-new"
    say "$2" >"$1.sciabc-new/.sciabc-content"
    rm -rf -- "$1"
    mv -- "$1.sciabc-new" "$1"
    rm -f -- "$sciabc_sent/distribution.tar"
    rmdir -- "$sciabc_sent" 2>/dev/null || :
}

# Appends a line to the account's authorized_keys: in one go, below a symbolic link where there is one, with the line
# ends that the file has, and with permissions that sshd accepts. One that says from where a key is good takes the place
# of the one that said it before.
add_key() {
    if [ ! -d "$HOME/.ssh" ]; then mkdir -m 700 -- "$HOME/.ssh"; fi
    keys=$(real_path "$HOME/.ssh/authorized_keys")
    trap 'rm -f -- "$keys.sciabc-new"' EXIT
    rm -f -- "$keys.sciabc-new"
    if [ -e "$keys" ]; then copy_whole "$keys" "$keys.sciabc-new"; else (umask 077 && : >"$keys.sciabc-new"); fi
    mode=$(mode_of "$keys.sciabc-new")
    # What is there may be for reading only.
    chmod u+w "$keys.sciabc-new"
    if [ -e "$keys" ]; then stale=$(other_origins "$1" "$keys"); else stale=; fi
    if [ -n "$stale" ]; then
        awk -v stale=" $(say "$stale" | tr '\n' ' ')" '!index(stale, " " NR " ")' "$keys" >"$keys.sciabc-new"
    fi
    if [ ! -s "$keys.sciabc-new" ]; then
        printf '%s\n' "$1" >"$keys.sciabc-new"
    elif ! tr -d '\r' <"$keys.sciabc-new" | grep -q -x -F -- "$1"; then
        if [ -n "$(tail -c 1 "$keys.sciabc-new")" ]; then echo >>"$keys.sciabc-new"; fi
        if tail -n 1 "$keys" | grep -q "$(printf '\r')\$"; then windows=$(printf '\r'); else windows=; fi
        printf '%s%s\n' "$1" "$windows" >>"$keys.sciabc-new"
    fi
    chmod "$mode" "$keys.sciabc-new"
    chmod go-w "$keys.sciabc-new"
    put_there "$keys.sciabc-new" "$keys" "$(owner_of "$keys" 2>/dev/null)"
    mend_security_context "$HOME/.ssh" "$keys"
    for folder in "$HOME" "$HOME/.ssh"; do
        if is_open "$folder"; then chmod go-w "$folder"; fi
    done
}

# Who masks a service masks the socket that starts it, too, and then neither of them starts.
unmask_service() {
    for unit in "$1.service" "$1.socket"; do
        case $(systemctl show -p LoadState -- "$unit") in
        *=masked) systemctl unmask "$unit" ;;
        esac
    done
}

# An account with a home folder that nobody can log in to with a password. The number is taken where it is free.
create_account() {
    if id -u -- "$1" >/dev/null 2>&1; then return; fi
    if have useradd; then
        if [ -n "${2-}" ] && ! { cut -d: -f3 /etc/passwd | grep -q -x -- "$2" || { have getent && getent passwd "$2"; }; }; then
            useradd --create-home --password '*' --uid "$2" -- "$1"
        else
            useradd --create-home --password '*' -- "$1"
        fi
    elif have adduser && have chpasswd; then
        # BusyBox locks new accounts with "!", which keeps keys out as well.
        adduser -D "$1"
        echo "$1:*" | chpasswd -e
    else
        fail "no program here creates accounts"
    fi
}
