// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.plugins;

import java.nio.file.Path;
import java.util.List;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.plugin.JarReport;
import org.sciabc.plugin.PluginJarCheck;

/** {@code sciabc plugins check}: examines jars without running any of their code. */
public final class CheckJars {
    private final Session session;
    private final boolean json;

    public CheckJars(Session session, boolean json) {
        this.session = session;
        this.json = json;
    }

    /** The result is the exit status. */
    public int run(List<Path> jars) {
        List<JarReport> reports = jars.stream().map(PluginJarCheck::examine).toList();
        if (json) {
            session.terminal().json(PluginJson.of(reports));
        } else {
            reports.forEach(this::print);
        }
        return reports.stream().allMatch(JarReport::isUsable) ? ExitCode.OK : ExitCode.PLUGIN;
    }

    private void print(JarReport report) {
        PluginText.print(session.terminal().out(), report);
        report.problems().forEach(problem -> PluginText.print(session.terminal(), problem));
        if (report.problems().isEmpty()) {
            session.terminal().say("nothing is wrong with " + report.jar().getFileName());
        }
    }
}
