// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.util.Optional;
import org.pf4j.DefaultVersionManager;
import org.sciabc.plugin.PluginProblem.Kind;
import org.sciabc.spi.SpiVersion;

/** Whether this program's SPI is one that a plugin was built for. */
final class SpiRange {
    private SpiRange() {}

    /** Refuses a plugin whose {@code Plugin-Requires} does not hold this SPI's version; one that names none is accepted. */
    static void require(PluginInfo plugin) throws UnusablePluginException {
        Optional<String> requires = plugin.requires();
        if (requires.isEmpty()) {
            return;
        }
        boolean held;
        try {
            held = holds(atLeast(requires.get()));
        } catch (RuntimeException e) {
            throw new UnusablePluginException(
                    PluginProblem.unusable(
                                    Kind.MANIFEST,
                                    plugin.jar(),
                                    "has a Plugin-Requires that cannot be read: '" + requires.get() + "'",
                                    "the form is that of >=0.1.0 & <0.2.0")
                            .in(plugin.id()),
                    e);
        }
        if (!held) {
            throw new UnusablePluginException(PluginProblem.unusable(
                            Kind.SPI_VERSION,
                            plugin.jar(),
                            "was built for SPI " + requires.get() + ", and this program has " + SpiVersion.CURRENT,
                            "take a version of the plugin that was built for SPI " + SpiVersion.CURRENT
                                    + ", or another version of sciabc")
                    .in(plugin.id()));
        }
    }

    private static boolean holds(String range) {
        Optional<Boolean> plain = PlainRange.holds(range, SpiVersion.CURRENT);
        return plain.isPresent()
                ? plain.get()
                : new DefaultVersionManager().checkVersionConstraint(SpiVersion.CURRENT, range);
    }

    /** A bare version means that one or a later one, as pf4j has it. */
    private static String atLeast(String requires) {
        return Character.isDigit(requires.charAt(0)) && requires.chars().allMatch(c -> c == '.' || Character.isDigit(c))
                ? ">=" + requires
                : requires;
    }
}
