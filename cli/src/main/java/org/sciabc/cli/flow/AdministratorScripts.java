// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.console.Terminal;
import org.sciabc.provision.AdministratorScript;
import org.sciabc.provision.NodePlan;
import org.sciabc.provision.Plan;
import org.sciabc.provision.PlanRequest;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.SciabcException;

/**
 * Writes what an administrator has to run, or may run instead of sciabc: one script for each group of nodes with equal plans,
 * and beside it the files that it takes.
 */
public final class AdministratorScripts {
    private static final String BEGINNING = "#!/bin/sh\n# For ";
    private static final int LONGEST_NAME = 100;

    private final PlanRequest request;
    private final Terminal terminal;
    private final Set<String> taken = new HashSet<>();

    public AdministratorScripts(PlanRequest request, Terminal terminal) {
        this.request = request;
        this.terminal = terminal;
    }

    /**
     * Writes the scripts into a folder, which is made when it is missing, and says which node each is for. Scripts of an
     * earlier run are replaced, other files are not.
     *
     * @throws SciabcException when one cannot be written; those before it are there
     */
    public void write(Plan plan, String folder) throws SciabcException {
        Path directory = directory(folder);
        AdministratorScript scripts = new AdministratorScript(request);
        for (Plan.Group group : plan.groups()) {
            if (group.plan().byHand().isEmpty()) {
                terminal.say(group.names() + ": " + nothing(group.plan()));
                continue;
            }
            String name = name(group);
            Path file = directory.resolve(name + ".sh");
            boolean hasSecrets = group.plan().byHand().stream()
                    .anyMatch(step -> step.secret().isPresent());
            AtomicFile script = new AtomicFile(
                    file, Optional.of(PosixFilePermissions.fromString(hasSecrets ? "rwx------" : "rwxr-xr-x")));
            if (script.read().filter(text -> !text.startsWith(BEGINNING)).isPresent()) {
                throw new CliFailure(
                        ExitCode.USAGE,
                        "cannot write the script " + file,
                        "there is another file of that name",
                        "--script takes a folder for nothing but these scripts");
            }
            String text = scripts.of(group, name);
            Map<String, Path> files = scripts.files(group);
            if (!files.isEmpty()) {
                new HandedOver(directory.resolve(name + ".files")).fill(files);
            }
            script.write(text);
            terminal.say(group.names() + ": " + file + ", "
                    + (group.plan().privilege().suffices() ? "all of the plan, " : "")
                    + "to be run there as root"
                    + (files.isEmpty() ? "" : ", with the folder " + name + ".files beside it")
                    + (hasSecrets ? "; it holds a secret" : ""));
        }
    }

    private static String nothing(NodePlan plan) {
        if (plan.isReady()) {
            return "ready, nothing to do";
        }
        return plan.obstacles().isEmpty()
                ? "nothing to do for an administrator"
                : "nothing that a script could do; in the way: " + String.join("; ", plan.obstacles());
    }

    /** The folded names without what a shell would expand. */
    private String name(Plan.Group group) {
        String name = group.names().replace("[", "").replace("]", "").replace(",", "+");
        String usable = name.length() > LONGEST_NAME
                ? group.nodes().get(0).name() + "-and-" + (group.nodes().size() - 1) + "-more"
                : name;
        String free = usable;
        for (int number = 2; !taken.add(free); number++) {
            free = usable + "-" + number;
        }
        return free;
    }

    private static Path directory(String folder) throws CliFailure {
        try {
            return Files.createDirectories(Path.of(folder));
        } catch (IOException | InvalidPathException unusable) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "cannot make the folder '" + folder + "' for the scripts",
                    "it is a file, or its parent cannot be written to",
                    "--script takes a folder");
        }
    }
}
