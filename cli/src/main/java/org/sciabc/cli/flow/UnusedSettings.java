// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.console.Terminal;
import org.sciabc.cli.option.NetworkOptions;
import org.sciabc.plugin.ComponentKind;
import org.sciabc.plugin.Offer;
import org.sciabc.plugin.PluginInfo;

/**
 * Settings on the command line that are without effect, because the command uses other components of that kind. Each component
 * is named once a command. Those of the configuration are for all commands, and nobody is told of them.
 */
final class UnusedSettings {
    private final Terminal terminal;
    private final NetworkOptions options;

    UnusedSettings(Terminal terminal, NetworkOptions options) {
        this.terminal = terminal;
        this.options = options;
    }

    /** Says which they are, of components of one kind, when these of them are used. */
    void say(List<PluginInfo> plugins, ComponentKind kind, List<String> used) throws CliFailure {
        for (Map.Entry<String, Map<String, String>> given : options.settings().entrySet()) {
            String id = given.getKey();
            if (!used.contains(id) && isOnly(plugins, kind, id) && options.noteUnused(id)) {
                String words = given.getValue().keySet().stream()
                        .map(key -> "--set " + id + "." + key)
                        .collect(Collectors.joining(" and "));
                terminal.warning(words + (given.getValue().size() == 1 ? " has" : " have")
                        + " no effect: this command does not use the " + kind.title() + " '" + id + "'");
                terminal.hint("--" + kind.label() + " " + id + " would use it");
            }
        }
    }

    /** Whether what is called that is of this kind, and nothing of another kind is. */
    private static boolean isOnly(List<PluginInfo> plugins, ComponentKind kind, String id) {
        List<ComponentKind> kinds = plugins.stream()
                .flatMap(plugin -> plugin.declared().stream().flatMap(List::stream))
                .filter(offer -> offer.id().equals(id))
                .map(Offer::kind)
                .distinct()
                .toList();
        return kinds.equals(List.of(kind));
    }
}
