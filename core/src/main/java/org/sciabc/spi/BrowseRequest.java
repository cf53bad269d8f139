// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.time.Duration;
import java.util.List;

/**
 * Where to look for services of every kind, and for how long.
 *
 * @param settings the backend's settings
 * @param interfaces the networks to use; never empty for a backend that supports
 *     {@link DiscoveryBackend.Feature#INTERFACES}
 * @param limit how long to look
 */
public record BrowseRequest(Settings settings, List<LocalInterface> interfaces, Duration limit) {
    public BrowseRequest {
        interfaces = List.copyOf(interfaces);
    }
}
