// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.provision.Staging.Machine;
import org.sciabc.spi.Compilers;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeSet;

/**
 * Where a source is compiled for all nodes of one kind.
 *
 * @param builder one of these nodes; absent where it is this machine
 * @param compiler the compiler's path there
 * @param title what kind of machine that is
 * @param nodes those that run the program
 */
record BuildSite(Optional<Node> builder, String compiler, String title, List<Node> nodes) {
    BuildSite {
        nodes = List.copyOf(nodes);
    }

    /**
     * One for each kind of node. This machine comes first where it is of that kind: it is often the fastest, and nothing has
     * to be brought there. Otherwise it is the first node that can. Pure.
     *
     * @param here this machine
     * @throws CliFailure when nobody of some kind can, with what would help
     */
    static List<BuildSite> choose(JobBuild build, Map<Node, Machine> machines, Machine here, JobLauncher launcher)
            throws CliFailure {
        Map<String, List<Node>> kinds = machines.keySet().stream()
                .collect(Collectors.groupingBy(
                        node -> machine(node, machines).kind(), LinkedHashMap::new, Collectors.toList()));
        List<BuildSite> sites = new ArrayList<>();
        List<List<Node>> unable = new ArrayList<>();
        kinds.forEach((kind, nodes) -> {
            Optional<BuildSite> site = here.kind().equals(kind)
                    ? here.compiler().map(compiler -> new BuildSite(Optional.empty(), compiler, here.title(), nodes))
                    : Optional.empty();
            site.or(() -> amongThem(nodes, machines)).ifPresentOrElse(sites::add, () -> unable.add(nodes));
        });
        if (!unable.isEmpty()) {
            throw refused(build, unable, machines, here, launcher);
        }
        return List.copyOf(sites);
    }

    private static Optional<BuildSite> amongThem(List<Node> nodes, Map<Node, Machine> machines) {
        return nodes.stream()
                .filter(node -> machine(node, machines).compiler().isPresent())
                .findFirst()
                .map(node -> new BuildSite(
                        Optional.of(node),
                        machine(node, machines).compiler().orElseThrow(),
                        machine(node, machines).title(),
                        nodes));
    }

    private static CliFailure refused(
            JobBuild build, List<List<Node>> unable, Map<Node, Machine> machines, Machine here, JobLauncher launcher) {
        JobBuild.Language language = build.language();
        boolean isHereLikeThem = unable.stream()
                .anyMatch(nodes -> machine(nodes.get(0), machines).kind().equals(here.kind()));
        List<Node> enough = unable.stream().map(nodes -> nodes.get(0)).toList();
        String why = "no MPI compiler for " + language.title() + " works there, "
                + (isHereLikeThem
                        ? "nor on this machine"
                        : "and this machine is of another kind: " + here.title() + ", not "
                                + machine(enough.get(0), machines).title());
        return new CliFailure(
                ExitCode.PARTLY,
                "cannot compile " + build.source() + " for "
                        + names(unable.stream().flatMap(List::stream).toList()),
                why,
                hint(language, enough, launcher));
    }

    private static String hint(JobBuild.Language language, List<Node> enough, JobLauncher launcher) {
        boolean canBeHad =
                launcher.settings().stream().anyMatch(each -> each.key().equals(Compilers.KEY));
        if (!canBeHad) {
            return "install mpi" + language.compiler() + " with its compiler on " + names(enough);
        }
        // Open MPI is what commands use that name no launcher.
        String named = launcher.id().equals("openmpi") ? "" : " --launcher " + launcher.id();
        return "'sciabc provision " + names(enough) + named + " --set " + launcher.id() + "." + Compilers.KEY + "="
                + language.setting() + "' installs one; of equal machines, one needs it";
    }

    private static String names(List<Node> nodes) {
        return NodeSet.of(nodes.stream().map(Node::name).toList()).toString();
    }

    private static Machine machine(Node node, Map<Node, Machine> machines) {
        return java.util.Objects.requireNonNull(machines.get(node));
    }
}
