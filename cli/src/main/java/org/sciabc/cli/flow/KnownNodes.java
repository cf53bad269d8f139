// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.sciabc.roster.RosterEntry;
import org.sciabc.roster.RosterStore;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.SciabcException;

/** The nodes that earlier commands have found: what the next one begins with. */
public final class KnownNodes {
    private KnownNodes() {}

    /**
     * What the given backends have seen in this cluster. A roster that cannot be read is told, and is as good as none.
     *
     * @throws org.sciabc.cli.CliFailure when there is no folder for it
     */
    public static List<RosterEntry> of(Setup setup, List<Chosen<DiscoveryBackend>> backends) throws SciabcException {
        Set<String> ids = backends.stream().map(each -> each.component().id()).collect(Collectors.toSet());
        return stored(setup).stream()
                .flatMap(entry -> entry.seenThrough(ids).stream())
                .toList();
    }

    private static List<RosterEntry> stored(Setup setup) throws SciabcException {
        RosterStore store = new RosterStore(setup.stateFolder());
        try {
            RosterStore.Stored stored = store.load();
            stored.notices().forEach(setup.session().terminal()::notice);
            return stored.entries();
        } catch (SciabcException unreadable) {
            setup.session().terminal().warning("beginning without what is known: " + unreadable.getMessage());
            return List.of();
        }
    }
}
