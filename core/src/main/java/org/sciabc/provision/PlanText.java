// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A plan as people read it, nodes with equal plans folded. Pure. */
public final class PlanText {
    private static final List<String> WORDS = List.of(
            "add_key",
            "create_account",
            "fill_in",
            "forget_sent_packages",
            "from_sent_packages",
            "new_id",
            "own_id",
            "sent_packages",
            "unpack_distribution",
            "wait_for_package_lock");

    private final boolean exact;
    private final StringBuilder text = new StringBuilder();
    private final Set<String> used = new LinkedHashSet<>();

    private PlanText(boolean exact) {
        this.exact = exact;
    }

    /** What would be done and why. */
    public static String steps(Plan plan) {
        return new PlanText(false).render(plan);
    }

    /** The same with the exact commands. */
    public static String commands(Plan plan) {
        return new PlanText(true).render(plan);
    }

    private String render(Plan plan) {
        plan.groups().forEach(this::group);
        for (String word : used) {
            line(0, "");
            NodeScripts.function(word).lines().forEach(each -> line(0, each));
        }
        return text.toString();
    }

    private void group(Plan.Group group) {
        NodePlan plan = group.plan();
        line(0, group.names() + ": " + summary(plan));
        line(
                1,
                "as " + plan.user().name() + " (" + plan.user().origin().words() + "), "
                        + plan.privilege().describe());
        if (!plan.machine().isEmpty()) {
            line(1, "is: " + plan.machine());
        }
        if (!plan.present().isEmpty()) {
            line(1, "there already: " + Wording.list(plan.present()));
        }
        plan.notes().forEach(note -> line(1, "note: " + note));
        int number = 1;
        for (Step step : plan.steps()) {
            step(number++ + ". ", step);
        }
        if (!plan.administrator().isEmpty()) {
            line(1, "an administrator has to:");
            plan.administrator().forEach(step -> step("- ", step));
        }
        plan.obstacles().forEach(obstacle -> line(1, "in the way: " + obstacle));
    }

    private static String summary(NodePlan plan) {
        if (plan.isReady()) {
            return "ready, nothing to do";
        }
        String steps = plan.steps().isEmpty()
                ? "nothing can be done"
                : count(plan.steps().size(), "step");
        return plan.willBeReady() ? steps : steps + ", and will not be ready";
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private void step(String mark, Step step) {
        line(
                1,
                mark
                        + step.title()
                        + step.privilege().map(why -> " [root: " + why + "]").orElse(""));
        step.why().forEach(why -> line(2, "because " + why));
        if (exact) {
            String commands = String.join("\n", step.commands());
            commands.lines().forEach(command -> line(2, "| " + command));
            WORDS.stream()
                    .filter(word -> commands.matches("(?s)(.*\\W)?" + word + "(\\W.*)?"))
                    .forEach(used::add);
        }
    }

    private void line(int depth, String words) {
        text.append("  ".repeat(depth)).append(words).append('\n');
    }
}
