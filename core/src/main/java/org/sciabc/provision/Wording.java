// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.Requirement.PackageManager;

/** What the plan says about requirements, for people. */
final class Wording {
    private Wording() {}

    static String present(Requirement requirement, String remark) {
        String more = remark.isEmpty() ? "" : " (" + remark + ")";
        if (requirement instanceof Requirement.Packages) {
            return remark;
        }
        return name(requirement) + more;
    }

    static String name(Requirement requirement) {
        if (requirement instanceof Requirement.FileContent file) {
            return file.path();
        } else if (requirement instanceof Requirement.SecretFile file) {
            return file.path();
        } else if (requirement instanceof Requirement.HostDistribution distribution) {
            return "sciabc in " + distribution.path();
        } else if (requirement instanceof Requirement.Directory folder) {
            return folder.path();
        } else if (requirement instanceof Requirement.Service service) {
            return "service " + service.name();
        } else if (requirement instanceof Requirement.AuthorizedKey) {
            return "key";
        } else if (requirement instanceof Requirement.Account account) {
            return "account " + account.name();
        } else if (requirement instanceof Requirement.Packages packages) {
            return packages.names().values().stream()
                    .findFirst()
                    .map(names -> String.join(", ", names))
                    .orElse("packages");
        }
        throw new IllegalArgumentException("a requirement of an unknown kind: " + requirement);
    }

    static String noPackages(Requirement.Packages packages, Optional<PackageManager> manager) {
        String why = " (" + packages.why() + ")";
        return manager.map(known -> "it is not known which packages of "
                        + known.name().toLowerCase(Locale.ROOT) + " to install" + why)
                .orElse("no package manager is known there: install " + name(packages) + " by hand" + why);
    }

    static String list(List<String> words) {
        return String.join(", ", words);
    }
}
