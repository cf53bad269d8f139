// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.Requirement.PackageManager;
import org.sciabc.spi.RequirementsRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Secret;

/**
 * What lets nodes reach each other: a key pair that all of them have and that is good from their addresses alone, the keys of
 * all of them, and a configuration for ssh, as {@code ssh -F ~/.ssh/sciabc-CLUSTER.config NODE}.
 */
final class MutualAccess {
    private static final String WHY = "nodes reach each other with it";
    private static final Map<PackageManager, List<String>> CLIENT = Map.of(
            PackageManager.APT, List.of("openssh-client"),
            PackageManager.DNF, List.of("openssh-clients"),
            PackageManager.ZYPPER, List.of("openssh-clients"),
            PackageManager.PACMAN, List.of("openssh"),
            PackageManager.APK, List.of("openssh-client"));

    private final RequirementsRequest request;
    private final Surroundings surroundings;
    private final String file;

    MutualAccess(RequirementsRequest request, Surroundings surroundings) {
        this.request = request;
        this.surroundings = surroundings;
        this.file = "~/.ssh/sciabc-" + request.cluster();
    }

    List<Requirement> requirements() throws SciabcException, InterruptedException {
        String line = ClusterKey.mutualPublicLine(request.stateFolder(), request.cluster(), surroundings.random());
        String privateKey = AtomicFile.at(ClusterKey.mutualFileIn(request.stateFolder()))
                .read()
                .orElseThrow(() -> new SciabcException("cannot read the key that nodes share", "it is gone again", ""));
        return List.of(
                new Requirement.Packages(CLIENT, WHY),
                new Requirement.AuthorizedKey(
                        "from=\"" + addresses() + "\" " + line, "nodes, and nobody else, reach each other with it"),
                new Requirement.Directory("~/.ssh", 0700, WHY),
                new Requirement.SecretFile(file, Secret.of(privateKey), 0600, WHY),
                new Requirement.FileContent(file + ".known_hosts", knownHosts(), 0644, WHY),
                new Requirement.FileContent(file + ".config", config(), 0644, WHY));
    }

    /** All that a node may come from; an address of one link alone says nothing elsewhere. */
    private String addresses() throws SciabcException {
        String addresses = request.nodes().stream()
                .flatMap(ready -> Stream.concat(Stream.of(ready.address()), ready.node().addresses().stream()))
                .filter(address -> !isOfOneInterface(address))
                .map(InetAddress::getHostAddress)
                .distinct()
                .sorted()
                .collect(Collectors.joining(","));
        if (addresses.isEmpty()) {
            throw new SciabcException(
                    "cannot make a key that is good from the nodes alone",
                    "all of their addresses are IPv6 ones of a single link",
                    "give them IPv4 addresses, or go without '--mutual'");
        }
        return addresses;
    }

    /** Those of IPv4 in 169.254/16 are what nodes have behind a switch alone, and mean the same on each of them. */
    private static boolean isOfOneInterface(InetAddress address) {
        return address instanceof Inet6Address && address.isLinkLocalAddress();
    }

    private String knownHosts() throws SciabcException {
        KnownHosts known = new KnownHosts(request.stateFolder(), surroundings.userFolder());
        StringBuilder text = new StringBuilder();
        for (ReadyNode ready : request.nodes()) {
            for (HostKey key : known.keysOf(ready.node(), endpoint(ready))) {
                text.append(new KnownHostsLine(List.of(ready.node().name()), key))
                        .append('\n');
            }
        }
        return text.toString();
    }

    private String config() {
        List<String> lines = new ArrayList<>();
        for (ReadyNode ready : request.nodes()) {
            String address = ready.address().getHostAddress();
            lines.add("Host " + ready.node().name() + " " + address);
            lines.add("  HostName " + address.replace("%", "%%"));
            lines.add("  Port " + ready.node().port());
            lines.add("  User " + ready.user());
            lines.add("  HostKeyAlias " + ready.node().name());
        }
        lines.add("Host *");
        lines.add("  IdentityFile " + file);
        lines.add("  IdentitiesOnly yes");
        lines.add("  UserKnownHostsFile " + file + ".known_hosts");
        lines.add("  GlobalKnownHostsFile /dev/null");
        lines.add("  StrictHostKeyChecking yes");
        lines.add("  CheckHostIP no");
        lines.add("  BatchMode yes");
        return String.join("\n", lines) + "\n";
    }

    private static Endpoint endpoint(ReadyNode ready) {
        return new Endpoint(ready.address(), ready.node().port());
    }
}
