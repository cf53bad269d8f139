// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.plugins;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.cli.console.Terminal;
import org.sciabc.plugin.PluginFolder;
import org.sciabc.spi.SciabcException;

/** {@code sciabc plugins remove}: takes a plugin, or a broken jar, out of the folder that it is used from. */
public final class RemovePlugin {
    private final Terminal terminal;
    private final PluginPlaces places;
    private final boolean dryRun;

    /**
     * Removing from the folders of this run.
     *
     * @param dryRun whether to stop before anything is changed
     */
    public RemovePlugin(Session session, boolean dryRun) {
        this.terminal = session.terminal();
        this.places = PluginPlaces.of(session.folders());
        this.dryRun = dryRun;
    }

    /**
     * Removes it; the result is the exit status.
     *
     * @param name a plugin's id, or the name of a jar's file
     */
    public int run(String name) throws SciabcException {
        List<PluginFolder> having = places.having(name);
        if (having.isEmpty()) {
            throw PluginFolder.unknown(name, places.all());
        }
        PluginFolder folder = having.get(0);
        List<Path> jars = dryRun ? folder.jarsOf(name) : folder.remove(name);
        terminal.say(dryRun ? "would be removed:" : "removed:");
        jars.forEach(terminal.out()::println);
        if (having.size() > 1) {
            terminal.say("from now on the one in "
                    + having.stream()
                            .skip(1)
                            .map(other -> other.path().toString())
                            .collect(Collectors.joining(", "))
                    + " is used");
        }
        return ExitCode.OK;
    }
}
