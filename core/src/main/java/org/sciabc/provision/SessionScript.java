// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sciabc.provision.Facts.Place;

/**
 * What a session runs on a node. All of it is one compound command, so that the shell has read it before it begins, and the
 * rest of its input is free for the manager's being there.
 */
final class SessionScript {
    static final String ENTRIES_END = "@sciabc entries end";

    private final NodeLayout layout;
    private final PlanRequest request;

    SessionScript(NodeLayout layout, PlanRequest request) {
        this.layout = layout;
        this.request = request;
    }

    /**
     * Carries steps out.
     *
     * @param first the number of the first step among all of the node's steps, counted from 1
     */
    String steps(Place place, List<Step> steps, int first) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            lines.add(StepFrame.function("step_" + (first + i), steps.get(i)));
        }
        lines.add("session_begin");
        lines.add("journal_open " + layout.journal(place));
        if (place == Place.SYSTEM) {
            lines.add("remember_account \"$sciabc_account\"");
        }
        for (int i = 0; i < steps.size(); i++) {
            lines.add("run_step " + (first + i));
        }
        lines.addAll(show());
        lines.add("journal_copy");
        return whole(
                lines,
                NodeScripts.of(
                        NodeScripts.BASE,
                        NodeScripts.STATE,
                        NodeScripts.PACKAGES,
                        NodeScripts.JOURNAL,
                        NodeScripts.STEPS,
                        NodeScripts.SESSION));
    }

    /**
     * Undoes everything that the journal holds, and shows before what that is, together with what was undone by an earlier
     * undo that did not come to its end.
     *
     * @param copy what the journal held when the manager last saw it
     */
    String undo(Place place, Optional<JournalCopy> copy) {
        List<String> lines = new ArrayList<>(List.of("session_begin"));
        lines.add("finish_closing " + layout.journal(place));
        lines.add("if [ -d " + layout.journal(place) + " ] || " + copy.isPresent() + "; then");
        lines.add("journal_open " + layout.journal(place));
        copy.ifPresent(known -> lines.addAll(mending("journal_mend", known)));
        lines.addAll(List.of(
                "say",
                "journal_show",
                "show_entries \"$journal/undone\" $(journal_undone)",
                "say " + ShellText.quote(ENTRIES_END)));
        lines.add("journal_undo");
        lines.add("journal_copy");
        lines.add("fi");
        return whole(lines, undoing());
    }

    /** Shows what the journal holds, and changes nothing. */
    String list(Place place, Optional<JournalCopy> copy) {
        List<String> lines = new ArrayList<>(List.of("session_begin", "journal=" + layout.journal(place)));
        lines.add("say");
        lines.addAll(copy.map(known -> mending("journal_would_mend", known)).orElse(List.of("journal_show")));
        lines.add("say " + ShellText.quote(ENTRIES_END));
        return whole(lines, undoing());
    }

    private static List<String> mending(String word, JournalCopy copy) {
        return List.of(
                "manager_copy() {\n" + ShellText.withInput("cat", "", String.join("\n", copy.archive()) + "\n") + "\n}",
                word + " " + String.join(" ", copy.numbers()));
    }

    /** Looks again at everything that those entries are about. */
    String check(List<JournalEntry> entries) {
        List<String> lines = new ArrayList<>(List.of("session_begin", "say"));
        for (JournalEntry entry : entries) {
            lines.add("say " + ShellText.quote("@sciabc check " + entry.number()));
            String subjects = Stream.concat(
                            Stream.of(entry.subject()),
                            Stream.concat(
                                    entry.added().stream().map(name -> "package " + name), entry.accounts().stream()))
                    .map(ShellText::quote)
                    .collect(Collectors.joining(" "));
            lines.add("check_" + entry.kind() + " " + subjects);
        }
        lines.add("say " + ShellText.quote(ENTRIES_END));
        return whole(lines, undoing());
    }

    /** Looks at requirements with root's eyes. */
    String look(List<String> needs) {
        List<String> lines = new ArrayList<>(List.of("session_begin", "home=$(home_of \"$sciabc_account\") || home="));
        lines.add("say");
        lines.add("say " + ShellText.quote(FactsScript.BEGIN));
        lines.addAll(needs);
        lines.add("say " + ShellText.quote(FactsScript.END));
        return whole(
                lines,
                NodeScripts.of(
                        NodeScripts.BASE,
                        NodeScripts.STATE,
                        NodeScripts.PACKAGES,
                        NodeScripts.NEEDS,
                        NodeScripts.JOURNAL,
                        NodeScripts.SESSION));
    }

    private static String undoing() {
        return NodeScripts.of(
                NodeScripts.BASE,
                NodeScripts.STATE,
                NodeScripts.PACKAGES,
                NodeScripts.JOURNAL,
                NodeScripts.UNDO,
                NodeScripts.SESSION);
    }

    private static List<String> show() {
        return List.of("say", "journal_show", "say " + ShellText.quote(ENTRIES_END));
    }

    private String whole(List<String> lines, String words) {
        return "{\nsciabc_login=$1 sciabc_home=$2 sciabc_port=$3 sciabc_flag=${4-}\n"
                + layout.variables(request)
                + "\nsciabc_account=${sciabc_account:-$sciabc_login}\n"
                + layout.sentVariable()
                + "\n"
                + words
                + "\n"
                + String.join("\n", lines)
                + "\nexit 0\n}\n";
    }
}
