// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

/** The script that ends a process, its group and its descendants on a node, with a moment to clean up. */
final class KillScript {
    private KillScript() {}

    /**
     * For the process with this number.
     *
     * <p>The group goes by the number of its leader: the SSH server has made the command one. Descendants are looked for as
     * well, because some servers do not, and because programs such as timeout(1) make groups of their own. What runs as root
     * by way of sudo can only be ended by way of sudo, and only where that needs no password. A minimal Linux has no ps(1),
     * so /proc is read where there is one.
     */
    static String of(long process) {
        return "p=" + process + "\n" + """
                LC_ALL=C
                export LC_ALL
                if [ -r /proc/self/stat ]; then
                  list=$(cat /proc/[0-9]*/stat 2>/dev/null | sed 's/^\\([0-9]*\\) (.*) . \\([0-9]*\\) .*/\\1 \\2/')
                else
                  list=$(ps -A -o pid= -o ppid= 2>/dev/null || ps -o pid= -o ppid= 2>/dev/null)
                fi
                all=$p
                new=$p
                while [ -n "$new" ]; do
                  next=
                  set -- $list
                  while [ $# -gt 1 ]; do
                    for one in $new; do
                      [ "$2" = "$one" ] && next="$next $1"
                    done
                    shift 2
                  done
                  all="$all $next"
                  new=$next
                done
                hit() {
                  left=
                  kill -s "$1" -- "-$p" 2>/dev/null
                  for one in $all; do
                    kill -s "$1" "$one" 2>/dev/null || { [ -d "/proc/$one" ] && left="$left $one"; }
                  done
                  [ -z "$left" ] || sudo -n kill -s "$1" $left 2>/dev/null
                }
                alive() {
                  kill -0 -- "-$p" 2>/dev/null && return 0
                  for one in $all; do
                    kill -0 "$one" 2>/dev/null && return 0
                  done
                  return 1
                }
                hit TERM
                turn=0
                while alive && [ "$turn" -lt 8 ]; do
                  sleep 0.05
                  turn=$((turn + 1))
                done
                alive && hit KILL
                exit 0
                """;
    }
}
