// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sciabc.spi.Requirement.PackageManager;

/**
 * A package file on the manager, as far as its name tells.
 *
 * @param file where it is
 * @param managers the package managers that understand it
 * @param name the package's name
 * @param architecture the package's architecture; absent where file names do not tell, as Alpine's
 */
record LocalPackage(Path file, Set<PackageManager> managers, String name, Optional<String> architecture) {
    /** What stands in versions, and what a shell takes as it is: the names of the files become words there. */
    private static final String PART = "[A-Za-z0-9.+~^:%_]+";

    private static final Pattern DEB = Pattern.compile("([a-z0-9][a-z0-9+.-]+)_[A-Za-z0-9.+~:%-]+_([a-z0-9-]+)\\.deb");
    private static final Pattern RPM =
            Pattern.compile("([A-Za-z0-9][A-Za-z0-9+._-]*)-" + PART + "-" + PART + "\\.([A-Za-z0-9_]+)\\.rpm");
    private static final Pattern PACMAN = Pattern.compile(
            "([a-z0-9@][a-z0-9@+._-]*)-" + PART + "-" + PART + "-([a-z0-9_]+)\\.pkg\\.tar(\\.[a-z0-9]+)?");
    private static final Pattern APK = Pattern.compile("([A-Za-z0-9][A-Za-z0-9+._-]*)-" + PART + "-r[0-9]+\\.apk");
    private static final List<String> ANY = List.of("all", "noarch", "any");

    /** Reads a file name; empty when it is not a package's. */
    static Optional<LocalPackage> of(Path file) {
        String name = file.getFileName().toString();
        return of(file, DEB.matcher(name), PackageManager.APT)
                .or(() -> of(file, RPM.matcher(name), PackageManager.DNF, PackageManager.ZYPPER))
                .or(() -> of(file, PACMAN.matcher(name), PackageManager.PACMAN))
                .or(() -> of(file, APK.matcher(name), PackageManager.APK));
    }

    private static Optional<LocalPackage> of(Path file, Matcher matcher, PackageManager... managers) {
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Optional<String> architecture = matcher.groupCount() >= 2 ? Optional.of(matcher.group(2)) : Optional.empty();
        return Optional.of(new LocalPackage(file, Set.of(managers), matcher.group(1), architecture));
    }

    /** The last part of its path. */
    String fileName() {
        return String.valueOf(file.getFileName());
    }

    /** Whether it can be installed on this architecture. */
    boolean fits(String wanted) {
        return architecture.map(own -> own.equals(wanted) || ANY.contains(own)).orElse(true);
    }
}
