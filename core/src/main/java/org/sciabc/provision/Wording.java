// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.Requirement.PackageManager;

/** What the plan says about requirements, for people. */
final class Wording {
    private static final long GIB = 1L << 30;
    private static final long HALF_GIB = 1L << 29;

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

    /** What does not differ between equal machines: neither free space nor addresses. */
    static String machine(Facts facts) {
        List<String> words = new ArrayList<>();
        facts.machine().system().map(Facts.OperatingSystem::title).ifPresent(words::add);
        facts.machine().hardware().arch().ifPresent(words::add);
        facts.machine().hardware().cores().ifPresent(cores -> words.add(cores + (cores == 1 ? " core" : " cores")));
        facts.machine().hardware().memoryBytes().ifPresent(bytes -> words.add((bytes + HALF_GIB) / GIB + " GiB"));
        if (facts.machine().init() != Facts.InitSystem.NONE) {
            words.add(facts.machine().init().name().toLowerCase(Locale.ROOT));
        }
        facts.software()
                .packageManager()
                .ifPresent(manager -> words.add(manager.name().toLowerCase(Locale.ROOT)));
        facts.software().mpi().map(mpi -> mpi.build().orElse(mpi.version())).ifPresent(words::add);
        if (facts.software().avahi() == Facts.Avahi.RUNNING) {
            words.add("Avahi runs");
        }
        return list(words);
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
