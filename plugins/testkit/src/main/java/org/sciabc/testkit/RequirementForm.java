// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.Untrusted;

/** The form of what a component may ask of nodes. */
final class RequirementForm {
    private static final Pattern PACKAGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9+._@/-]*");
    private static final Pattern UNIT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9@._:-]*");
    private static final Pattern KEY_LINE = Pattern.compile("[a-z0-9@.-]+ [A-Za-z0-9+/]+=*( .*)?");

    private RequirementForm() {}

    /** What is wrong with it; empty when nothing is. */
    static Optional<String> wrongIn(Requirement requirement) {
        return Said.wrongInPhrase(requirement.why())
                .map(wrong -> "its reason, which the owner of the machine reads, " + wrong)
                .or(() -> wrongInDetail(requirement));
    }

    private static Optional<String> wrongInDetail(Requirement requirement) {
        if (requirement instanceof Requirement.Packages packages) {
            return wrongInPackages(packages);
        }
        if (requirement instanceof Requirement.FileContent file) {
            return wrongInPath(file.path())
                    .or(() -> wrongInMode(file.mode()))
                    .or(() -> when(file.content().contains("\r"), "its lines end in carriage returns"));
        }
        if (requirement instanceof Requirement.SecretFile file) {
            return wrongInPath(file.path())
                    .or(() -> wrongInMode(file.mode()))
                    .or(() -> when((file.mode() & 07) != 0, "others may read or write its secret"));
        }
        if (requirement instanceof Requirement.HostDistribution distribution) {
            return wrongInPath(distribution.path())
                    .or(() -> when(!distribution.path().startsWith("/"), "its path is not absolute"));
        }
        if (requirement instanceof Requirement.Directory directory) {
            return wrongInPath(directory.path()).or(() -> wrongInMode(directory.mode()));
        }
        if (requirement instanceof Requirement.Service service) {
            return when(
                    !UNIT.matcher(service.name()).matches() || service.name().endsWith(".service"),
                    "'" + service.name() + "' is not a unit's name without a suffix");
        }
        if (requirement instanceof Requirement.AuthorizedKey key) {
            return when(
                    !KEY_LINE.matcher(key.publicKey()).matches(),
                    "'" + key.publicKey() + "' is not a line of authorized_keys");
        }
        if (requirement instanceof Requirement.Account account) {
            return when(Untrusted.user(account.name()).isEmpty(), "'" + account.name() + "' is not a user's name");
        }
        return Optional.empty();
    }

    private static Optional<String> wrongInPackages(Requirement.Packages packages) {
        return packages.names().isEmpty()
                ? Optional.of("it names no package manager")
                : packages.names().values().stream()
                        .flatMap(names -> wrongInNames(names).stream())
                        .findFirst();
    }

    private static Optional<String> wrongInNames(List<String> names) {
        return names.isEmpty()
                ? Optional.of("it names no package for one of the package managers")
                : names.stream()
                        .filter(name -> !PACKAGE.matcher(name).matches())
                        .map(name -> "'" + name + "' is not a package's name")
                        .findFirst();
    }

    private static Optional<String> wrongInPath(String path) {
        boolean rooted = path.startsWith("/") || path.startsWith("~/");
        return when(
                !rooted || path.contains("/../") || path.endsWith("/.."),
                "its path '" + path + "' is neither absolute nor below ~/");
    }

    private static Optional<String> wrongInMode(int mode) {
        return when(mode < 1 || mode > 07777, "its mode " + mode + " is not one: is it written in octal?");
    }

    private static Optional<String> when(boolean isSo, String wrong) {
        return isSo ? Optional.of(wrong) : Optional.empty();
    }
}
