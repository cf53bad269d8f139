// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.sciabc.cli.console.Terminal;
import org.sciabc.plugin.PluginHost;
import org.sciabc.plugin.PluginProblem;
import org.sciabc.plugin.PluginProblem.Kind;
import org.sciabc.plugin.PluginProblem.Severity;

/**
 * One line for each plugin that is not used, or that did what it must not, said by verbs that have other things to do: they
 * go on, and fail only where it is the plugin that they need. The rest of what is known is for {@code sciabc plugins} to say.
 */
final class PluginComplaints {
    private static final Set<Kind> MISBEHAVIOUR =
            Set.of(Kind.EXITS, Kind.FAILED, Kind.HANGS, Kind.PRINTS, Kind.THREADS);

    private final Terminal terminal;
    private final Set<PluginProblem> said = new HashSet<>();

    PluginComplaints(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Names the jars that are not used. */
    void sayUnusable(List<PluginProblem> problems) {
        for (PluginProblem problem : problems) {
            if (problem.severity() == Severity.UNUSABLE && said.add(problem)) {
                terminal.warning("not using " + problem.placeName() + ": " + problem.cause()
                        + " ('sciabc plugins' says what mends it)");
            }
        }
    }

    /** Names the plugins that were used and left something behind, or did what belongs to the program. */
    void sayMisbehaviour(PluginHost plugins) {
        for (PluginProblem problem : plugins.problems()) {
            if (problem.severity() == Severity.WARNING && MISBEHAVIOUR.contains(problem.kind()) && said.add(problem)) {
                terminal.warning("plugin " + problem.plugin().orElse(problem.placeName()) + " " + problem.cause());
                plugins.cause(problem).ifPresent(terminal::trace);
            }
        }
    }
}
