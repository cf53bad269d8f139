// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;

/** This machine, announced through one or more backends until it is closed. */
public final class Announcing implements AutoCloseable {
    private final List<Announcement> announcements;

    private Announcing(List<Announcement> announcements) {
        this.announcements = announcements;
    }

    /**
     * Announces this machine through all of these backends, or through none.
     *
     * @throws SciabcException when one of them cannot
     */
    public static Announcing start(Setup setup, List<Chosen<DiscoveryBackend>> backends, String user, int sshPort)
            throws SciabcException, InterruptedException {
        ThisMachine machine = new ThisMachine(Path.of("/"));
        Node self = machine.describe(Identity.of(machine, setup.session().folders()), setup.cluster(), user, sshPort);
        Announcing announcing = new Announcing(new ArrayList<>());
        try {
            for (Chosen<DiscoveryBackend> backend : backends) {
                announcing.add(setup, backend, self);
            }
            return announcing;
        } catch (SciabcException | InterruptedException failed) {
            announcing.close();
            throw failed;
        }
    }

    /** What the network is told. */
    public List<String> told() {
        return announcements.stream()
                .flatMap(announcement -> announcement.told().stream())
                .distinct()
                .toList();
    }

    @Override
    public void close() {
        List<Announcement> backwards = new ArrayList<>(announcements);
        Collections.reverse(backwards);
        backwards.forEach(Announcement::close);
    }

    private void add(Setup setup, Chosen<DiscoveryBackend> backend, Node self)
            throws SciabcException, InterruptedException {
        List<LocalInterface> interfaces = DiscoverStage.interfacesFor(setup, backend);
        announcements.add(backend.component()
                .announce(new AnnounceRequest(
                        self,
                        backend.settings(),
                        interfaces,
                        setup.stateFolder(),
                        setup.session().terminal()::notice)));
    }
}
