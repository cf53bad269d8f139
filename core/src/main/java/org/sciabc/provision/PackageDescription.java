// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a package tells of itself, as far as it matters to what has to be installed with it.
 *
 * @param architecture in the word of its package manager
 * @param provides what others may ask for, its name included, without versions
 * @param requires what it asks for, in the package manager's own words
 */
record PackageDescription(String architecture, Set<String> provides, List<String> requires) {
    /** What a shell takes as it is. Conditional requirements have blanks, and what begins with "!" is a conflict. */
    private static final String PLAIN = "[A-Za-z0-9/_][A-Za-z0-9/_.+:()<>=~@,\\[\\]-]*";

    PackageDescription {
        provides = Set.copyOf(provides);
        requires = requires.stream()
                .filter(each -> each.matches(PLAIN) && !each.startsWith("rpmlib("))
                .distinct()
                .toList();
    }

    /** What is asked for, without the versions that would do. */
    static String withoutVersion(String capability) {
        return capability.replaceFirst("[<>=~].*", "");
    }

    /** As packages have it, with versions where they are told. */
    static PackageDescription of(String name, String architecture, Stream<String> provides, Stream<String> requires) {
        List<String> own = new ArrayList<>(List.of(name));
        provides.map(PackageDescription::withoutVersion).forEach(own::add);
        return new PackageDescription(architecture, Set.copyOf(own), requires.toList());
    }
}
