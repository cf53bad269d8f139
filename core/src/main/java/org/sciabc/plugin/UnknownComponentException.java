// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.util.Comparator;
import java.util.List;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Similarity;
import org.sciabc.spi.Untrusted;

/** No plugin offers a component with that id. */
public final class UnknownComponentException extends SciabcException {
    private static final long serialVersionUID = 1L;

    private UnknownComponentException(String what, String why, String hint) {
        super(what, why, hint);
    }

    /**
     * @param known the ids of this kind that there are
     * @param problems what is wrong with jars that may have offered it
     */
    static UnknownComponentException of(
            ComponentKind kind, String id, List<String> known, List<PluginProblem> problems) {
        String shown = Untrusted.line(id, 60);
        List<String> nearestFirst = known.stream()
                .sorted(Comparator.comparingInt((String candidate) -> Similarity.distance(shown, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        String there = nearestFirst.isEmpty() ? "there is none" : "there are " + String.join(", ", nearestFirst);
        String broken = problems.isEmpty()
                ? ""
                : "; not usable: "
                        + problems.stream()
                                .map(problem -> problem.placeName() + " (" + problem.cause() + ")")
                                .distinct()
                                .reduce((left, right) -> left + ", " + right)
                                .orElse("");
        return new UnknownComponentException(
                "no " + kind.title() + " '" + shown + "'", there + broken, hint(shown, nearestFirst, problems));
    }

    private static String hint(String shown, List<String> nearestFirst, List<PluginProblem> problems) {
        if (!nearestFirst.isEmpty() && Similarity.distance(shown, nearestFirst.get(0)) <= 3) {
            return "did you mean '" + nearestFirst.get(0) + "'?";
        }
        return problems.isEmpty()
                ? "'sciabc plugins' lists what there is; a plugin is added with 'sciabc plugins add FILE.jar'"
                : "'sciabc plugins' says what is wrong with each jar and what mends it";
    }
}
