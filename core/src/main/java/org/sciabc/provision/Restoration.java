// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sciabc.provision.Facts.Place;
import org.sciabc.provision.JournalCopies.Owner;
import org.sciabc.spi.Node;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.SciabcException;

/**
 * Puts nodes back, from the journal that each keeps; where a node has lost its own or it is damaged, from the manager's copy. What was undone leaves the
 * journal, so that restoring can be cut off and repeated; in the end the journal itself goes.
 */
public final class Restoration {
    private final Access access;
    private final Crowd crowd;
    private final PlanRequest request;
    private final FactsGathering gathering;
    private final JournalCopies copies;
    private final NodeLayout layout;

    public Restoration(
            Access access, Crowd crowd, PlanRequest request, FactsGathering gathering, JournalCopies copies) {
        this(access, crowd, request, gathering, copies, NodeLayout.STANDARD);
    }

    Restoration(
            Access access,
            Crowd crowd,
            PlanRequest request,
            FactsGathering gathering,
            JournalCopies copies,
            NodeLayout layout) {
        this.access = access;
        this.crowd = crowd;
        this.request = request;
        this.gathering = gathering;
        this.copies = copies;
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
                all.add(new Restored(
                        failed.node(),
                        false,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.of(failed.reason())));
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
        private final List<String> notes = new ArrayList<>();
        private boolean hadJournal;

        Work(Node node, Deadline deadline) {
            this.node = node;
            this.deadline = deadline;
        }

        /** Home folders first: they were changed last, and what root undoes may take them away. */
        Restored run(boolean undoing) throws SciabcException, InterruptedException {
            Facts facts = gathering.of(node, withAccountsOfCopies(), deadline);
            hadJournal =
                    facts.journals().system() || !facts.journals().accounts().isEmpty();
            Owner owner =
                    Owner.of(node, facts, access.connection(node, deadline).hostKey());
            List<JournalCopy> known = copies.of(owner);
            if (copies.hasOnlyOfAnother(owner)) {
                notes.add("the copy of its journal here is of another machine or host key, and is not used");
            }
            boolean system = facts.journals().system()
                    || known.stream().anyMatch(copy -> copy.place().equals(JournalCopy.SYSTEM));
            if (undoing && system && !facts.privilege().suffices()) {
                // Without our key, which is in a home folder, nobody might come back for the rest.
                return restored(Optional.of(noPrivilege(facts.privilege())));
            }
            Optional<SciabcException> failure = Optional.empty();
            Set<String> accounts = new LinkedHashSet<>(facts.journals().accounts());
            for (JournalCopy copy : known) {
                if (isWithin(facts, copy.place())) {
                    accounts.add(copy.place());
                } else if (isGone(facts, copy.place())) {
                    notes.add("there is no account " + copy.place()
                            + " any longer: what was changed in its home folder is left");
                }
            }
            for (String account : accounts) {
                Optional<String> other = Optional.of(account)
                        .filter(name -> !name.equals(facts.login().user()));
                Optional<SciabcException> problem = undo(facts, owner, account, other, undoing);
                failure = failure.isPresent() ? failure : problem;
            }
            if (system && failure.isEmpty()) {
                failure = undo(facts, owner, JournalCopy.SYSTEM, Optional.empty(), undoing);
            }
            if (undoing && failure.isEmpty()) {
                copies.drop(owner);
            }
            return restored(failure);
        }

        private Restored restored(Optional<SciabcException> failure) {
            return new Restored(node, hadJournal, entries, differences, notes, output.lines(), failure);
        }

        /** What else is asked about: the accounts that were there when the copies were made. */
        private PlanRequest withAccountsOfCopies() {
            List<Requirement> accounts = new ArrayList<>();
            copies.accounts(node).forEach(name -> accounts.add(PlanRequest.account(name)));
            return request.withRequirements(accounts);
        }

        /**
         * A home folder that nobody speaks of any longer went with its account; where the machine's journal is lost, nobody could,
         * unless the account itself is gone.
         */
        private boolean isWithin(Facts facts, String account) {
            return !account.equals(JournalCopy.SYSTEM)
                    && (account.equals(facts.login().user())
                            || facts.journals().accounts().contains(account)
                            || (!facts.journals().system() && !isGone(facts, account)));
        }

        private boolean isGone(Facts facts, String account) {
            return facts.state(PlanRequest.account(account)) instanceof State.Unmet;
        }

        private Optional<SciabcException> undo(
                Facts facts, Owner owner, String journal, Optional<String> account, boolean undoing)
                throws SciabcException, InterruptedException {
            Place place = journal.equals(JournalCopy.SYSTEM) ? Place.SYSTEM : Place.HOME;
            Optional<JournalCopy> copy = copies.of(owner, journal);
            Privilege privilege = facts.privilege();
            if ((place == Place.SYSTEM || account.isPresent()) && !privilege.suffices()) {
                return Optional.of(noPrivilege(privilege));
            }
            Session session =
                    new Session(access.connection(node, deadline), privilege.level(), access.password(node), account);
            UndoReader reader = new UndoReader(journal, output);
            SessionScript scripts = new SessionScript(layout, request);
            String script = undoing ? scripts.undo(place, copy) : scripts.list(place, copy);
            boolean ended;
            try {
                ended = session.run(place, script, deadline, reader::line).isOk();
            } finally {
                if (undoing) {
                    keep(reader, owner, copy);
                }
            }
            entries.addAll(reader.entries());
            sayMended(reader, journal);
            notes.addAll(reader.notes());
            if (undoing) {
                look(session, place, reader.entries());
            }
            return ended && reader.failures().isEmpty() ? Optional.empty() : Optional.of(notUndone(reader));
        }

        /** What is undone must not come back from the copy. */
        private void keep(UndoReader reader, Owner owner, Optional<JournalCopy> before) throws SciabcException {
            Optional<JournalCopy> now = reader.copy()
                    .or(() -> before.map(copy -> copy.without(reader.undone())))
                    .map(copy -> copy.from(owner.hostKey()));
            if (now.isPresent()) {
                copies.keep(node, now.get());
            }
        }

        private void sayMended(UndoReader reader, String journal) {
            int count = reader.mended().size();
            if (count > 0) {
                notes.add((count == 1 ? "1 change" : count + " changes")
                        + " from the manager's copy: the journal "
                        + (journal.equals(JournalCopy.SYSTEM) ? "of the machine" : "in the home folder of " + journal)
                        + " has lost them, or is damaged");
            }
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
                if (wentWithItsUnit(entry, undone)) {
                    continue;
                }
                differences.addAll(Differences.of(node, entry, now.getOrDefault(entry.number(), List.of())));
            }
        }

        /** A service whose unit was written before it was looked at was never there without us. */
        private static boolean wentWithItsUnit(JournalEntry entry, List<JournalEntry> undone) {
            String unit = "/etc/systemd/system/" + entry.subject() + ".service";
            return entry.kind().equals("service")
                    && undone.stream()
                            .anyMatch(other -> other.kind().equals("file")
                                    && other.subject().equals(unit)
                                    && other.before().equals(List.of("absent")));
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
                            ? "give a password with --ask-password or --password-file, or another account with --user"
                            : "name an account that may use sudo with --user");
        }
    }
}
