// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sciabc.provision.Facts.Place;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;

/**
 * Puts nodes back, from the journal that each keeps: nothing of the manager's is needed. What was undone leaves the
 * journal, so that restoring can be cut off and repeated; in the end the journal itself goes.
 */
public final class Restoration {
    private final Access access;
    private final Crowd crowd;
    private final PlanRequest request;
    private final FactsGathering gathering;
    private final NodeLayout layout;

    public Restoration(Access access, Crowd crowd, PlanRequest request, FactsGathering gathering) {
        this(access, crowd, request, gathering, NodeLayout.STANDARD);
    }

    Restoration(Access access, Crowd crowd, PlanRequest request, FactsGathering gathering, NodeLayout layout) {
        this.access = access;
        this.crowd = crowd;
        this.request = request;
        this.gathering = gathering;
        this.layout = layout;
    }

    /**
     * What the journals hold, and would be undone. Changes nothing.
     *
     * @return one result a node, in order; its differences are empty
     * @throws InterruptedException when the thread was interrupted
     */
    public List<Restored> preview(List<Node> nodes) throws InterruptedException {
        return each(nodes, false);
    }

    /**
     * Undoes everything on these nodes, looks again, and says what still differs.
     *
     * @return one result a node, in order
     * @throws InterruptedException when the thread was interrupted; the next call goes on from there
     */
    public List<Restored> restore(List<Node> nodes) throws InterruptedException {
        return each(nodes, true);
    }

    private List<Restored> each(List<Node> nodes, boolean undoing) throws InterruptedException {
        List<Restored> all = new ArrayList<>();
        Crowd.Work<Restored> work = (node, deadline) -> new Work(node, deadline).run(undoing);
        for (var result : crowd.each(nodes, work, access::drop)) {
            if (result instanceof Crowd.Done<Restored> done) {
                all.add(done.value());
            } else if (result instanceof Crowd.Failed<Restored> failed) {
                access.drop(failed.node());
                all.add(new Restored(failed.node(), List.of(), List.of(), List.of(), Optional.of(failed.reason())));
            }
        }
        return List.copyOf(all);
    }

    /** The work on one node. */
    private final class Work {
        private final Node node;
        private final Deadline deadline;
        private final NodeOutput output = new NodeOutput();
        private final List<JournalEntry> entries = new ArrayList<>();
        private final List<Difference> differences = new ArrayList<>();

        Work(Node node, Deadline deadline) {
            this.node = node;
            this.deadline = deadline;
        }

        /** Home folders first: they were changed last, and what root undoes may take them away. */
        Restored run(boolean undoing) throws SciabcException, InterruptedException {
            Facts facts = gathering.of(node, request, deadline);
            Optional<SciabcException> failure = Optional.empty();
            for (String account : facts.journals().accounts()) {
                Optional<String> other = Optional.of(account)
                        .filter(name -> !name.equals(facts.login().user()));
                Optional<SciabcException> problem = undo(facts, Place.HOME, other, undoing);
                failure = failure.isPresent() ? failure : problem;
            }
            if (facts.journals().system() && failure.isEmpty()) {
                failure = undo(facts, Place.SYSTEM, Optional.empty(), undoing);
            }
            return new Restored(node, entries, differences, output.lines(), failure);
        }

        private Optional<SciabcException> undo(Facts facts, Place place, Optional<String> account, boolean undoing)
                throws SciabcException, InterruptedException {
            Privilege privilege = facts.privilege();
            if ((place == Place.SYSTEM || account.isPresent()) && !privilege.suffices()) {
                return Optional.of(noPrivilege(privilege));
            }
            Session session =
                    new Session(access.connection(node, deadline), privilege.level(), access.password(node), account);
            UndoReader reader = new UndoReader(output);
            SessionScript scripts = new SessionScript(layout, request);
            boolean ended = session.run(
                            place, undoing ? scripts.undo(place) : scripts.list(place), deadline, reader::line)
                    .isOk();
            entries.addAll(reader.entries());
            if (undoing) {
                look(session, place, reader.entries());
            }
            return ended && reader.failures().isEmpty() ? Optional.empty() : Optional.of(notUndone(reader));
        }

        private void look(Session session, Place place, List<JournalEntry> undone)
                throws SciabcException, InterruptedException {
            CheckReader reader = new CheckReader();
            session.run(place, new SessionScript(layout, request).check(undone), deadline, reader::line);
            if (!reader.isComplete()) {
                throw new SciabcException(
                        "cannot look at what was restored", "the node's answer broke off", "restore again");
            }
            Map<String, List<String>> now = reader.answers();
            for (JournalEntry entry : Differences.oldestOfEach(undone)) {
                differences.addAll(Differences.of(node, entry, now.getOrDefault(entry.number(), List.of())));
            }
        }

        private SciabcException notUndone(UndoReader reader) {
            String why = reader.failures().isEmpty()
                    ? NodeOutput.reason(output.lines())
                    : String.join("; ", reader.failures());
            return new SciabcException("not everything was undone", why, "restore again: it goes on from there");
        }

        private SciabcException noPrivilege(Privilege privilege) {
            return new SciabcException(
                    "cannot undo what was changed as root",
                    privilege.describe(),
                    privilege.level() == Privilege.Level.PASSWORD_NEEDED
                            ? "give a password with --ask-password or --password-file"
                            : "use an account that may use sudo");
        }
    }
}
