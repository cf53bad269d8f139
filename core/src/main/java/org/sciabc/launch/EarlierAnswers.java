// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.sciabc.launch.PreflightRound.Answered;
import org.sciabc.spi.Probe;

/**
 * What machines answered a moment ago, in the same launch. When something was brought to them since, they are asked about that
 * alone: how they are and how they reach each other has not become another matter.
 */
public final class EarlierAnswers {
    /** Nothing was asked yet. */
    public static final EarlierAnswers NONE = new EarlierAnswers(Optional.empty());

    private final Map<String, Seen> machines = new HashMap<>();
    private final Optional<String> surroundings;

    private record Seen(List<Probe> probes, Answered answered) {}

    /**
     * What is still to be filled.
     *
     * @param surroundings in which processes of these machines begin
     */
    EarlierAnswers(Optional<String> surroundings) {
        this.surroundings = surroundings;
    }

    boolean isNone() {
        return machines.isEmpty();
    }

    /** In what surroundings processes begin, as it was seen then. */
    Optional<String> surroundings() {
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
        return probes.stream()
                .filter(probe -> seen.probes().stream().noneMatch(before -> answers(before, probe)))
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
        return new Answered(
                answers,
                Optional.empty(),
                seen.answered().begin(),
                seen.answered().end());
    }

    /** Whether it is the same question. That of the moment, and of whom a machine reaches, was asked for another folder. */
    private static boolean answers(Probe before, Probe probe) {
        return before.name().equals(probe.name())
                && (before.name().equals(PreflightProbes.NOW) || before.script().equals(probe.script()));
    }
}
