// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.sciabc.launch.WaitingShell.Said;
import org.sciabc.spi.LocalProcesses;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.SciabcException;

/**
 * Shells on nodes, and one on this machine, that wait for the next questions, in a process that stays for the next launch:
 * to log in and to start a shell costs more than most questions. They end with this process, because their input does. May
 * be used by several threads.
 */
public final class WaitingShells {
    /** On nodes, and one here. */
    private static final int MOST = 64 + 1;

    private static final long MOST_IDLE = Duration.ofMinutes(10).toNanos();

    private final Map<Place, Waiting> all = new ConcurrentHashMap<>();

    /**
     * Where a shell is.
     *
     * @param command what starts it; it may lead elsewhere when configuration changes, and so the rest belongs to it
     */
    record Place(List<String> command, String user, int port) {
        /** This machine. */
        static final Place HERE = new Place(List.of("/bin/sh"), "", 0);

        static Place of(ReadyNode node, List<String> command) {
            return new Place(List.copyOf(command), node.user(), node.node().port());
        }
    }

    private record Waiting(WaitingShell shell, long since) {}

    /**
     * Has a script run by a shell that waits; by a new one where there is none, or what that says is not enough: it has been
     * there for a while, and may know of no changes since. The new one then waits in its place.
     *
     * @param isEnough whether that can be believed of a shell that has waited
     * @throws SciabcException when the command could not be started
     */
    Said ask(Place place, LocalProcesses processes, String script, Predicate<Said> isEnough)
            throws SciabcException, InterruptedException {
        Waiting before = all.remove(place);
        if (before != null) {
            Said said = ask(place, before.shell(), script);
            if (isEnough.test(said)) {
                return said;
            }
        }
        return renewed(place, processes, script);
    }

    /** Has a script run by a new shell, which then waits for the next. */
    Said renewed(Place place, LocalProcesses processes, String script) throws SciabcException, InterruptedException {
        letGoOfTheIdle();
        return ask(place, WaitingShell.start(processes, place.command()), script);
    }

    private Said ask(Place place, WaitingShell shell, String script) throws SciabcException, InterruptedException {
        boolean isKept = false;
        try {
            Said said = shell.ask(script);
            isKept = said.end().isEmpty() && all.size() < MOST;
            if (isKept) {
                Waiting before = all.put(place, new Waiting(shell, System.nanoTime()));
                if (before != null) {
                    before.shell().close();
                }
            }
            return said;
        } finally {
            if (!isKept) {
                shell.close();
            }
        }
    }

    private void letGoOfTheIdle() {
        all.forEach((place, waiting) -> {
            if (System.nanoTime() - waiting.since() > MOST_IDLE && all.remove(place, waiting)) {
                waiting.shell().close();
            }
        });
    }
}
