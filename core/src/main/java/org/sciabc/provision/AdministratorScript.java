// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.sciabc.provision.Facts.Place;
import org.sciabc.spi.SciabcException;

/**
 * A plan as a script to hand over to root: commented, and harmless when run twice. Where sciabc may not become root it is
 * what is left to do, elsewhere the whole plan. It keeps the same journal, so that the same restoration undoes it.
 */
public final class AdministratorScript {
    private static final String DISTRIBUTION = "distribution.tar";

    /** A shell that has these waits for the package manager to end before it ends itself. */
    private static final String SIGNALS = "trap 'exit 129' HUP\ntrap 'exit 130' INT\ntrap 'exit 143' TERM\n";

    private final PlanRequest request;
    private final NodeLayout layout;

    public AdministratorScript(PlanRequest request) {
        this(request, NodeLayout.STANDARD);
    }

    AdministratorScript(PlanRequest request, NodeLayout layout) {
        this.request = request;
        this.layout = layout;
    }

    /** The files that the script takes from a folder beside it: their names there, and where they are on the manager. */
    public Map<String, Path> files(Plan.Group group) {
        Map<String, Path> files = new LinkedHashMap<>();
        for (Step step : group.plan().byHand()) {
            step.sent().ifPresent(sent -> sent.files().forEach(file -> files.put(file.fileName(), file.file())));
            if (step.kind() == Step.Kind.DISTRIBUTION) {
                request.distribution().ifPresent(own -> files.put(DISTRIBUTION, own.archive()));
            }
        }
        return files;
    }

    /**
     * The script for nodes with equal plans; where there is nothing to do it says so and does nothing.
     *
     * @param name what the script is called, without its ending; the folder for files is called {@code NAME.files}
     * @throws SciabcException when a package file cannot be read
     */
    public String of(Plan.Group group, String name) throws SciabcException {
        NodePlan plan = group.plan();
        List<Step> system = at(plan, Place.SYSTEM);
        List<Step> home = at(plan, Place.HOME);
        StringBuilder script =
                new StringBuilder("#!/bin/sh\n# For " + group.names() + ", to be run there as root.\n#\n");
        for (Step step : plan.byHand()) {
            script.append("# - ").append(step.title());
            script.append(step.why().stream().map(why -> "\n#   because " + why).collect(Collectors.joining()));
            script.append('\n');
        }
        if (plan.byHand().isEmpty()) {
            script.append("# There is nothing to do for root.\n");
        }
        plan.obstacles().forEach(obstacle -> script.append("# In the way, and left as it is: " + obstacle + "\n"));
        if (plan.byHand().isEmpty()) {
            return script.toString();
        }
        String folder = name + ".files";
        boolean takesFiles = !files(group).isEmpty();
        if (takesFiles) {
            script.append(
                    "#\n# It takes files from the folder " + folder + ". Copy that to the node, beside this script,\n"
                            + "# or say where it is: sh " + name + ".sh FOLDER\n");
        }
        script.append("#\n# Before each change, what was there is written into ")
                .append(system.isEmpty() ? "~/.local/state/sciabc" : layout.system())
                .append("/journal,\n# from which 'sciabc restore' puts everything back.\n\n")
                .append("if [ \"$(id -u)\" != 0 ]; then\n    echo 'run this as root' >&2\n    exit 1\nfi\n\n");
        if (takesFiles) {
            script.append("sciabc_files=${1:-$(dirname -- \"$0\")/")
                    .append(ShellText.quote(folder))
                    .append("}\n");
        }
        // Whose home folders have a journal is noted in that of the machine.
        if (!system.isEmpty() || request.account().isPresent()) {
            script.append(part(plan, Place.SYSTEM, system));
        }
        if (!home.isEmpty()) {
            script.append("\n# The rest belongs to the account. Not every su can be told which shell to take.\n")
                    .append("as_account() {\n    if [ \"$(uname -s)\" = Darwin ]; then\n")
                    .append("        su \"$1\" -c 'exec /bin/sh -s'\n    else\n")
                    .append("        su -s /bin/sh -c 'exec /bin/sh -s' \"$1\"\n    fi\n}\n\n")
                    .append(ShellText.withInput(
                            "as_account " + ShellText.quote(account(plan)), "", part(plan, Place.HOME, home)))
                    .append('\n');
        }
        return script.toString();
    }

    private String account(NodePlan plan) {
        return request.account().orElse(plan.user().name());
    }

    private static List<Step> at(NodePlan plan, Place place) {
        return plan.byHand().stream().filter(step -> step.place() == place).toList();
    }

    private String part(NodePlan plan, Place place, List<Step> steps) throws SciabcException {
        StringBuilder part = new StringBuilder();
        part.append(layout.variables(request)).append('\n');
        part.append("sciabc_login=")
                .append(ShellText.quote(
                        place == Place.HOME ? account(plan) : plan.user().name()))
                .append("\nsciabc_account=${sciabc_account:-$sciabc_login}\n")
                .append("sciabc_sent=" + ShellText.quote(layout.system() + "/sent"))
                .append("\nsciabc_port=")
                .append(plan.node().port())
                .append('\n')
                .append(place == Place.HOME ? "sciabc_home=$HOME\n" : "eval \"sciabc_home=~$sciabc_login\"\n\n")
                .append(NodeScripts.of(
                        NodeScripts.BASE,
                        NodeScripts.STATE,
                        NodeScripts.PACKAGES,
                        NodeScripts.JOURNAL,
                        NodeScripts.STEPS))
                .append(steps.stream().anyMatch(this::takesFiles) ? "\n" + NodeScripts.of(NodeScripts.SEND) : "")
                .append("\nmanager=$(package_manager)\ninit=$(init_system)\n")
                .append(SIGNALS)
                .append("trap 'if [ \"${locked-}\" = yes ]; then settle_what_began; fi; journal_unlock' EXIT\n")
                .append("journal_open ")
                .append(layout.journal(place))
                .append('\n')
                .append(place == Place.SYSTEM ? "remember_account \"$sciabc_account\"\n" : "");
        for (Step step : steps) {
            part.append('\n').append(StepFrame.function("change", step)).append(offers(step));
            part.append("echo ").append(ShellText.quote(step.title())).append('\n');
            part.append("(\n    set -e\n")
                    .append(SIGNALS.indent(4))
                    .append(taking(step))
                    .append("    change\n)\nstatus=$?\nif [ \"$status\" != 0 ]; then exit \"$status\"; fi\n");
        }
        return part.append("journal_unlock\n").toString();
    }

    private boolean takesFiles(Step step) {
        return step.sent().isPresent() || step.kind() == Step.Kind.DISTRIBUTION;
    }

    /** What {@code take_packages} needs to know of the files. */
    private String offers(Step step) throws SciabcException {
        if (step.sent().isEmpty() || request.packages().isEmpty()) {
            return "";
        }
        StringBuilder lines = new StringBuilder();
        int number = 0;
        for (LocalPackage file : step.sent().get().files()) {
            String line = request.packages().get().offer(file).line(number++);
            lines.append(line).append(' ').append(file.fileName()).append('\n');
        }
        String needs = request.packages().get().needs(step.sent().get().files());
        return "offered_packages() {\n" + ShellText.withInput("cat", "", lines.toString()) + "\n}\n"
                + "offered_needs() {\n" + ShellText.withInput("cat", "", needs) + "\n}\n";
    }

    /** Brings the files that a step takes to where they wait when the manager sends them, unless it is done already. */
    private String taking(Step step) {
        if (step.sent().isPresent()) {
            Step.Sent sent = step.sent().get();
            String names = sent.names().stream().map(ShellText::quote).collect(Collectors.joining(" "));
            return "    if [ -z \"$(absent_packages " + names + ")\" ]; then exit 0; fi\n    fixing="
                    + (sent.interrupted() ? "--fix-broken" : "") + "\n    take_packages \"$sciabc_files\" " + names
                    + "\n";
        }
        if (step.kind() == Step.Kind.DISTRIBUTION && request.distribution().isPresent()) {
            String hash = request.distribution().get().hash();
            return "    if [ \"$(state_of_distribution " + ShellText.quote(step.subject()) + " " + hash
                    + ")\" = met ]; then exit 0; fi\n    take_distribution \"$sciabc_files\" " + hash + "\n";
        }
        return "";
    }
}
