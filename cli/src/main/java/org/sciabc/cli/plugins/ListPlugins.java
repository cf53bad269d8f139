// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.plugins;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.plugin.ComponentInfo;
import org.sciabc.plugin.PluginHost;
import org.sciabc.plugin.PluginHostRequest;
import org.sciabc.plugin.PluginInfo;
import org.sciabc.plugin.PluginProblem;
import org.sciabc.plugin.PluginProblem.Severity;
import org.sciabc.spi.SciabcException;

/** {@code sciabc plugins}: loads every plugin, and says what each offers and what is wrong with any. */
public final class ListPlugins {
    private final Session session;
    private final boolean json;

    public ListPlugins(Session session, boolean json) {
        this.session = session;
        this.json = json;
    }

    /** The result is the exit status. */
    public int run() throws SciabcException {
        List<Path> folders = session.folders().plugins();
        PluginHostRequest request = PluginHostRequest.of(folders)
                .withStray(session.terminal().err())
                .keeping(session.plugins());
        PluginHost host = PluginHost.open(request);
        List<ComponentInfo> components;
        try (host) {
            components = host.describe();
        }
        // What is wrong is complete only now: plugins are stopped when the host is closed, and that can fail, too.
        List<PluginProblem> problems = host.problems();
        if (json) {
            session.terminal().json(PluginJson.of(host.plugins(), components, problems));
        } else {
            print(host.plugins(), components, problems);
        }
        problems.forEach(problem -> host.cause(problem).ifPresent(session.terminal()::trace));
        return problems.stream().anyMatch(problem -> problem.severity() == Severity.UNUSABLE)
                ? ExitCode.PLUGIN
                : ExitCode.OK;
    }

    private void print(List<PluginInfo> plugins, List<ComponentInfo> components, List<PluginProblem> problems) {
        for (PluginInfo plugin : plugins) {
            List<ComponentInfo> own = components.stream()
                    .filter(component -> component.plugin().equals(plugin))
                    .toList();
            PluginText.print(session.terminal().out(), plugin, own);
        }
        if (plugins.isEmpty()) {
            session.terminal()
                    .say("no plugins in "
                            + session.folders().plugins().stream()
                                    .map(Path::toString)
                                    .collect(Collectors.joining(" and ")));
        }
        problems.forEach(problem -> PluginText.print(session.terminal(), problem));
    }
}
