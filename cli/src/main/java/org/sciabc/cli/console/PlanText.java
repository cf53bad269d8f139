// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import java.util.List;
import org.sciabc.provision.NodePlan;
import org.sciabc.provision.Plan;
import org.sciabc.provision.Step;

/** A plan as people read it: equal plans together, each step with its reason, and the exact commands when they are wanted. */
public final class PlanText {
    private PlanText() {}

    /**
     * The text of a plan, which ends with a line feed.
     *
     * @param withCommands whether the exact commands are shown below each step
     */
    public static String of(Plan plan, boolean withCommands) {
        StringBuilder text = new StringBuilder();
        for (Plan.Group group : plan.groups()) {
            NodePlan one = group.plan();
            text.append(group.names()).append(": ").append(summary(one)).append('\n');
            one.present()
                    .forEach(present -> text.append("  ok     ").append(present).append('\n'));
            one.steps().forEach(step -> append(text, "do     ", step, withCommands));
            one.administrator().forEach(step -> append(text, "admin  ", step, true));
            one.obstacles()
                    .forEach(obstacle ->
                            text.append("  cannot ").append(obstacle).append('\n'));
            one.notes().forEach(note -> text.append("  note   ").append(note).append('\n'));
        }
        return text.toString();
    }

    private static String summary(NodePlan plan) {
        String account = "as " + plan.user().name() + " ("
                + plan.user().origin().words() + "), " + plan.privilege().describe();
        if (plan.isReady()) {
            return "ready, nothing to do; " + account;
        }
        int steps = plan.steps().size();
        return steps + (steps == 1 ? " step; " : " steps; ") + account;
    }

    private static void append(StringBuilder text, String mark, Step step, boolean withCommands) {
        text.append("  ").append(mark).append(step.title());
        List<String> why = step.why();
        if (!why.isEmpty()) {
            text.append(" - ").append(String.join("; ", why));
        }
        step.privilege()
                .ifPresent(reason -> text.append(" [root: ").append(reason).append(']'));
        text.append('\n');
        if (withCommands) {
            step.commands().stream()
                    .flatMap(String::lines)
                    .forEach(line -> text.append("           ").append(line).append('\n'));
        }
    }
}
