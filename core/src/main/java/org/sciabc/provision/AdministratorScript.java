// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.List;
import java.util.stream.Collectors;
import org.sciabc.provision.Facts.Place;

/**
 * What root has to do on nodes where sciabc may not, as a script to hand over: commented, and harmless when run twice. It
 * keeps the same journal, so that the same restoration undoes it.
 */
public final class AdministratorScript {
    private final PlanRequest request;
    private final NodeLayout layout;

    public AdministratorScript(PlanRequest request) {
        this(request, NodeLayout.STANDARD);
    }

    AdministratorScript(PlanRequest request, NodeLayout layout) {
        this.request = request;
        this.layout = layout;
    }

    /** The script for nodes with equal plans; for nodes that need no administrator it says so and does nothing. */
    public String of(Plan.Group group) {
        NodePlan plan = group.plan();
        List<Step> system = at(plan, Place.SYSTEM);
        List<Step> home = at(plan, Place.HOME);
        StringBuilder script =
                new StringBuilder("#!/bin/sh\n# For " + group.names() + ", to be run there as root.\n#\n");
        for (Step step : plan.administrator()) {
            script.append("# - ").append(step.title());
            script.append(step.why().stream().map(why -> "\n#   because " + why).collect(Collectors.joining()));
            script.append('\n');
        }
        if (plan.administrator().isEmpty()) {
            return script.append("# There is nothing to do for root.\n").toString();
        }
        script.append("#\n# Before each change, what was there is written into ")
                .append(layout.system())
                .append("/journal,\n# from which 'sciabc restore' puts everything back.\n\n")
                .append("if [ \"$(id -u)\" != 0 ]; then\n    echo 'run this as root' >&2\n    exit 1\nfi\n\n")
                .append(part(plan, Place.SYSTEM, system));
        if (!home.isEmpty()) {
            String account =
                    ShellText.quote(request.account().orElse(plan.user().name()));
            String inner = part(plan, Place.HOME, home);
            script.append("\n# The rest belongs to the account.\n")
                    .append(ShellText.withInput("su -s /bin/sh -c 'exec /bin/sh -s' " + account, "", inner))
                    .append('\n');
        }
        return script.toString();
    }

    private static List<Step> at(NodePlan plan, Place place) {
        return plan.administrator().stream()
                .filter(step -> step.place() == place)
                .toList();
    }

    private String part(NodePlan plan, Place place, List<Step> steps) {
        StringBuilder part = new StringBuilder();
        part.append(layout.variables(request)).append('\n');
        part.append("sciabc_login=")
                .append(ShellText.quote(
                        place == Place.HOME
                                ? request.account().orElse("")
                                : plan.user().name()))
                .append("\nsciabc_account=${sciabc_account:-$sciabc_login}\n" + layout.sentVariable()
                        + "\nsciabc_port=")
                .append(plan.node().port())
                .append('\n')
                .append(place == Place.HOME ? "sciabc_home=$HOME\n" : "eval \"sciabc_home=~$sciabc_login\"\n\n")
                .append(NodeScripts.of(
                        NodeScripts.BASE,
                        NodeScripts.STATE,
                        NodeScripts.PACKAGES,
                        NodeScripts.JOURNAL,
                        NodeScripts.STEPS))
                .append("\nmanager=$(package_manager)\ninit=$(init_system)\n")
                .append("trap 'journal_unlock' EXIT\njournal_open ")
                .append(layout.journal(place))
                .append('\n')
                .append(place == Place.SYSTEM ? "remember_account \"$sciabc_account\"\n" : "");
        for (Step step : steps) {
            part.append('\n').append(StepFrame.function("change", step));
            part.append("echo ").append(ShellText.quote(step.title())).append('\n');
            part.append(
                    "(\n    set -e\n    change\n)\nstatus=$?\nif [ \"$status\" != 0 ]; then exit \"$status\"; fi\n");
        }
        return part.append("journal_unlock\n").toString();
    }
}
