// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.sciabc.spi.HostKeyDecision;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Settings;

/**
 * What commands do on many nodes, done on a single one, with the failure of that one as the failure of all.
 *
 * @param node what is reached
 * @param state the folder of the cluster's state
 */
record OneNode(LocalNode node, Path state) {
    static final Node NODE = Node.of("node1", List.of());

    private static final Duration LONG = Duration.ofSeconds(30);

    Access access() {
        return new Access(
                node,
                Settings.defaults(List.of()),
                state,
                Users.local("pi")::choose,
                each -> Optional.empty(),
                HostKeyDecision.REFUSE,
                LONG);
    }

    Staging staging() {
        return staging(Optional.empty());
    }

    Staging staging(Optional<ShellWay> shortcut) {
        return new Staging(access(), crowd(), shortcut);
    }

    Copied copy(String destination, Path... sources) throws Exception {
        CopyTree tree = CopyTree.of(List.of(sources));
        return only(new Distribution(access(), crowd()).copy(List.of(NODE), tree, destination, CopyWatching.NOBODY));
    }

    Copied fetch(Path here, String... sources) throws Exception {
        return only(fetching().fetch(List.of(NODE), List.of(sources), here));
    }

    Fetching fetching() {
        return new Fetching(access(), crowd());
    }

    static <T> T only(List<Crowd.Result<T>> results) throws SciabcException {
        if (results.get(0) instanceof Crowd.Failed<T> failed) {
            throw failed.reason();
        }
        return ((Crowd.Done<T>) results.get(0)).value();
    }

    private static Crowd crowd() {
        return new Crowd(4, LONG);
    }
}
