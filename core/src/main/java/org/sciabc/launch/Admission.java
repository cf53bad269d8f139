// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.sciabc.spi.Finding;
import org.sciabc.spi.Finding.Severity;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.ReadyNode;

/**
 * Which of the nodes that joined can run a job together with those that it runs on: all are asked at once, and then each
 * newcomer has to leave the checks as they were without it. What is wrong with the others is nobody else's fault.
 */
public final class Admission {
    private final Preflight preflight;

    public Admission(Preflight preflight) {
        this.preflight = preflight;
    }

    /**
     * Asks and judges.
     *
     * @param draft the job on the nodes that it runs on and on those that joined
     * @param joined those that joined
     * @param brings whether files that a node lacks are going to be brought there
     * @return why each of those that do not fit does not; who is not named fits
     */
    public Map<ReadyNode, String> misfits(LaunchRequest draft, List<ReadyNode> joined, boolean brings)
            throws InterruptedException {
        Preflight.Asked asked = preflight.ask(draft);
        List<ReadyNode> admitted = new ArrayList<>(
                draft.nodes().stream().filter(node -> !joined.contains(node)).toList());
        List<Finding> before = admitted.isEmpty() ? List.of() : stops(asked.on(admitted), brings);
        Map<ReadyNode, String> misfits = new LinkedHashMap<>();
        for (ReadyNode newcomer : joined) {
            List<ReadyNode> together =
                    Stream.concat(admitted.stream(), Stream.of(newcomer)).toList();
            Preflight.Result result = asked.on(together);
            Optional<Finding> wrong = stops(result, brings).stream()
                    .filter(finding -> before.stream().noneMatch(known -> isSame(known, finding)))
                    .findFirst();
            if (wrong.isEmpty()) {
                admitted.add(newcomer);
            } else {
                misfits.put(newcomer, reason(newcomer, wrong.get(), result));
            }
        }
        return misfits;
    }

    /** Whatever is advised: that names the nodes that are there. */
    private static boolean isSame(Finding one, Finding other) {
        return one.what().equals(other.what())
                && one.nodes().equals(other.nodes())
                && one.evidence().equals(other.evidence());
    }

    private static List<Finding> stops(Preflight.Result result, boolean brings) {
        return Stream.concat(result.findings().stream(), brings ? Stream.empty() : result.absences().stream())
                .filter(finding -> finding.severity() == Severity.STOP)
                .toList();
    }

    /** Groups are told apart by what they have, which says more than how many there are. */
    private static String reason(ReadyNode newcomer, Finding wrong, Preflight.Result result) {
        String name = newcomer.node().name() + ": ";
        return result.groups().stream()
                .filter(group -> result.groups().size() > 1 && group.startsWith(name))
                .map(group -> "it has " + group.substring(name.length()).replaceFirst("; .*", ""))
                .findFirst()
                .orElse(wrong.what() + (wrong.evidence().isEmpty() ? "" : ": " + wrong.evidence()));
    }
}
