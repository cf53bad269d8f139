// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The containers and networks of test runs that were killed before they could clean up. */
final class Leftovers {

    private static final String OWNER = "org.sciabc.itests.owner";

    private Leftovers() {}

    /** Marks what this run makes, so that a later one can tell whether this one still lives. */
    static Map<String, String> labels() {
        ProcessHandle self = ProcessHandle.current();
        return Map.of(OWNER, machine() + " " + self.pid() + " " + startOf(self));
    }

    static void remove(DockerClient engine) {
        engine.listContainersCmd().withShowAll(true).withLabelFilter(List.of(OWNER)).exec().stream()
                .filter(container -> isOrphan(container.getLabels()))
                .forEach(container -> {
                    try {
                        engine.removeContainerCmd(container.getId())
                                .withForce(true)
                                .withRemoveVolumes(true)
                                .exec();
                    } catch (NotFoundException alreadyGone) {
                        return;
                    }
                });
        engine.listNetworksCmd().withFilter("label", List.of(OWNER)).exec().stream()
                .filter(network -> isOrphan(network.getLabels()))
                .forEach(network -> {
                    try {
                        engine.removeNetworkCmd(network.getId()).exec();
                    } catch (NotFoundException alreadyGone) {
                        return;
                    }
                });
    }

    /** Only a process of this very boot and process table can be known to have ended. */
    private static boolean isOrphan(Map<String, String> labels) {
        String[] owner = labels.getOrDefault(OWNER, "").split(" ", -1);
        return owner.length == 3 && owner[0].equals(machine()) && !isAlive(Long.parseLong(owner[1]), owner[2]);
    }

    private static boolean isAlive(long pid, String start) {
        return ProcessHandle.of(pid)
                .filter(process -> startOf(process).equals(start))
                .isPresent();
    }

    private static String startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("unknown");
    }

    private static String machine() {
        try {
            String boot =
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
            return boot + "/" + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
