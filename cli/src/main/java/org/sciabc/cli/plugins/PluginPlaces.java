// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.plugins;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sciabc.cli.config.Folders;
import org.sciabc.plugin.PluginFolder;
import org.sciabc.spi.SciabcException;

/**
 * The folders that plugins can be put into.
 *
 * @param shared the distribution's own, for everybody who uses it
 * @param own the user's, whose plugins come before those of the distribution
 */
record PluginPlaces(Optional<PluginFolder> shared, PluginFolder own) {

    static PluginPlaces of(Folders folders) {
        return new PluginPlaces(
                folders.distribution().map(folder -> new PluginFolder(folder.resolve("plugins"))),
                new PluginFolder(folders.userPlugins()));
    }

    /**
     * Where a plugin is to go: into the distribution's folder where this user may write to it, and else into the user's own.
     * A plugin that is in the user's own folder already is replaced there, because that one would be used all the same.
     */
    PluginFolder placeFor(String id) throws SciabcException {
        if (shared.isEmpty() || !own.jarsOf(id).isEmpty()) {
            return own;
        }
        return isWritable(shared.get().path()) ? shared.get() : own;
    }

    /** Those folders that have the plugin, or the jar of that name, the one that is used first. */
    List<PluginFolder> having(String name) throws SciabcException {
        List<PluginFolder> having = new ArrayList<>();
        for (PluginFolder folder : all()) {
            if (!folder.jarsOf(name).isEmpty()) {
                having.add(folder);
            }
        }
        return having;
    }

    List<PluginFolder> all() {
        return shared.map(folder -> List.of(own, folder)).orElse(List.of(own));
    }

    private static boolean isWritable(Path folder) {
        Path parent = folder.getParent();
        return Files.isWritable(folder) || (!Files.exists(folder) && parent != null && Files.isWritable(parent));
    }
}
