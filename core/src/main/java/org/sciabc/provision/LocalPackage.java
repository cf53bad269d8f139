// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.IOException;
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
 * @param version its version and release, as they stand there
 * @param architecture the package's architecture; absent where file names do not tell, as Alpine's
 */
record LocalPackage(
        Path file, Set<PackageManager> managers, String name, String version, Optional<String> architecture) {
    /** What stands in versions, and what a shell takes as it is: the names of the files become words there. */
    private static final String PART = "[A-Za-z0-9.+~^:%_]+";

    private static final Pattern DEB =
            Pattern.compile("(?<name>[a-z0-9][a-z0-9+.-]+)_(?<version>[A-Za-z0-9.+~:%-]+)_(?<arch>[a-z0-9-]+)\\.deb");
    private static final Pattern RPM = Pattern.compile("(?<name>[A-Za-z0-9][A-Za-z0-9+._-]*)-(?<version>" + PART + "-"
            + PART + ")\\.(?<arch>[A-Za-z0-9_]+)\\.rpm");
    private static final Pattern PACMAN = Pattern.compile("(?<name>[a-z0-9@][a-z0-9@+._-]*)-(?<version>" + PART + "-"
            + PART + ")-(?<arch>[a-z0-9_]+)\\.pkg\\.tar(\\.[a-z0-9]+)?");
    private static final Pattern APK =
            Pattern.compile("(?<name>[A-Za-z0-9][A-Za-z0-9+._-]*)-(?<version>" + PART + "-r[0-9]+)(?<arch>)\\.apk");

    /** What distributions mark their releases with: Fedora, Red Hat and its likes, openSUSE Leap. */
    private static final Pattern MARK = Pattern.compile("\\.(fc|el|lp)([0-9]{1,9})(?![0-9])");

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
        Optional<String> architecture = Optional.of(matcher.group("arch")).filter(arch -> !arch.isEmpty());
        return Optional.of(new LocalPackage(
                file, Set.of(managers), matcher.group("name"), matcher.group("version"), architecture));
    }

    /**
     * What it tells of itself; empty where that cannot be read here, and of Debian packages, which a node's apt reads.
     *
     * @throws IOException when it is damaged or cannot be read
     */
    Optional<PackageDescription> description() throws IOException {
        if (managers.contains(PackageManager.APT)) {
            return Optional.empty();
        }
        return managers.contains(PackageManager.DNF) ? Optional.of(RpmHeader.read(file)) : PackageInfo.read(file);
    }

    /** The last part of its path. */
    String fileName() {
        return String.valueOf(file.getFileName());
    }

    /** Whether it can be installed on this architecture. */
    boolean fits(String wanted) {
        return architecture.map(own -> isFor(own, wanted)).orElse(true);
    }

    static boolean isFor(String own, String wanted) {
        return own.equals(wanted) || ANY.contains(own);
    }

    /** Whether it is made for a distribution's release of its kind that is not later: distributions carry old packages on. */
    boolean fits(Facts.OperatingSystem system) {
        Matcher mark = MARK.matcher(version);
        if (!managers.contains(PackageManager.DNF) || !mark.find()) {
            return true;
        }
        boolean fedora = system.id().startsWith("fedora");
        boolean leap = system.id().contains("leap");
        String release = switch (mark.group(1)) {
            case "fc" -> fedora ? system.version() : "";
            case "lp" -> leap ? system.version().replace(".", "") : "";
            default -> fedora || leap ? "" : system.version().replaceFirst("[.].*", "");
        };
        return release.matches("[0-9]{1,9}") && Integer.parseInt(mark.group(2)) <= Integer.parseInt(release);
    }
}
