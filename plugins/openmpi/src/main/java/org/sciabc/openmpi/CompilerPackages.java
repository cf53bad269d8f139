// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.util.List;
import java.util.Map;
import org.sciabc.spi.Compilers;
import org.sciabc.spi.Requirement.PackageManager;

/** What compiles programs for Open MPI, its headers included. */
final class CompilerPackages {
    private static final Map<String, Map<PackageManager, List<String>>> PACKAGES = Map.of(
            "c",
            Map.of(
                    PackageManager.APT, List.of("gcc", "libc6-dev", "libopenmpi-dev"),
                    PackageManager.DNF, List.of("gcc", "openmpi-devel"),
                    PackageManager.ZYPPER, List.of("gcc", "glibc-devel", "openmpi4-devel"),
                    PackageManager.PACMAN, List.of("gcc", "openmpi"),
                    PackageManager.APK, List.of("gcc", "musl-dev", "openmpi-dev"),
                    // The C compiler is Apple's.
                    PackageManager.BREW, List.of("open-mpi")),
            "c++",
            Map.of(
                    PackageManager.APT, List.of("g++", "libopenmpi-dev"),
                    PackageManager.DNF, List.of("gcc-c++", "openmpi-devel"),
                    PackageManager.ZYPPER, List.of("gcc-c++", "openmpi4-devel"),
                    PackageManager.PACMAN, List.of("gcc", "openmpi"),
                    PackageManager.APK, List.of("g++", "openmpi-dev"),
                    PackageManager.BREW, List.of("open-mpi")),
            "fortran",
            Map.of(
                    PackageManager.APT, List.of("gfortran", "libc6-dev", "libopenmpi-dev"),
                    PackageManager.DNF, List.of("gcc-gfortran", "openmpi-devel"),
                    PackageManager.ZYPPER, List.of("gcc-fortran", "openmpi4-devel"),
                    PackageManager.PACMAN, List.of("gcc-fortran", "openmpi"),
                    PackageManager.APK, List.of("gfortran", "musl-dev", "openmpi-dev"),
                    PackageManager.BREW, List.of("gcc", "open-mpi")));

    static final Compilers COMPILERS = new Compilers("openmpi", "Open MPI", PACKAGES);

    private CompilerPackages() {}
}
