// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.util.Optional;

/**
 * A jar that was examined and may be added to a folder: to be shown to the person, who decides.
 *
 * @param report what was found out; there may be warnings
 * @param plugin what the jar says of itself
 * @param replaced the plugin with the same id that is in the folder now and would be gone
 * @param digest of the file's content when it was examined
 */
public record PluginAddition(JarReport report, PluginInfo plugin, Optional<PluginInfo> replaced, String digest) {}
