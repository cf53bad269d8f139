// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sciabc.provision.Facts.Place;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Secret;

/** Asks nodes for their facts: one round trip each, all at once. */
public final class FactsGathering {
    private static final int LARGEST_ANSWER = 1 << 20;

    private final Access access;
    private final Crowd crowd;
    private final InstantSource clock;
    private final NodeLayout layout;

    public FactsGathering(Access access, Crowd crowd, InstantSource clock) {
        this(access, crowd, clock, NodeLayout.STANDARD);
    }

    FactsGathering(Access access, Crowd crowd, InstantSource clock, NodeLayout layout) {
        this.access = access;
        this.crowd = crowd;
        this.clock = clock;
        this.layout = layout;
    }

    /**
     * What nodes said.
     *
     * @param facts those that answered, in order
     * @param leftOut those that did not, and why
     */
    public record Gathered(Map<Node, Facts> facts, Map<Node, SciabcException> leftOut) {}

    /**
     * Asks all nodes.
     *
     * @throws InterruptedException when the thread was interrupted
     */
    public Gathered gather(List<Node> nodes, PlanRequest request) throws InterruptedException {
        Map<Node, Facts> facts = new LinkedHashMap<>();
        Map<Node, SciabcException> leftOut = new LinkedHashMap<>();
        for (var result : crowd.each(nodes, (node, deadline) -> of(node, request, deadline), access::drop)) {
            if (result instanceof Crowd.Done<Facts> done) {
                facts.put(done.node(), done.value());
            } else if (result instanceof Crowd.Failed<Facts> failed) {
                access.drop(failed.node());
                leftOut.put(failed.node(), failed.reason());
            }
        }
        return new Gathered(facts, leftOut);
    }

    /** Asks one node. */
    Facts of(Node node, PlanRequest request, Deadline deadline) throws SciabcException, InterruptedException {
        NodeConnection connection = access.connection(node, deadline);
        Optional<Secret> password = access.password(node);
        String script = new FactsScript(layout).of(request, password.isPresent());
        BoundedOutput out = new BoundedOutput();
        var sent = clock.instant();
        connection.run(
                RemoteCommand.of(script).within(deadline.left()),
                new CommandStreams(firstLine(password), out, new BoundedOutput()));
        Facts facts = FactsParser.parse(out.toString(StandardCharsets.UTF_8), request, sent, clock.instant());
        Optional<Place> place = placeOfHidden(facts, request);
        if (place.isEmpty()) {
            return facts;
        }
        Session session = new Session(
                connection,
                facts.privilege().level(),
                password,
                request.accountBeside(facts.login().user()));
        return withHidden(facts, request, session, place.get(), deadline);
    }

    /** Where more can be seen than at first: as root, or in the account's own home where its secrets are. */
    private static Optional<Place> placeOfHidden(Facts facts, PlanRequest request) {
        List<Requirement> hidden = request.requirements().stream()
                .filter(each -> isHidden(facts.state(each)))
                .toList();
        if (facts.privilege().suffices() && !hidden.isEmpty()) {
            return Optional.of(Place.SYSTEM);
        }
        boolean own = request.accountBeside(facts.login().user()).isEmpty();
        boolean secrets = hidden.stream()
                .anyMatch(each -> each instanceof Requirement.SecretFile file
                        && file.path().startsWith("~/"));
        return own && secrets ? Optional.of(Place.HOME) : Optional.empty();
    }

    /** Where nothing follows on standard input, the connection may send the script the faster way. */
    private static InputStream firstLine(Optional<Secret> password) {
        if (password.isEmpty()) {
            return InputStream.nullInputStream();
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes(password.get().utf8());
        line.write('\n');
        return new ByteArrayInputStream(line.toByteArray());
    }

    private static boolean isHidden(State state) {
        return state instanceof State.Unknown unknown
                && (unknown.reason().equals("hidden") || unknown.reason().equals("unreadable"));
    }

    /** What the account may not look at, root looks at: a second round trip, and only then. */
    private Facts withHidden(Facts facts, PlanRequest request, Session session, Place place, Deadline deadline)
            throws SciabcException, InterruptedException {
        StringBuilder output = new StringBuilder();
        String script = new SessionScript(layout, request).look(new FactsScript(layout).secretNeeds(request));
        session.run(place, script, deadline, line -> output.append(line).append('\n'));
        var now = clock.instant();
        Facts seen = FactsParser.parse(output.toString(), request, now, now);
        Map<Requirement, State> states = new HashMap<>(facts.states());
        states.replaceAll((requirement, state) -> isHidden(state) ? seen.state(requirement) : state);
        return facts.withStates(states);
    }

    /** Keeps so much and no more, whatever a node says. */
    private static final class BoundedOutput extends ByteArrayOutputStream {
        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            super.write(bytes, offset, Math.max(0, Math.min(length, LARGEST_ANSWER - count)));
        }

        @Override
        public synchronized void write(int value) {
            if (count < LARGEST_ANSWER) {
                super.write(value);
            }
        }
    }
}
