// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a hostfile on the manager said, and when: it is looked at every 10 ms, there, by the clock that all containers share. */
final class HostfileHistory implements AutoCloseable {
    private static final String RECORDER = """
            import sys, time
            last = None
            while True:
                try:
                    with open(sys.argv[1]) as file:
                        now = file.read()
                except OSError:
                    now = ""
                if now != last:
                    print(time.time_ns() // 1000000, ",".join(line.split()[0] for line in now.splitlines()), flush=True)
                    last = now
                time.sleep(0.01)
            """;

    private final RunningCommand recorder;

    /** A state of the file, and when it began, in milliseconds of the machines' clock. */
    record State(long since, Set<String> addresses) {}

    private HostfileHistory(RunningCommand recorder) {
        this.recorder = recorder;
    }

    static HostfileHistory of(Machine machine, String file) {
        return new HostfileHistory(
                machine.start(Command.of("python3", "-c", RECORDER, file).within(Duration.ofHours(1))));
    }

    /** When the file first said so, at that time or later; empty when it did not within the limit. */
    OptionalLong firstSince(long millis, Predicate<Set<String>> wanted, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<State> state = states().stream()
                    .filter(each -> each.since() >= millis && wanted.test(each.addresses()))
                    .findFirst();
            if (state.isPresent()) {
                return OptionalLong.of(state.get().since());
            }
            recorder.awaitChange(Duration.ofMillis(200));
        }
        return OptionalLong.empty();
    }

    /** Whether the file says so now, or does within the limit. */
    boolean becomes(Predicate<Set<String>> wanted, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < deadline) {
            List<State> states = states();
            if (!states.isEmpty() && wanted.test(states.get(states.size() - 1).addresses())) {
                return true;
            }
            recorder.awaitChange(Duration.ofMillis(200));
        }
        return false;
    }

    /** How many times the file ceased to list that address since then. */
    long lossesSince(long millis, String address) {
        List<State> states = states();
        long losses = 0;
        for (int index = 1; index < states.size(); index++) {
            boolean had = states.get(index - 1).addresses().contains(address);
            if (states.get(index).since() >= millis
                    && had
                    && !states.get(index).addresses().contains(address)) {
                losses++;
            }
        }
        return losses;
    }

    @Override
    public void close() {
        recorder.close();
    }

    private List<State> states() {
        String text = recorder.stdout();
        // The last line may be half there.
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(HostfileHistory::state)
                .toList();
    }

    private static State state(String line) {
        String[] words = line.split(" ", 2);
        Set<String> addresses = Arrays.stream(words.length > 1 ? words[1].split(",") : new String[0])
                .map(address -> address.replaceFirst("^.*@", ""))
                .filter(address -> !address.isEmpty())
                .collect(Collectors.toSet());
        return new State(Long.parseLong(words[0]), addresses);
    }
}
