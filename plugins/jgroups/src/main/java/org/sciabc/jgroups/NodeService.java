// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sciabc.spi.Durations;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.Requirement.PackageManager;
import org.sciabc.spi.Secret;

/** What makes a node a member of the group at every start: Java, sciabc itself, a unit of systemd, and the secret. */
final class NodeService {
    static final String NAME = "sciabc-jgroups";
    static final String DISTRIBUTION = "/usr/local/lib/sciabc";
    private static final String RUN = "/run/" + NAME;

    private static final Map<PackageManager, List<String>> JAVA = Map.of(
            PackageManager.APT, List.of("default-jre-headless"),
            PackageManager.DNF, List.of("java-latest-openjdk-headless"),
            PackageManager.ZYPPER, List.of("java-21-openjdk-headless"),
            PackageManager.PACMAN, List.of("jre-openjdk-headless"),
            PackageManager.APK, List.of("openjdk21-jre-headless"));

    private NodeService() {}

    static List<Requirement> requirements(String cluster, JgroupsSettings settings) {
        List<Requirement> requirements = new ArrayList<>();
        requirements.add(new Requirement.Packages(JAVA, "the node is a member of the group with a program in Java"));
        requirements.add(new Requirement.HostDistribution(DISTRIBUTION, "it is the program that joins the group"));
        settings.secret()
                .ifPresent(secret -> requirements.add(new Requirement.SecretFile(
                        secretFile(cluster),
                        Secret.of(new String(secret.characters()) + "\n"),
                        0600,
                        "it opens the group")));
        requirements.add(new Requirement.FileContent(
                "/etc/systemd/system/" + NAME + ".service",
                unit(cluster, settings),
                0644,
                "the node joins the group at every start"));
        requirements.add(new Requirement.Service(NAME, "the node is found as a member of the group"));
        return List.copyOf(requirements);
    }

    private static String secretFile(String cluster) {
        return "/etc/sciabc/" + cluster + ".secret";
    }

    /** What it keeps goes with it: nothing is left in the account's home folder. */
    private static String unit(String cluster, JgroupsSettings settings) {
        Optional<String> secret = settings.secret().map(present -> secretFile(cluster));
        List<String> words = new ArrayList<>(List.of(
                DISTRIBUTION + "/bin/sciabc",
                "announce",
                "--cluster=" + cluster,
                "--discovery=jgroups",
                "--user=@sciabc.user@",
                "--ssh-port=@sciabc.port@",
                "--set=jgroups.port=" + settings.port(),
                "--set=jgroups.silence=" + Durations.format(settings.silence())));
        secret.ifPresent(file -> words.add("--set=jgroups.secret-file=" + file));
        return """
                # Written by sciabc; 'sciabc restore' removes it. This is node @sciabc.id@.

                [Unit]
                Description=Member of the sciabc cluster '%s'
                Wants=network-online.target
                After=network-online.target

                [Service]
                User=@sciabc.user@
                RuntimeDirectory=%s
                RuntimeDirectoryMode=0700
                Environment=SCIABC_HOME=%s
                Environment=XDG_CACHE_HOME=none
                ExecStart=%s
                Restart=on-failure
                RestartSec=5

                [Install]
                WantedBy=multi-user.target
                """.formatted(cluster, NAME, RUN, String.join(" ", words));
    }
}
