// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Settings;

/**
 * What to discover, and how.
 *
 * @param cluster the cluster whose nodes are wanted
 * @param sources the backends to ask, all at once
 * @param stateFolder the cluster's private folder on this machine; exists
 * @param limit how long to look
 * @param expect the number of nodes that is enough; absent means to look until the {@code ending}
 * @param known nodes of earlier commands, which are probed while the backends look
 * @param ending when looking ends where no number is expected
 */
public record DiscoverRequest(
        String cluster,
        List<Source> sources,
        Path stateFolder,
        Duration limit,
        OptionalInt expect,
        List<RosterEntry> known,
        Ending ending) {

    /** When looking ends. */
    public enum Ending {
        /**
         * Not before the limit: who looks wants to know what the network tells. A known node that answers and that no backend
         * has seen until then is not found.
         */
        AT_LIMIT,
        /**
         * As soon as every known node is there, the backends have had time to report others, and none has come for a moment.
         */
        WHEN_SETTLED
    }

    /**
     * One backend and how it is to be used.
     *
     * @param backend the backend
     * @param settings its settings
     * @param interfaces the networks that it may use
     */
    public record Source(DiscoveryBackend backend, Settings settings, List<LocalInterface> interfaces) {
        public Source {
            interfaces = List.copyOf(interfaces);
        }
    }

    public DiscoverRequest {
        sources = List.copyOf(sources);
        known = List.copyOf(known);
    }

    /** A request that knows of no nodes. */
    public DiscoverRequest(String cluster, List<Source> sources, Path stateFolder, Duration limit, OptionalInt expect) {
        this(cluster, sources, stateFolder, limit, expect, List.of(), Ending.AT_LIMIT);
    }

    /** The same, beginning with these nodes. */
    public DiscoverRequest startingWith(List<RosterEntry> nodes, Ending newEnding) {
        return new DiscoverRequest(cluster, sources, stateFolder, limit, expect, nodes, newEnding);
    }
}
