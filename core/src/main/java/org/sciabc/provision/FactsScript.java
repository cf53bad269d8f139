// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.Requirement.PackageManager;

/**
 * The one question to a node: its facts, and what each requirement's part of it is like. Written so that all of it is one
 * round trip, changes nothing, and needs no privilege.
 */
final class FactsScript {
    static final String BEGIN = "@sciabc facts begin";
    static final String END = "@sciabc facts end";

    private final NodeLayout layout;

    FactsScript(NodeLayout layout) {
        this.layout = layout;
    }

    /**
     * The script. Where a password is given, it has to be the first line of standard input.
     *
     * @param passwordGiven whether there is a password to try sudo with
     */
    String of(PlanRequest request, boolean passwordGiven) {
        List<String> lines = new ArrayList<>();
        lines.add("exec 3<&0 </dev/null");
        lines.add(layout.variables(request));
        lines.add("sciabc_offline=" + (request.packages().isPresent() ? "yes" : "no"));
        lines.add("sciabc_password=" + (passwordGiven ? "given" : "none"));
        lines.add(NodeScripts.of(
                NodeScripts.BASE, NodeScripts.STATE, NodeScripts.PACKAGES, NodeScripts.NEEDS, NodeScripts.FACTS));
        lines.add("say");
        lines.add("say " + ShellText.quote(BEGIN));
        lines.add("facts");
        lines.addAll(needs(request));
        lines.add("say " + ShellText.quote(END));
        return String.join("\n", lines) + "\n";
    }

    /** Only the requirements, for a second look with more privilege: of a session's script nobody else can read a word. */
    List<String> secretNeeds(PlanRequest request) {
        List<String> lines = new ArrayList<>(needs(request));
        List<Requirement> requirements = request.requirements();
        for (int i = 0; i < requirements.size(); i++) {
            if (requirements.get(i) instanceof Requirement.SecretFile file) {
                lines.set(
                        i,
                        ShellText.withInput(
                                "need " + i + " state_of_file " + homePath(file.path()) + " " + octal(file.mode()),
                                "",
                                new String(file.content().characters())));
            }
        }
        return lines;
    }

    private static List<String> needs(PlanRequest request) {
        List<String> lines = new ArrayList<>();
        List<Requirement> requirements = request.requirements();
        for (int i = 0; i < requirements.size(); i++) {
            lines.add(need(i, requirements.get(i), request));
        }
        request.account().ifPresent(name -> lines.add("need account state_of_account " + ShellText.quote(name)));
        return lines;
    }

    private static String need(int index, Requirement requirement, PlanRequest request) {
        String need = "need " + index + " ";
        if (requirement instanceof Requirement.Packages packages) {
            return packages(index, packages);
        }
        if (requirement instanceof Requirement.FileContent file) {
            String check = need + "state_of_file " + homePath(file.path()) + " " + octal(file.mode());
            return Placeholders.in(file.content())
                    ? ShellText.withInput("fill_in", " | " + check, file.content())
                    : ShellText.withInput(check, "", file.content());
        }
        if (requirement instanceof Requirement.SecretFile file) {
            return need + "state_of_secret " + homePath(file.path());
        }
        if (requirement instanceof Requirement.HostDistribution distribution) {
            String hash = request.distribution().map(LocalDistribution::hash).orElse("none");
            return need + "state_of_distribution " + ShellText.quote(distribution.path()) + " " + hash;
        }
        if (requirement instanceof Requirement.Directory folder) {
            return need + "state_of_folder " + homePath(folder.path()) + " " + octal(folder.mode());
        }
        if (requirement instanceof Requirement.Service service) {
            return need + "state_of_service " + ShellText.quote(service.name());
        }
        if (requirement instanceof Requirement.AuthorizedKey key) {
            return KeyLine.parse(key.publicKey())
                    .map(line ->
                            need + "state_of_key " + ShellText.quote(line.type()) + " " + ShellText.quote(line.blob())
                                    + (line.hasOptions() ? " " + ShellText.quote(line.line()) : ""))
                    .orElse("need " + index + " say unknown not a public key");
        }
        if (requirement instanceof Requirement.Account account) {
            return need + "state_of_account " + ShellText.quote(account.name());
        }
        throw new IllegalArgumentException("a requirement of an unknown kind: " + requirement);
    }

    private static String packages(int index, Requirement.Packages packages) {
        String cases = packages.names().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey().name() + ") need_packages " + index + " " + quoted(entry) + " ;;")
                .collect(Collectors.joining("\n"));
        return "case $manager in\n" + cases + "\nesac";
    }

    private static String quoted(Map.Entry<PackageManager, List<String>> entry) {
        return entry.getValue().stream().map(ShellText::quote).collect(Collectors.joining(" "));
    }

    /** The home folder of the account in use, which need not be the one that came here. */
    private static String homePath(String path) {
        return path.startsWith("~/")
                ? "\"${home:-/nonexistent}\"/" + ShellText.quote(path.substring(2))
                : ShellText.quote(path);
    }

    static String octal(int mode) {
        return Integer.toOctalString(mode);
    }
}
