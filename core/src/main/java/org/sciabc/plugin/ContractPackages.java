// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.util.List;
import java.util.Optional;

/** The packages that host and plugins share: a plugin sees these of the host, and nothing else. */
final class ContractPackages {
    private static final List<String> PREFIXES = List.of("org.sciabc.spi.", "org.pf4j.", "org.slf4j.", "org.jspecify.");

    private static final List<String> FOLDERS = List.of("org/sciabc/spi/", "org/pf4j/", "org/slf4j/", "org/jspecify/");

    private ContractPackages() {}

    static boolean hold(String className) {
        for (String prefix : PREFIXES) {
            if (className.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** Which of them an entry of a jar duplicates, such as {@code org.sciabc.spi}; called for every entry of every jar. */
    static Optional<String> duplicatedBy(String entryName) {
        if (!entryName.startsWith("org/") || !entryName.endsWith(".class")) {
            return Optional.empty();
        }
        for (int i = 0; i < PREFIXES.size(); i++) {
            if (entryName.startsWith(FOLDERS.get(i))) {
                String prefix = PREFIXES.get(i);
                return Optional.of(prefix.substring(0, prefix.length() - 1));
            }
        }
        return Optional.empty();
    }
}
