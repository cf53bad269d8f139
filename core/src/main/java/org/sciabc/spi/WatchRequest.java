// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What to look for, where, and for how long.
 *
 * @param cluster the cluster whose nodes are wanted; a backend may report nodes that announced another one, too, with that:
 *     the roster drops them, and tells that they are there
 * @param settings the backend's settings
 * @param interfaces the networks to use; never empty for a backend that supports
 *     {@link DiscoveryBackend.Feature#INTERFACES}; for any other only what a person asked for, to be refused
 * @param stateFolder the cluster's private folder on this machine (mode 0700); exists
 * @param limit how long to watch; absent means until interrupted
 */
public record WatchRequest(
        String cluster,
        Settings settings,
        List<LocalInterface> interfaces,
        Path stateFolder,
        Optional<Duration> limit) {
    public WatchRequest {
        interfaces = List.copyOf(interfaces);
    }
}
