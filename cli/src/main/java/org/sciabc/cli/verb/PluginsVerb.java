// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.verb;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import java.util.List;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.cli.Verb;
import org.sciabc.cli.console.Terminal;
import org.sciabc.cli.flow.Setup;
import org.sciabc.cli.option.NetworkOptions;
import org.sciabc.plugin.ComponentInfo;
import org.sciabc.plugin.PluginInfo;
import org.sciabc.plugin.PluginProblem;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;
import org.sciabc.spi.SpiVersion;

/** {@code sciabc plugins}. */
@Parameters(separators = "=")
public final class PluginsVerb implements Verb {
    @Parameter(names = "--json", description = "print one JSON object")
    private boolean json;

    @ParametersDelegate
    private NetworkOptions network = new NetworkOptions();

    @Override
    public int run(Session session) throws SciabcException {
        try (Setup setup = Setup.open(session, network)) {
            List<ComponentInfo> components = setup.plugins().describe();
            List<PluginInfo> plugins = setup.plugins().plugins();
            List<PluginProblem> problems = setup.plugins().problems();
            if (json) {
                session.terminal().out().println(json(plugins, components, problems));
            } else {
                print(session, plugins, components);
                problems.forEach(problem -> print(session.terminal(), problem));
            }
            boolean anyUnusable =
                    problems.stream().anyMatch(problem -> problem.severity() == PluginProblem.Severity.UNUSABLE);
            return anyUnusable ? ExitCode.PLUGIN : ExitCode.OK;
        }
    }

    private static void print(Session session, List<PluginInfo> plugins, List<ComponentInfo> components) {
        var out = session.terminal().out();
        for (PluginInfo plugin : plugins) {
            out.println(plugin.id() + " " + plugin.version() + "  " + plugin.jar());
            for (ComponentInfo component : of(plugin, components)) {
                out.println("  " + component.offer().kind().label() + " "
                        + component.offer().id() + ": " + component.summary());
                component.settings().forEach(setting -> out.println(line(component, setting)));
            }
        }
        if (plugins.isEmpty()) {
            session.terminal().say("no plugins in " + session.folders().plugins());
        }
    }

    private static String line(ComponentInfo component, Setting setting) {
        String value = setting.defaultText().map(text -> " = " + text).orElse("");
        return String.format("    %-34s %s", component.offer().id() + "." + setting.key() + value, setting.help());
    }

    private static void print(Terminal terminal, PluginProblem problem) {
        String text = problem.placeName() + ": " + problem.cause();
        if (problem.severity() == PluginProblem.Severity.UNUSABLE) {
            terminal.error("cannot use plugin " + text);
        } else {
            terminal.warning("plugin " + text);
        }
        terminal.hint(problem.fix());
    }

    private static List<ComponentInfo> of(PluginInfo plugin, List<ComponentInfo> components) {
        return components.stream()
                .filter(component -> component.plugin().equals(plugin))
                .toList();
    }

    private static String json(List<PluginInfo> plugins, List<ComponentInfo> components, List<PluginProblem> problems) {
        JsonStringWriter writer = JsonWriter.string().object().value("spi", SpiVersion.CURRENT);
        writer.array("plugins");
        for (PluginInfo plugin : plugins) {
            writer.object()
                    .value("id", plugin.id())
                    .value("version", plugin.version())
                    .value("jar", plugin.jar().toString());
            plugin.requires().ifPresent(range -> writer.value("requires", range));
            plugin.provider().ifPresent(provider -> writer.value("provider", provider));
            plugin.description().ifPresent(description -> writer.value("description", description));
            plugin.license().ifPresent(license -> writer.value("license", license));
            writer.array("components");
            of(plugin, components).forEach(component -> write(writer, component));
            writer.end().end();
        }
        writer.end().array("problems");
        for (PluginProblem problem : problems) {
            writer.object()
                    .value("kind", problem.kind().label())
                    .value("usable", problem.severity() == PluginProblem.Severity.WARNING)
                    .value("jar", problem.place().toString())
                    .value("cause", problem.cause())
                    .value("fix", problem.fix());
            problem.plugin().ifPresent(id -> writer.value("plugin", id));
            writer.end();
        }
        return writer.end().end().done();
    }

    private static void write(JsonStringWriter writer, ComponentInfo component) {
        writer.object()
                .value("kind", component.offer().kind().label())
                .value("id", component.offer().id())
                .value("summary", component.summary())
                .array("settings");
        for (Setting setting : component.settings()) {
            writer.object()
                    .value("key", setting.key())
                    .value("type", setting.type().name().toLowerCase(java.util.Locale.ROOT))
                    .value("help", setting.help());
            setting.defaultText().ifPresent(text -> writer.value("default", text));
            writer.end();
        }
        writer.end().end();
    }
}
