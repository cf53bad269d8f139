// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.sciabc.spi.HostKeyDecision;
import org.sciabc.spi.Node;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.Secret;
import org.sciabc.spi.Settings;

/** One local node from facts to ready, and back. */
final class Rehearsal {
    static final Node NODE = Node.of("node1", List.of());
    private static final Duration LIMIT = Duration.ofSeconds(60);

    final List<ProvisionEvent> events = new CopyOnWriteArrayList<>();
    private final LocalNode local;
    private final Access access;
    private final Crowd crowd = new Crowd(4, LIMIT);
    private final PlanRequest request;

    Rehearsal(LocalNode local, Optional<Secret> password, PlanRequest request) {
        this.local = local;
        this.request = request;
        this.access = new Access(
                local,
                Settings.defaults(List.of()),
                Path.of("/nonexistent"),
                Users.local("pi")::choose,
                node -> password,
                HostKeyDecision.REFUSE,
                LIMIT);
    }

    Rehearsal(LocalNode local, Requirement... requirements) {
        this(local, Optional.empty(), PlanRequest.of("lab", List.of(requirements)));
    }

    Facts facts() throws Exception {
        FactsGathering.Gathered gathered = gathering().gather(List.of(NODE), request);
        if (!gathered.leftOut().isEmpty()) {
            throw gathered.leftOut().values().iterator().next();
        }
        return gathered.facts().values().iterator().next();
    }

    NodePlan plan() throws Exception {
        return new Planner(request, local.layout()).plan(NODE, access.user(NODE), facts());
    }

    Outcome provision() throws Exception {
        return carryOut(plan());
    }

    Outcome carryOut(NodePlan plan) throws Exception {
        return new Provisioning(access, crowd, request, this::happened, local.layout())
                .carryOut(new Plan(List.of(plan)))
                .get(0);
    }

    private void happened(ProvisionEvent event) {
        events.add(event);
        if (event instanceof ProvisionEvent.Journaled journaled) {
            try {
                copies().keep(NODE, journaled.copy());
            } catch (org.sciabc.spi.SciabcException unwritable) {
                throw new IllegalStateException(unwritable);
            }
        }
    }

    /** The manager's. */
    JournalCopies copies() {
        return new JournalCopies(local.manager());
    }

    Restored restore() throws Exception {
        return restoration().restore(List.of(NODE)).get(0);
    }

    Restored preview() throws Exception {
        return restoration().preview(List.of(NODE)).get(0);
    }

    private Restoration restoration() {
        return new Restoration(access, crowd, request, gathering(), copies(), local.layout());
    }

    private FactsGathering gathering() {
        return new FactsGathering(access, crowd, InstantSource.system(), local.layout());
    }
}
