// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.util.List;
import java.util.Optional;

/** The packages that host and plugins share: a plugin sees these of the host, and nothing else. */
final class ContractPackages {
    private static final List<String> PREFIXES = List.of("org.sciabc.spi.", "org.pf4j.", "org.slf4j.", "org.jspecify.");

    private ContractPackages() {}

    static boolean hold(String className) {
        for (String prefix : PREFIXES) {
            if (className.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** The package that an entry of a jar duplicates, such as {@code org.sciabc.spi}. */
    static Optional<String> duplicatedBy(String entryName) {
        if (!entryName.startsWith("org/") || !entryName.endsWith(".class")) {
            return Optional.empty();
        }
        String className = entryName.replace('/', '.');
        return PREFIXES.stream()
                .filter(className::startsWith)
                .findFirst()
                .map(prefix -> prefix.substring(0, prefix.length() - 1));
    }
}
