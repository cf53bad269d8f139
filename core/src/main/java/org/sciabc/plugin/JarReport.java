// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sciabc.plugin.PluginProblem.Severity;

/**
 * What an examination of a jar found out.
 *
 * @param jar the file
 * @param plugin what it says of itself; absent when it is no plugin
 * @param extensions the classes that it offers, in the order of their names
 * @param problems what is wrong with it, the worst first
 */
public record JarReport(
        Path jar, Optional<PluginInfo> plugin, List<Extension> extensions, List<PluginProblem> problems) {

    /** A class that the jar offers, and which of the SPIs it implements. */
    public record Extension(String className, Set<ComponentKind> kinds) {}

    /** Whether the host would use it, as far as can be told without running it. */
    public boolean isUsable() {
        return problems.stream().noneMatch(problem -> problem.severity() == Severity.UNUSABLE);
    }
}
