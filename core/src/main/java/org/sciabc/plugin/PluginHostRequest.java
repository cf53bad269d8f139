// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Where plugins are, and how patient to be with them.
 *
 * @param folders looked through in this order; one that does not exist is passed over
 * @param limit how long a plugin may take to be started, and to create a component
 * @param stray takes what plugins print to standard output, which is for data
 * @param kept what other hosts of this process have read and loaded
 */
public record PluginHostRequest(List<Path> folders, Duration limit, PrintStream stray, KeptPlugins kept) {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    public PluginHostRequest {
        folders = List.copyOf(folders);
    }

    /** The plugins in these folders, with the usual patience; what they print goes to standard error. */
    public static PluginHostRequest of(List<Path> folders) {
        return new PluginHostRequest(folders, LIMIT, System.err, KeptPlugins.none());
    }

    /** The same with another patience. */
    public PluginHostRequest within(Duration newLimit) {
        return new PluginHostRequest(folders, newLimit, stray, kept);
    }

    /** The same with another place for what plugins print. */
    public PluginHostRequest withStray(PrintStream newStray) {
        return new PluginHostRequest(folders, limit, newStray, kept);
    }

    /** The same with what other hosts have read and loaded, which this one adds to. */
    public PluginHostRequest keeping(KeptPlugins newKept) {
        return new PluginHostRequest(folders, limit, stray, newKept);
    }
}
