// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.sciabc.launch.MachineReport.NodeAddress;
import org.sciabc.launch.PreflightRound.Answered;
import org.sciabc.launch.PreflightRound.Question;
import org.sciabc.launch.SharedNetworks.Shared;
import org.sciabc.spi.Finding;
import org.sciabc.spi.Finding.Severity;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.Subnet;

/**
 * Chooses the network of a job: one that all machines are in and that connections really cross. The network through which
 * the nodes were reached was tried in the first round already; another one costs a second.
 */
final class NetworkChoice {
    private final List<ReadyNode> nodes;
    private final List<MachineReport> reports;
    private final MachineReport manager;
    private final LaunchRequest draft;
    private final PreflightRound round;
    private final List<InetAddress> reached;
    private final List<Finding> findings = new ArrayList<>();

    NetworkChoice(
            List<ReadyNode> nodes,
            List<MachineReport> reports,
            MachineReport manager,
            LaunchRequest draft,
            PreflightRound round) {
        this.nodes = nodes;
        this.reports = reports;
        this.manager = manager;
        this.draft = draft;
        this.round = round;
        this.reached = nodes.stream().map(ReadyNode::address).toList();
    }

    List<Finding> findings() {
        return List.copyOf(findings);
    }

    /** The network to use; empty when the launcher has to choose. */
    List<Subnet> choose(List<Subnet> asked) throws InterruptedException {
        if (SharedNetworks.areLoopback(reached)) {
            findings.addAll(firstRound().findings());
            return draft.networks();
        }
        Stream<MachineReport> others = here().isPresent() ? Stream.empty() : Stream.of(manager);
        List<List<NodeAddress>> machines = Stream.concat(reports.stream(), others)
                .map(MachineReport::addresses)
                .toList();
        boolean known = machines.stream().noneMatch(List::isEmpty);
        if (!asked.isEmpty()) {
            return known ? asked(asked, machines) : asked;
        }
        translated();
        List<Shared> shared = known ? SharedNetworks.among(machines, reached) : List.of();
        if (shared.isEmpty()) {
            return none(known);
        }
        LinkChecks first = links(shared.get(0));
        if (!first.areFine()) {
            for (Shared other : shared.subList(1, shared.size())) {
                if (links(other).areFine()) {
                    return List.of(other.network());
                }
            }
        }
        findings.addAll(first.findings());
        return List.of(shared.get(0).network());
    }

    /** Which of the nodes this machine is. Reached, and not had: each machine may have a bridge of the same address. */
    private OptionalInt here() {
        List<InetAddress> own =
                manager.addresses().stream().map(each -> each.address().base()).toList();
        return IntStream.range(0, nodes.size())
                .filter(index -> reached.get(index).isLoopbackAddress() || own.contains(reached.get(index)))
                .findFirst();
    }

    private List<Subnet> none(boolean known) {
        findings.addAll(firstRound().findings());
        if (known && draft.networks().isEmpty()) {
            findings.add(new Finding(
                    Severity.WARN,
                    "the nodes and this machine share no network",
                    List.of(),
                    "no range of addresses has one of each",
                    "the launcher chooses by itself; '--interface CIDR' names a network"));
        }
        return draft.networks();
    }

    /** What the person named is used, and said to be wrong where it is. */
    private List<Subnet> asked(List<Subnet> asked, List<List<NodeAddress>> machines) throws InterruptedException {
        for (Subnet network : asked) {
            Optional<Shared> shared = SharedNetworks.in(network, machines);
            if (shared.isPresent()) {
                findings.addAll(links(shared.get()).findings());
                return List.of(network);
            }
        }
        List<ReadyNode> outside = new ArrayList<>();
        for (int index = 0; index < nodes.size(); index++) {
            boolean inside = reports.get(index).addresses().stream()
                    .anyMatch(each -> asked.stream()
                            .anyMatch(network -> network.contains(each.address().base())));
            if (!inside) {
                outside.add(nodes.get(index));
            }
        }
        findings.add(new Finding(
                Severity.STOP,
                "not all machines are in the network " + asked.get(0),
                outside,
                outside.isEmpty() ? "two have the same address there, or this machine has none" : "no address there",
                "leave '--interface' away to have a network found that all are in"));
        return asked;
    }

    private LinkChecks links(Shared shared) throws InterruptedException {
        List<InetAddress> there = shared.addresses().subList(0, nodes.size());
        if (there.equals(reached)) {
            return firstRound();
        }
        InetAddress back = shared.addresses().get(here().orElse(nodes.size()));
        List<Question> questions = new ArrayList<>();
        for (int index = 0; index < nodes.size(); index++) {
            List<InetAddress> targets = Stream.concat(
                            PreflightProbes.partners(index, nodes.size()).stream()
                                    .map(there::get),
                            Stream.of(back))
                    .distinct()
                    .filter(new Other(there.get(index))::isNot)
                    .toList();
            questions.add(new Question(Optional.of(nodes.get(index)), List.of(PreflightProbes.linksTo(targets))));
        }
        List<Answered> answered = round.ask(questions, draft.remoteShell());
        return new LinkChecks(
                nodes,
                there,
                Set.of(back.getHostAddress()),
                answered.stream().map(each -> MachineReport.of(each, 0).links()).toList());
    }

    private record Other(InetAddress own) {
        boolean isNot(InetAddress address) {
            return !address.equals(own);
        }
    }

    private LinkChecks firstRound() {
        return new LinkChecks(
                nodes,
                reached,
                reports.stream()
                        .flatMap(report -> report.managerAddress().stream())
                        .collect(Collectors.toSet()),
                reports.stream().map(MachineReport::links).toList());
    }

    /** A launcher's processes on the nodes call this machine by an address that it knows of itself. */
    private void translated() {
        List<String> own = manager.addresses().stream()
                .map(each -> each.address().base().getHostAddress())
                .toList();
        List<ReadyNode> elsewhere = new ArrayList<>();
        for (int index = 0; index < nodes.size(); index++) {
            Optional<String> seen = reports.get(index).managerAddress();
            if (!own.isEmpty() && seen.isPresent() && !own.contains(seen.get())) {
                elsewhere.add(nodes.get(index));
            }
        }
        if (!elsewhere.isEmpty()) {
            findings.add(new Finding(
                    Severity.WARN,
                    "addresses are translated on the way",
                    elsewhere,
                    "the connection comes from "
                            + elsewhere.stream()
                                    .map(node -> reports.get(nodes.indexOf(node))
                                            .managerAddress()
                                            .orElse(""))
                                    .distinct()
                                    .collect(Collectors.joining(", "))
                            + ", which is none of this machine's addresses",
                    "a launcher's processes cannot call this machine back: launch from the nodes' own network"));
        }
    }
}
