// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import java.util.Comparator;
import java.util.List;
import org.sciabc.cli.verb.HelpVerb;
import org.sciabc.cli.verb.VersionVerb;
import org.sciabc.spi.Similarity;

/** All verbs, in the order in which help lists them. */
public final class VerbTable {
    private final List<VerbEntry> entries;

    private VerbTable(List<VerbEntry> entries) {
        this.entries = entries;
    }

    static VerbTable shipped() {
        return new VerbTable(List.of(
                new VerbEntry("version", "print the version", VersionVerb::new),
                new VerbEntry("help", "explain a verb", HelpVerb::new)));
    }

    List<VerbEntry> entries() {
        return entries;
    }

    VerbEntry find(String name) throws CliFailure {
        for (VerbEntry entry : entries) {
            if (entry.name().equals(name)) {
                return entry;
            }
        }
        String nearest = entries.stream()
                .map(VerbEntry::name)
                .min(Comparator.comparingInt(candidate -> Similarity.distance(name, candidate)))
                .orElse("help");
        throw CliFailure.usage(
                "there is no verb '" + org.sciabc.spi.Untrusted.line(name, 40) + "'",
                "",
                "did you mean '" + nearest + "'? 'sciabc help' lists all of them");
    }
}
