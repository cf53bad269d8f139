// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.mpich;

import java.util.List;
import java.util.Map;
import org.sciabc.spi.Compilers;
import org.sciabc.spi.Requirement.PackageManager;

/** What compiles programs for MPICH, its headers included. */
final class CompilerPackages {
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

    static final Compilers COMPILERS = new Compilers("mpich", "MPICH", PACKAGES);

    private CompilerPackages() {}
}
