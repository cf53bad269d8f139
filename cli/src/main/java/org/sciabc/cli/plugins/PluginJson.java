// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.plugins;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import java.util.List;
import java.util.Locale;
import org.sciabc.plugin.ComponentInfo;
import org.sciabc.plugin.JarReport;
import org.sciabc.plugin.JarReport.Extension;
import org.sciabc.plugin.PluginInfo;
import org.sciabc.plugin.PluginProblem;
import org.sciabc.spi.Setting;
import org.sciabc.spi.SpiVersion;

/** Plugins and what is wrong with them, as JSON; its keys are a promise, see {@code docs/cli.md}. */
final class PluginJson {
    private final JsonStringWriter json = JsonWriter.string().object().value("spi", SpiVersion.CURRENT);

    private PluginJson() {}

    static String of(List<PluginInfo> plugins, List<ComponentInfo> components, List<PluginProblem> problems) {
        PluginJson it = new PluginJson();
        it.json.array("plugins");
        for (PluginInfo plugin : plugins) {
            it.json.object();
            it.describe(plugin);
            it.json.value("jar", plugin.jar().toString()).array("components");
            components.stream()
                    .filter(component -> component.plugin().equals(plugin))
                    .forEach(it::write);
            it.json.end().end();
        }
        it.json.end();
        it.write(problems);
        return it.json.end().done();
    }

    static String of(List<JarReport> reports) {
        PluginJson it = new PluginJson();
        it.json.array("jars");
        reports.forEach(it::write);
        return it.json.end().end().done();
    }

    private void write(JarReport report) {
        json.object().value("jar", report.jar().toString()).value("usable", report.isUsable());
        report.plugin().ifPresent(plugin -> {
            json.object("plugin");
            describe(plugin);
            plugin.declared().ifPresent(offers -> {
                json.array("declares");
                offers.forEach(offer -> json.value(offer.toString()));
                json.end();
            });
            json.end();
        });
        json.array("extensions");
        for (Extension extension : report.extensions()) {
            json.object().value("class", extension.className()).array("kinds");
            extension.kinds().forEach(kind -> json.value(kind.label()));
            json.end().end();
        }
        json.end();
        write(report.problems());
        json.end();
    }

    private void describe(PluginInfo plugin) {
        json.value("id", plugin.id()).value("version", plugin.version());
        plugin.requires().ifPresent(range -> json.value("requires", range));
        plugin.provider().ifPresent(provider -> json.value("provider", provider));
        plugin.description().ifPresent(description -> json.value("description", description));
        plugin.license().ifPresent(license -> json.value("license", license));
    }

    private void write(ComponentInfo component) {
        json.object()
                .value("kind", component.offer().kind().label())
                .value("id", component.offer().id())
                .value("summary", component.summary())
                .array("settings");
        for (Setting setting : component.settings()) {
            json.object()
                    .value("key", setting.key())
                    .value("type", setting.type().name().toLowerCase(Locale.ROOT))
                    .value("help", setting.help());
            setting.defaultText().ifPresent(text -> json.value("default", text));
            json.end();
        }
        json.end().end();
    }

    private void write(List<PluginProblem> problems) {
        json.array("problems");
        for (PluginProblem problem : problems) {
            json.object()
                    .value("kind", problem.kind().label())
                    .value("usable", problem.severity() == PluginProblem.Severity.WARNING)
                    .value("jar", problem.place().toString())
                    .value("cause", problem.cause())
                    .value("fix", problem.fix());
            problem.plugin().ifPresent(id -> json.value("plugin", id));
            json.end();
        }
        json.end();
    }
}
