// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.ReadyNode;

/**
 * Nodes sorted by what the processes of one job must have in common: the launcher's build, what programs are built for, the
 * operating system. Pure.
 *
 * @param groups the one that can run most first; one where all fit together
 */
record NodeGroups(List<Group> groups) {
    NodeGroups {
        groups = List.copyOf(groups);
    }

    /**
     * Nodes that fit together.
     *
     * @param indexes where they stand in the list of all nodes
     * @param launchable whether this machine has the same build, and can start a job there
     */
    record Group(
            String build,
            String arch,
            String system,
            List<Integer> indexes,
            List<ReadyNode> nodes,
            boolean launchable) {
        int slots() {
            return nodes.stream().mapToInt(ReadyNode::slots).sum();
        }

        /** Such as {@code node[1-3]: Open MPI 4.1.4, x86_64, debian-12; up to 12 processes}. */
        String text() {
            NodeSet names =
                    NodeSet.of(nodes.stream().map(node -> node.node().name()).toList());
            String kind = java.util.stream.Stream.of(build, arch, system)
                    .filter(part -> !part.isEmpty())
                    .collect(Collectors.joining(", "));
            return names + ": " + kind + "; "
                    + (launchable
                            ? "up to " + slots() + (slots() == 1 ? " process" : " processes")
                            : "not from this machine, whose build is another");
        }
    }

    /** What must be equal; what is unknown is empty text, and fits everything. */
    private record Kind(String build, String arch, String kernel) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Kind that
                    && build.equals(that.build)
                    && arch.equals(that.arch)
                    && kernel.equals(that.kernel);
        }

        @Override
        public int hashCode() {
            return Objects.hash(build, arch, kernel);
        }

        boolean fits(Kind other) {
            return fits(build, other.build) && fits(arch, other.arch) && fits(kernel, other.kernel);
        }

        Kind and(Kind other) {
            return new Kind(or(build, other.build), or(arch, other.arch), or(kernel, other.kernel));
        }

        private static boolean fits(String one, String two) {
            return one.isEmpty() || two.isEmpty() || one.equals(two);
        }

        private static String or(String one, String two) {
            return one.isEmpty() ? two : one;
        }
    }

    /**
     * Groups of these nodes.
     *
     * @param builds what the launcher calls each node's build
     * @param managerBuild the same of this machine; empty text when it is not known
     */
    static NodeGroups of(List<ReadyNode> nodes, List<MachineReport> reports, List<String> builds, String managerBuild) {
        Map<Kind, List<Integer>> members = new LinkedHashMap<>();
        IntStream.range(0, nodes.size()).forEach(index -> {
            MachineReport report = reports.get(index);
            Kind kind = new Kind(
                    builds.get(index),
                    report.abi().or(report::arch).orElse(""),
                    report.kernel().orElse(""));
            Optional<Kind> present =
                    members.keySet().stream().filter(kind::fits).findFirst();
            List<Integer> joined = present.map(members::remove).orElseGet(ArrayList::new);
            joined.add(index);
            members.put(present.map(kind::and).orElse(kind), joined);
        });
        List<Group> groups = new ArrayList<>();
        members.forEach((kind, indexes) -> groups.add(new Group(
                kind.build(),
                kind.arch(),
                indexes.stream()
                        .flatMap(index -> reports
                                .get(index)
                                .os()
                                .or(() -> reports.get(index).kernel())
                                .stream())
                        .distinct()
                        .sorted()
                        .limit(3)
                        .collect(Collectors.joining(" and ")),
                List.copyOf(indexes),
                indexes.stream().map(nodes::get).toList(),
                Kind.fits(kind.build(), managerBuild))));
        groups.sort((one, two) -> one.launchable() == two.launchable()
                ? Integer.compare(two.slots(), one.slots())
                : Boolean.compare(two.launchable(), one.launchable()));
        return new NodeGroups(groups);
    }

    boolean allFit() {
        return groups.size() <= 1;
    }

    /** How many groups there are, and why they cannot be one. */
    String evidence() {
        List<String> archs = groups.stream()
                .map(Group::arch)
                .filter(arch -> !arch.isEmpty())
                .distinct()
                .toList();
        return "there are " + groups.size() + " groups that cannot run one job"
                + (archs.size() > 1
                        ? ": " + String.join(" and ", archs)
                                + " programs do not understand each other's data, however they are compiled"
                        : "");
    }
}
