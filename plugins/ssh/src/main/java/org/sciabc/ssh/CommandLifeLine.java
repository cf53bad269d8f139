// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What ends a command on its node when nobody is left to ask for it: after {@code kill -9}, or when the connection is gone. It
 * is a shell beside the command, whose input ends with the connection. Only a command that takes its time gets one: a
 * further process costs the node as much as a quick command does. A server that allows no second session has none.
 */
final class CommandLifeLine {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final CommandChannel channel;
    private final RemoteScript script;
    private boolean isTied;
    private boolean isClosed;

    private CommandLifeLine(CommandChannel channel, RemoteScript script) {
        this.channel = channel;
        this.script = script;
    }

    /** One for the command whose shell has this number; it is there a moment later. */
    static CommandLifeLine to(long process, Link link, SecureRandom random) {
        CommandLifeLine line = new CommandLifeLine(
                new CommandChannel(link.connection()), new RemoteScript(script(process), true, random));
        Workers.POOL.execute(line::tie);
        return line;
    }

    /** Nothing is left to be ended, or somebody else ends it. */
    synchronized void close() {
        isClosed = true;
        letGo();
    }

    private synchronized void isTied() {
        isTied = true;
        letGo();
    }

    /** Not before the shell has what it is to do. */
    private void letGo() {
        try {
            if (isTied && isClosed) {
                channel.sendEnd();
            }
        } catch (IOException broken) {
            // Then its input has ended as well.
            return;
        }
    }

    private void tie() {
        try {
            channel.request();
            Optional<CommandChannel.Event> event = channel.next(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (event.isPresent() && event.get() instanceof CommandChannel.Opened) {
                channel.execute(script.commandLine());
                byte[] text = script.input();
                channel.send(text, text.length);
                isTied();
            }
        } catch (IOException broken) {
            // Who follows the command hears of it from the connection itself.
            return;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits, and then ends the process with this number and what belongs to it: its session, because the SSH server has made
     * one for it, or else its descendants in the same session. What has a session of its own (setsid) or ignores hangups (nohup)
     * was meant to stay; when this shell ignores them, too, they all do, and that means nothing. Where there
     * is no /proc to tell who ignores them, hangups are what it sends. When the command's own shell is
     * gone, it had ended, and nothing is touched; another process may have its number, and then began at another time.
     */
    private static String script(long process) {
        return "p=" + process + "\n" + """
                exec >/dev/null 2>&1
                LC_ALL=C
                export LC_ALL
                cd /
                ignores_hangups() {
                  while read -r key value; do
                    [ "$key" != SigIgn: ] || case $value in (*[13579bdf]) return 0;; esac
                  done <"/proc/$1/status"
                  return 1
                }
                born() {
                  if [ -r /proc/self/stat ]; then
                    b=
                    read -r b <"/proc/$p/stat" && set -- ${b##*) } && echo "${20}"
                  else
                    ps -o lstart= -p "$p"
                  fi
                }
                processes() {
                  if [ -r /proc/self/stat ]; then
                    cat /proc/[0-9]*/stat | sed -n 's/^\\([0-9]*\\) (.*) . \\([0-9]*\\) [0-9]* \\([0-9]*\\) .*/\\1 \\2 \\3/p'
                  else
                    ps -A -o pid= -o ppid= -o pgid=
                  fi
                }
                belonging() {
                  processes | awk -v p="$p" '
                    { parent[$1] = $2; session[$1] = $3 }
                    END {
                      for (each in parent) {
                        up = each
                        if (session[p] != p) while ((up in parent) && up != p) up = parent[up]
                        if (session[each] == session[p] && (session[p] == p || up == p)) print each
                      }
                    }'
                }
                hit() {
                  left=
                  for one in $all; do
                    kill -s "$1" "$one" || { [ -d "/proc/$one" ] && left="$left $one"; }
                  done
                  [ -z "$left" ] || sudo -n kill -s "$1" $left
                }
                alive() {
                  for one in $all; do
                    kill -0 "$one" || [ -d "/proc/$one" ] && return 0
                  done
                  return 1
                }
                usual=
                ignores_hangups $$ && usual=yes
                trap '' HUP INT TERM
                first=$(born)
                [ -n "$first" ] || exit 0
                while read -r line; do :; done
                [ "$(born)" = "$first" ] || exit 0
                all=
                for one in $(belonging); do
                  [ -z "$usual" ] && ignores_hangups "$one" || all="$all $one"
                done
                [ -r /proc/self/status ] || { hit HUP; exit 0; }
                hit TERM
                turn=0
                while alive && [ "$turn" -lt 5 ]; do
                  sleep 1
                  turn=$((turn + 1))
                done
                alive && hit KILL
                exit 0
                """;
    }
}
