// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * What to tell the network, and where.
 *
 * @param self this machine; its id and cluster are present
 * @param settings the backend's settings
 * @param interfaces the networks to be found on; never empty for a backend that supports
 *     {@link DiscoveryBackend.Feature#INTERFACES}; for any other only what a person asked for, to be refused
 * @param stateFolder the cluster's private folder on this machine (mode 0700); exists
 * @param notices takes what the person should know while the announcement lasts; may be called from any thread
 */
public record AnnounceRequest(
        Node self, Settings settings, List<LocalInterface> interfaces, Path stateFolder, Consumer<Notice> notices) {
    public AnnounceRequest {
        interfaces = List.copyOf(interfaces);
    }
}
