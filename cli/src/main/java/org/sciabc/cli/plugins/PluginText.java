// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.plugins;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.sciabc.cli.console.Terminal;
import org.sciabc.plugin.ComponentInfo;
import org.sciabc.plugin.JarReport;
import org.sciabc.plugin.JarReport.Extension;
import org.sciabc.plugin.PluginInfo;
import org.sciabc.plugin.PluginProblem;
import org.sciabc.spi.Setting;
import org.sciabc.spi.SpiVersion;

/** Plugins and what is wrong with them, as lines for people. */
final class PluginText {
    private PluginText() {}

    /** A plugin that was loaded, what it offers, and its settings. */
    static void print(PrintStream out, PluginInfo plugin, List<ComponentInfo> components) {
        printHead(out, plugin);
        for (ComponentInfo component : components) {
            String name = component.offer().id();
            out.println("  " + component.offer().kind().label() + " " + name + ": " + component.summary());
            component.settings().forEach(setting -> print(out, name, setting));
        }
    }

    /** What an examination found out about a jar. */
    static void print(PrintStream out, JarReport report) {
        report.plugin()
                .ifPresentOrElse(
                        plugin -> printHead(out, plugin),
                        () -> out.println(report.jar() + ": cannot be read as a plugin"));
        for (Extension extension : report.extensions()) {
            List<String> kinds =
                    extension.kinds().stream().map(kind -> kind.title()).toList();
            out.println("  " + (kinds.isEmpty() ? "nothing that is known here" : String.join(" and ", kinds)) + ": "
                    + extension.className());
        }
    }

    /** What is wrong, with what mends it. */
    static void print(Terminal terminal, PluginProblem problem) {
        String text = problem.placeName() + ": " + problem.cause();
        if (problem.severity() == PluginProblem.Severity.UNUSABLE) {
            terminal.error("cannot use plugin " + text);
        } else {
            terminal.warning("plugin " + text);
        }
        terminal.hint(problem.fix());
    }

    /** Such as {@code found 1.0.0}. */
    static String name(PluginInfo plugin) {
        return plugin.id() + " " + plugin.version();
    }

    private static void printHead(PrintStream out, PluginInfo plugin) {
        out.println(name(plugin) + "  " + plugin.jar());
        List<String> more = new ArrayList<>();
        plugin.requires().ifPresent(range -> more.add("for SPI " + range + " (here: " + SpiVersion.CURRENT + ")"));
        plugin.provider().ifPresent(provider -> more.add("by " + provider));
        plugin.license().ifPresent(more::add);
        if (!more.isEmpty()) {
            out.println("  " + String.join(", ", more));
        }
    }

    private static void print(PrintStream out, String component, Setting setting) {
        String value = setting.defaultText()
                .filter(text -> !text.isEmpty())
                .map(text -> "=" + text)
                .orElse("");
        out.printf(
                "    %-34s %s (%s)%n",
                component + "." + setting.key() + value,
                setting.help(),
                setting.type().name().toLowerCase(Locale.ROOT));
    }
}
