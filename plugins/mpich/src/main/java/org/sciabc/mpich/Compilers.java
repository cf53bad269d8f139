// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.mpich;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.Requirement.PackageManager;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;
import org.sciabc.spi.Settings;
import org.sciabc.spi.Untrusted;

/**
 * Compilers for nodes, on request alone: with MPICH's headers they take hundreds of megabytes, and one node of a kind compiles
 * for all others.
 */
final class Compilers {
    private static final Map<String, Map<PackageManager, List<String>>> PACKAGES = Map.of(
            "c",
            Map.of(
                    PackageManager.APT, List.of("gcc", "libc6-dev", "libmpich-dev"),
                    PackageManager.DNF, List.of("gcc", "mpich-devel"),
                    PackageManager.ZYPPER, List.of("gcc", "glibc-devel", "mpich-devel"),
                    // The C compiler is Apple's.
                    PackageManager.BREW, List.of("mpich")),
            "c++",
            Map.of(
                    PackageManager.APT, List.of("g++", "libmpich-dev"),
                    PackageManager.DNF, List.of("gcc-c++", "mpich-devel"),
                    PackageManager.ZYPPER, List.of("gcc-c++", "mpich-devel"),
                    PackageManager.BREW, List.of("mpich")),
            "fortran",
            Map.of(
                    PackageManager.APT, List.of("gfortran", "libc6-dev", "libmpich-dev"),
                    PackageManager.DNF, List.of("gcc-gfortran", "mpich-devel"),
                    PackageManager.ZYPPER, List.of("gcc-fortran", "mpich-devel"),
                    PackageManager.BREW, List.of("gcc", "mpich")));

    private Compilers() {}

    static Setting setting() {
        return Setting.list(
                JobLauncher.COMPILERS,
                "compilers that nodes get for 'launch --build': c, c++, fortran; one node of a kind is enough");
    }

    /** What was asked for. */
    static List<Requirement> wanted(Settings settings) throws SciabcException {
        List<Requirement> wanted = new ArrayList<>();
        for (String language : settings.list(JobLauncher.COMPILERS)) {
            wanted.add(new Requirement.Packages(
                    packages(language), "programs in " + title(language) + " are compiled there with MPICH"));
        }
        return List.copyOf(wanted);
    }

    private static Map<PackageManager, List<String>> packages(String language) throws SciabcException {
        Map<PackageManager, List<String>> packages = PACKAGES.get(language.toLowerCase(Locale.ROOT));
        if (packages == null) {
            throw new SciabcException(
                    "mpich." + JobLauncher.COMPILERS + " cannot be '" + Untrusted.line(language, 40) + "'",
                    "it takes c, c++ and fortran, separated by commas",
                    "for example: --set mpich." + JobLauncher.COMPILERS + "=c,fortran");
        }
        return packages;
    }

    private static String title(String language) {
        return language.substring(0, 1).toUpperCase(Locale.ROOT)
                + language.substring(1).toLowerCase(Locale.ROOT);
    }
}
