// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.List;

/**
 * One change in a node's journal: what was there before, and what was made of it.
 *
 * @param number its number; later changes have higher ones
 * @param kind the {@link Step.Kind} in lower case
 * @param done whether the change was completed; otherwise it was cut off
 * @param title the step, for people
 * @param subject what was changed: a path, packages, a service, an account
 * @param before what was there, in the journal's own words
 * @param after what was made of it, in the same words; empty where that was not noted
 * @param added the packages that were not there before, those that others depend on included
 * @param accounts users and groups that the packages made for themselves, as {@code group rdma}
 * @param changed packages that another version was installed of, as {@code NAME OLD NEW}: cannot be undone
 */
public record JournalEntry(
        String number,
        String kind,
        boolean done,
        String title,
        String subject,
        List<String> before,
        List<String> after,
        List<String> added,
        List<String> accounts,
        List<String> changed) {

    public JournalEntry {
        before = List.copyOf(before);
        after = List.copyOf(after);
        added = List.copyOf(added);
        accounts = List.copyOf(accounts);
        changed = List.copyOf(changed);
    }

    JournalEntry withBefore(String line) {
        return new JournalEntry(number, kind, done, title, subject, List.of(line), after, added, accounts, changed);
    }
}
