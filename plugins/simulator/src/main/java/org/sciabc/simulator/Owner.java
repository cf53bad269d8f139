// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * The process that simulates nodes, told apart from a later one with the same number and from one on another machine that
 * shares the home folder.
 *
 * @param machine the name of the machine; empty where that is not known
 * @param boot what differs from one start of the machine to the next; empty where that is not known
 * @param pid the process
 * @param started what differs between two processes with the same number
 */
record Owner(String machine, String boot, long pid, String started) {

    /** Fields of {@code /proc/PID/stat}, counted after the name. */
    private static final int STATE = 0;

    private static final int START_TIME = 19;

    /** What became of the process. */
    enum State {
        ALIVE,
        ENDED,
        /** It runs, or ran, on another machine: nobody here can tell. */
        ELSEWHERE
    }

    /** This process. */
    static Owner self() {
        return of(ProcessHandle.current());
    }

    static Owner of(ProcessHandle process) {
        return new Owner(
                firstLine("/proc/sys/kernel/hostname"),
                firstLine("/proc/sys/kernel/random/boot_id"),
                process.pid(),
                started(process));
    }

    State state() {
        if (!machine.equals(firstLine("/proc/sys/kernel/hostname"))) {
            return State.ELSEWHERE;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        return process.map(Owner::of).filter(this::equals).isPresent() ? State.ALIVE : State.ENDED;
    }

    /**
     * On Linux the ticks since the machine was started: the time of day that the JDK makes of them moves when the clock is
     * set, as it is on every Raspberry Pi soon after its start. Nothing for a process that has ended and only waits for its
     * parent to notice, which the JDK takes for alive.
     */
    private static String started(ProcessHandle process) {
        String stat = firstLine("/proc/" + process.pid() + "/stat");
        // The second field is the program's name, which may hold spaces and parentheses (proc(5)).
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        if (fields.length <= START_TIME) {
            return process.info()
                    .startInstant()
                    .map(Instant::toEpochMilli)
                    .map(String::valueOf)
                    .orElse("");
        }
        return fields[STATE].equals("Z") ? "" : fields[START_TIME];
    }

    private static String firstLine(String file) {
        try {
            return Files.readString(Path.of(file))
                    .lines()
                    .findFirst()
                    .orElse("")
                    .strip();
        } catch (IOException absent) {
            return "";
        }
    }
}
