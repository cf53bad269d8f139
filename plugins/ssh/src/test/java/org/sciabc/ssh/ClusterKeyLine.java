// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.util.List;
import org.sciabc.spi.Requirement;

/** The line of the one key that is required. */
final class ClusterKeyLine {
    private ClusterKeyLine() {}

    static String of(List<Requirement> requirements) {
        return requirements.stream()
                .filter(Requirement.AuthorizedKey.class::isInstance)
                .map(requirement -> ((Requirement.AuthorizedKey) requirement).publicKey())
                .reduce((first, second) -> {
                    throw new IllegalStateException("more than one key");
                })
                .orElseThrow();
    }
}
