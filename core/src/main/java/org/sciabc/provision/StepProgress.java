// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.sciabc.spi.Node;

/** Follows what a session says: which step it is at, what that step says, and what the journal holds in the end. */
final class StepProgress {
    private static final String MARK = "@sciabc ";

    private final Node node;
    private final List<Step> steps;
    private final Consumer<ProvisionEvent> events;
    private final NodeOutput output;
    private final JournalReader journal = new JournalReader();
    private final JournalCopyReader copy;
    private List<String> said = new ArrayList<>();
    private Optional<String> failure = Optional.empty();
    private int finished;

    StepProgress(Node node, String place, List<Step> steps, NodeOutput output, Consumer<ProvisionEvent> events) {
        this.copy = new JournalCopyReader(place);
        this.node = node;
        this.steps = steps;
        this.output = output;
        this.events = events;
    }

    synchronized void line(String line) {
        if (journal.take(line) || copy.take(line)) {
            return;
        }
        String[] words = line.split(" ", -1);
        if (line.startsWith(MARK) && words.length >= 4 && words[1].equals("step") && isStep(words[2])) {
            mark(Integer.parseInt(words[2]), words[3], words.length > 4 ? words[4] : "");
        } else if (!line.startsWith(MARK)) {
            String shown = output.add(line);
            if (!shown.isEmpty()) {
                said.add(shown);
                events.accept(new ProvisionEvent.Said(node, shown));
            }
        }
    }

    /** Why a step failed; empty when none did. */
    synchronized Optional<String> failure() {
        return failure;
    }

    /** What was said since the last step ended: where a session ends on its own, that is the reason. */
    synchronized String lastWords() {
        return NodeOutput.reason(said);
    }

    synchronized int finished() {
        return finished;
    }

    synchronized List<JournalEntry> journal() {
        return journal.entries();
    }

    /** What the node sent of its journal for the manager to keep. */
    synchronized Optional<JournalCopy> copy() {
        return copy.copy();
    }

    private boolean isStep(String word) {
        return word.matches("[0-9]{1,4}") && Integer.parseInt(word) >= 1 && Integer.parseInt(word) <= steps.size();
    }

    private void mark(int number, String what, String status) {
        String title = steps.get(number - 1).title();
        switch (what) {
            case "begin" -> {
                said = new ArrayList<>();
                events.accept(new ProvisionEvent.StepStarted(node, number, steps.size(), title));
            }
            case "done" -> {
                finished++;
                said = new ArrayList<>();
                events.accept(new ProvisionEvent.StepFinished(node, number, steps.size(), title));
            }
            case "failed" -> {
                String reason = NodeOutput.reason(said);
                failure = Optional.of(title + ": " + (reason.isEmpty() ? "ended with status " + status : reason));
                events.accept(new ProvisionEvent.StepFailed(
                        node, number, steps.size(), title, reason.isEmpty() ? "status " + status : reason));
            }
            default -> {}
        }
    }
}
