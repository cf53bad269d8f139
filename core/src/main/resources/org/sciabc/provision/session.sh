#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A session carries out steps on this node. The rest of its input is kept open by the manager for as long as it wants the
# work to go on: the end of it means that the manager let go or is gone, and everything that was started here ends.

# PID PARENT of every process. ps is not on every node.
processes() {
    if [ -r /proc/self/stat ]; then
        cat /proc/[0-9]*/stat 2>/dev/null | sed 's/^\([0-9]*\) (.*) . \([0-9]*\) .*/\1 \2/'
    else
        ps -A -o pid= -o ppid=
    fi
}

# What descends from a process, another process and its descendants left out.
descendants() {
    processes | awk -v top="$1" -v spared="$2" '
        { parent[$1] = $2 }
        END {
            for (each in parent) {
                p = each
                while ((p in parent) && p != top && p != spared) p = parent[p]
                if (p == top && each != top) print each
            }
        }'
}

# End what runs: first asked, then, after five seconds, not asked.
end_session() {
    kill -TERM $(descendants "$1" "$2") 2>/dev/null
    tries=0
    while [ "$tries" -lt 5 ] && [ -n "$(descendants "$1" "$2")" ]; do
        sleep 1
        tries=$((tries + 1))
    done
    kill -KILL $(descendants "$1" "$2") "$1" 2>/dev/null
}

watch_manager() {
    # $$ is still the session's number here: a subshell has to ask for its own.
    (
        trap '' TERM INT HUP
        watcher=$(exec sh -c 'echo $PPID')
        while IFS= read -r _; do :; done
        end_session "$$" "$watcher"
    ) <&3 >/dev/null 2>&1 &
    watcher=$!
}

session_begin() {
    case ${sciabc_flag-} in
    */.sudo_as_admin_successful) rm -f -- "$sciabc_flag" 2>/dev/null || : ;;
    esac
    exec 3<&0 </dev/null
    trap 'exit 143' TERM
    trap 'exit 130' INT
    trap 'exit 129' HUP
    watch_manager
    exec 3<&-
    trap 'journal_unlock; kill -KILL "$watcher" 2>/dev/null' EXIT
    manager=$(package_manager)
    init=$(init_system)
}

# Output of a step, its errors included, stands between two marks. The first failure ends the session.
run_step() {
    say
    say "@sciabc step $1 begin"
    (
        set -e
        "step_$1"
    ) 2>&1
    status=$?
    say
    if [ "$status" -ne 0 ]; then
        say "@sciabc step $1 failed $status"
        settle_what_began
        journal_copy
        exit 1
    fi
    say "@sciabc step $1 done"
}
