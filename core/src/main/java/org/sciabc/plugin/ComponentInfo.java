// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.util.List;
import org.sciabc.spi.Setting;

/**
 * A component that was loaded and answered for itself.
 *
 * @param plugin the plugin that it came with
 * @param offer its kind and id
 * @param summary its own one line
 * @param settings its declarations
 */
public record ComponentInfo(PluginInfo plugin, Offer offer, String summary, List<Setting> settings) {}
