// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.sciabc.spi.Durations;
import org.sciabc.spi.Finding;
import org.sciabc.spi.Finding.Severity;
import org.sciabc.spi.ReadyNode;

/** What is wrong with the machines themselves: memory, disk, clock, cores, folder. Pure. */
final class MachineChecks {
    private static final long LEAST_BYTES = 32L << 20;
    private static final Duration MOST_OFFSET = Duration.ofSeconds(2);

    private final List<ReadyNode> nodes;
    private final List<MachineReport> reports;

    MachineChecks(List<ReadyNode> nodes, List<MachineReport> reports) {
        this.nodes = nodes;
        this.reports = reports;
    }

    List<Finding> findings(boolean oversubscribed) {
        List<Finding> findings = new ArrayList<>();
        memory().ifPresent(findings::add);
        disk().ifPresent(findings::add);
        clock().ifPresent(findings::add);
        folder().ifPresent(findings::add);
        if (!oversubscribed) {
            cores().ifPresent(findings::add);
        }
        return findings;
    }

    private Optional<Finding> memory() {
        List<Integer> scarce = where(index -> reports.get(index).memoryBytes().isPresent()
                && reports.get(index).memoryBytes().getAsLong()
                        < LEAST_BYTES * nodes.get(index).slots());
        return finding(
                scarce,
                "little memory is free",
                each(
                        scarce,
                        index -> (reports.get(index).memoryBytes().getAsLong() >> 20) + " MiB for "
                                + nodes.get(index).slots() + " processes"),
                "end what else runs there, or use fewer processes");
    }

    private Optional<Finding> disk() {
        List<Integer> full = where(index -> reports.get(index).fullFolder().isPresent());
        return finding(
                full,
                "no temporary file can be written",
                each(full, index -> "in " + reports.get(index).fullFolder().orElse("")),
                "make room there, or make it writable: 'df -h' says what is full");
    }

    private Optional<Finding> clock() {
        List<Integer> wrong =
                where(index -> reports.get(index).clockOffset().abs().compareTo(MOST_OFFSET) > 0);
        return finding(
                wrong,
                "the clock is wrong",
                each(wrong, index -> {
                    Duration offset = reports.get(index).clockOffset();
                    return Durations.format(Duration.ofSeconds(offset.abs().toSeconds()))
                            + (offset.isNegative() ? " behind" : " ahead of") + " this machine";
                }),
                "sudo timedatectl set-ntp true");
    }

    /** Where it is nowhere, processes begin in the home folders everywhere, which is as good. */
    private Optional<Finding> folder() {
        List<Integer> missing = where(index -> !reports.get(index).hasFolder());
        return missing.size() == nodes.size()
                ? Optional.empty()
                : finding(
                        missing,
                        "the folder that you are in is missing",
                        "processes begin in the home folder there, and in this folder elsewhere",
                        "make the folder there, or launch from one that is on all nodes");
    }

    private Optional<Finding> cores() {
        List<Integer> crowded = where(index -> reports.get(index).cores().isPresent()
                && reports.get(index).cores().getAsInt() < nodes.get(index).slots());
        return finding(
                crowded,
                "there are more slots than cores",
                each(
                        crowded,
                        index -> nodes.get(index).slots() + " slots on "
                                + reports.get(index).cores().getAsInt() + " cores"),
                "the processes share the cores, and wait for each other; without '--slots' there is one for each core");
    }

    private List<Integer> where(java.util.function.IntPredicate wanted) {
        return IntStream.range(0, nodes.size()).filter(wanted).boxed().toList();
    }

    /** Equal texts once. */
    private static String each(List<Integer> indexes, java.util.function.Function<Integer, String> text) {
        return indexes.stream().map(text).distinct().limit(4).collect(Collectors.joining(", "));
    }

    private Optional<Finding> finding(List<Integer> indexes, String what, String evidence, String hint) {
        return indexes.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding(
                        Severity.WARN, what, indexes.stream().map(nodes::get).toList(), evidence, hint));
    }
}
