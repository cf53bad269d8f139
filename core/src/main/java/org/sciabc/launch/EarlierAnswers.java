// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.sciabc.launch.PreflightRound.Answered;
import org.sciabc.spi.Probe;

/**
 * What machines answered a moment ago, in the same launch. When something was brought to them since, they are asked about that
 * alone, and not once more what files decide that nobody has touched. How they are, and how they reach each other, is good for two
 * seconds: what takes longer, a large tree or a compilation, may have filled a memory or a disk.
 */
public final class EarlierAnswers {
    /** Nothing was asked yet. */
    public static final EarlierAnswers NONE = new EarlierAnswers(Optional.empty(), System::nanoTime);

    private static final Duration A_MOMENT = Duration.ofSeconds(2);

    private final Map<String, Seen> machines = new HashMap<>();
    private final Optional<String> surroundings;
    private final LongSupplier nanoTime;
    private final long since;

    private record Seen(List<Probe> probes, Answered answered) {}

    /**
     * What is still to be filled.
     *
     * @param surroundings in which processes of these machines begin
     * @param nanoTime a clock, as {@link System#nanoTime}
     */
    EarlierAnswers(Optional<String> surroundings, LongSupplier nanoTime) {
        this.surroundings = surroundings;
        this.nanoTime = nanoTime;
        this.since = nanoTime.getAsLong();
    }

    boolean isNone() {
        return machines.isEmpty();
    }

    /**
     * In what surroundings processes of each machine begin, as a text that changes when they do; absent where that would not be
     * seen.
     */
    public Optional<String> surroundings() {
        return surroundings;
    }

    /** Adds what a machine answered to these questions; one that did not answer will be asked everything again. */
    void add(String machine, List<Probe> probes, Answered answered) {
        if (answered.failure().isEmpty()) {
            machines.put(machine, new Seen(List.copyOf(probes), answered));
        }
    }

    /** Of these questions to a machine, those that it has not answered. */
    List<Probe> open(String machine, List<Probe> probes) {
        Seen seen = machines.get(machine);
        if (seen == null) {
            return probes;
        }
        boolean isLongAgo = nanoTime.getAsLong() - since > A_MOMENT.toNanos();
        return probes.stream()
                .filter(probe -> (isLongAgo && probe.name().equals(PreflightProbes.NOW))
                        || seen.probes().stream().noneMatch(before -> answers(before, probe)))
                .toList();
    }

    /** The answers to all questions, of which a machine has just answered those that were open. */
    Answered completed(String machine, List<Probe> probes, Answered fresh) {
        Seen seen = machines.get(machine);
        if (seen == null || fresh.failure().isPresent()) {
            return fresh;
        }
        Set<String> kept = seen.probes().stream()
                .filter(before -> probes.stream().anyMatch(probe -> answers(before, probe)))
                .flatMap(before -> PreflightScript.names(before).stream())
                .collect(Collectors.toSet());
        Map<String, String> answers = new LinkedHashMap<>(seen.answered().answers());
        answers.keySet().retainAll(kept);
        answers.putAll(fresh.answers());
        // What the clocks said belongs to the time when they said it.
        Answered ofClock = fresh.answers().containsKey(PreflightProbes.NOW) ? fresh : seen.answered();
        return new Answered(answers, Optional.empty(), ofClock.begin(), ofClock.end());
    }

    /**
     * Whether it is the same question, of which the answer lasts. That of the moment, and of whom a machine reaches, was asked
     * for another folder.
     */
    private static boolean answers(Probe before, Probe probe) {
        return before.name().equals(probe.name())
                && (before.name().equals(PreflightProbes.NOW)
                        || (PreflightScript.isLasting(probe) && before.equals(probe)));
    }
}
