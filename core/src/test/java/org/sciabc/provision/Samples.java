// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.List;
import java.util.Map;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.Requirement.PackageManager;

/** Requirements as the shipped plugins have them. */
final class Samples {
    static final Requirement.Packages MPI = new Requirement.Packages(
            Map.of(
                    PackageManager.APT, List.of("openmpi-bin", "python3-mpi4py"),
                    PackageManager.DNF, List.of("openmpi"),
                    PackageManager.ZYPPER, List.of("openmpi4"),
                    PackageManager.PACMAN, List.of("openmpi"),
                    PackageManager.APK, List.of("openmpi"),
                    PackageManager.BREW, List.of("open-mpi")),
            "mpirun starts the job's processes with it");

    static final Requirement.Packages AVAHI =
            new Requirement.Packages(Map.of(PackageManager.APT, List.of("avahi-daemon")), "it announces the node");

    static final Requirement.FileContent SERVICE_FILE = new Requirement.FileContent(
            "/etc/avahi/services/sciabc.service",
            "<txt-record>id=@sciabc.id@</txt-record>\n",
            0644,
            "the node is found by it");

    static final Requirement.Service SERVICE = new Requirement.Service("avahi-daemon", "it announces the node");

    static final Requirement.AuthorizedKey KEY = new Requirement.AuthorizedKey(
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1c3kgYmVlcyBidXp6IGJ5IHRoZSBicm9vayBzaWRl sciabc-lab",
            "jobs are started with it");

    private Samples() {}
}
