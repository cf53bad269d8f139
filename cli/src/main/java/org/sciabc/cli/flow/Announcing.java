// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.sciabc.cli.Session;
import org.sciabc.cli.console.Terminal;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.SciabcException;

/**
 * This machine, announced through one or more backends until it is closed. An interface that comes, or comes back as another
 * one, is announced on, too; one that goes takes its announcement along by itself.
 */
public final class Announcing implements AutoCloseable {
    private final Setup setup;
    private final Node self;
    private final List<Part> parts = new ArrayList<>();
    private final Set<String> said = new HashSet<>();
    private final NetworkChanges changes = new NetworkChanges(SystemInterfaces::identify);

    /** What one backend announces on some interfaces. */
    private record Part(Chosen<DiscoveryBackend> backend, List<LocalInterface> interfaces, Announcement announcement) {
        boolean isOn(LocalInterface networkInterface) {
            return interfaces.stream().anyMatch(each -> each.name().equals(networkInterface.name()));
        }
    }

    private Announcing(Setup setup, Node self) {
        this.setup = setup;
        this.self = self;
    }

    /** This machine as a node of the cluster. */
    public static Node self(Setup setup, String user, int sshPort) throws SciabcException, InterruptedException {
        ThisMachine machine = new ThisMachine(Path.of("/"));
        Session session = setup.session();
        NodeId id = Identity.of(machine, session.folders(), session.environment());
        return machine.describe(id, setup.cluster(), user, sshPort);
    }

    /**
     * Announces this machine through all of these backends, or through none.
     *
     * @throws SciabcException when one of them cannot
     */
    public static Announcing start(Setup setup, List<Chosen<DiscoveryBackend>> backends, Node self)
            throws SciabcException, InterruptedException {
        Announcing announcing = new Announcing(setup, self);
        try {
            for (Chosen<DiscoveryBackend> backend : backends) {
                List<LocalInterface> interfaces = DiscoverStage.interfacesFor(setup, backend);
                announcing.changes.begin(interfaces);
                announcing.begin(backend, interfaces);
            }
            return announcing;
        } catch (SciabcException | InterruptedException | RuntimeException failed) {
            announcing.close();
            throw failed;
        }
    }

    /** What the network is told. */
    public List<String> told() {
        return parts.stream()
                .flatMap(part -> part.announcement().told().stream())
                .distinct()
                .toList();
    }

    /**
     * Looks at this machine's interfaces, and announces on what is new.
     *
     * @param elsewhere whether this is another network altogether, on which what is announced here has no place; is asked
     *     when the interfaces have changed
     * @return whether it is
     * @throws InterruptedException when the thread was interrupted
     */
    public boolean follow(BooleanSupplier elsewhere) throws InterruptedException {
        NetworkChanges.Change change;
        try {
            change = changes.look(setup.interfaces());
        } catch (SciabcException noNetworkNow) {
            change = changes.look(List.of());
        }
        if (change.any() && elsewhere.getAsBoolean()) {
            return true;
        }
        for (LocalInterface fresh : change.fresh()) {
            announceOn(fresh);
        }
        return false;
    }

    @Override
    public void close() {
        List<Part> backwards = new ArrayList<>(parts);
        parts.clear();
        Collections.reverse(backwards);
        backwards.forEach(part -> part.announcement().close());
    }

    private void announceOn(LocalInterface fresh) throws InterruptedException {
        Terminal terminal = setup.session().terminal();
        List<Chosen<DiscoveryBackend>> backends = parts.stream()
                .map(Part::backend)
                .distinct()
                .filter(backend -> backend.component().supports(DiscoveryBackend.Feature.INTERFACES))
                .toList();
        for (Chosen<DiscoveryBackend> backend : backends) {
            List<Part> stale = parts.stream()
                    .filter(part -> part.backend().equals(backend) && part.isOn(fresh))
                    .toList();
            parts.removeAll(stale);
            stale.forEach(part -> part.announcement().close());
            List<LocalInterface> interfaces = new ArrayList<>(List.of(fresh));
            stale.stream()
                    .flatMap(part -> part.interfaces().stream())
                    .filter(each -> !each.name().equals(fresh.name()))
                    .forEach(interfaces::add);
            try {
                begin(backend, interfaces);
                terminal.say("the network has changed: announced on " + names(interfaces));
            } catch (SciabcException refused) {
                String text = "not announced on " + names(interfaces) + ": " + refused.what() + ": " + refused.why();
                if (said.add(text)) {
                    terminal.warning(text + "; trying again");
                }
                changes.retry(fresh);
            }
        }
    }

    private void begin(Chosen<DiscoveryBackend> backend, List<LocalInterface> interfaces)
            throws SciabcException, InterruptedException {
        Announcement announcement = backend.component()
                .announce(new AnnounceRequest(
                        self,
                        backend.settings(),
                        interfaces,
                        setup.stateFolder(),
                        setup.session().terminal()::notice));
        parts.add(new Part(backend, interfaces, announcement));
    }

    private static String names(List<LocalInterface> interfaces) {
        return interfaces.stream().map(LocalInterface::name).collect(Collectors.joining(", "));
    }
}
