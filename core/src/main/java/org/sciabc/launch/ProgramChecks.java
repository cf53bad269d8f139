// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.sciabc.launch.MachineReport.FileReport;
import org.sciabc.spi.Finding;
import org.sciabc.spi.Finding.Severity;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.Untrusted;

/** Whether one file of a job, its program or an interpreter's script, can be used on every node. Pure. */
final class ProgramChecks {
    private static final String ELF = "7f454c46";
    private static final String SCRIPT = "2321";

    private final String file;
    private final int number;
    private final List<ReadyNode> nodes;
    private final List<MachineReport> reports;
    private final FileReport manager;
    private final List<Finding> findings = new ArrayList<>();

    ProgramChecks(String file, int number, List<ReadyNode> nodes, List<MachineReport> reports, MachineReport manager) {
        this.file = file;
        this.number = number;
        this.nodes = nodes;
        this.reports = reports;
        this.manager = manager.files().get(number);
    }

    /** Where a file stands on a node, compared with the one of the same name on this machine. */
    List<Preflight.Place> places() {
        return reports.stream().map(report -> place(report.files().get(number))).toList();
    }

    private Preflight.Place place(FileReport there) {
        if (!there.isThere()) {
            return Preflight.Place.ABSENT;
        }
        if (there.checksum().isEmpty() || manager.checksum().isEmpty()) {
            return Preflight.Place.UNCOMPARED;
        }
        return there.checksum().equals(manager.checksum()) ? Preflight.Place.SAME : Preflight.Place.DIFFERENT;
    }

    /** That it is missing where it is. */
    List<Finding> presence() {
        List<ReadyNode> missing = where(report -> !report.isThere());
        if (missing.isEmpty()) {
            return List.of();
        }
        boolean nowhere = missing.size() == nodes.size();
        String name = "'" + shown() + "'";
        if (nowhere && !manager.isThere()) {
            return List.of(new Finding(
                    Severity.STOP,
                    "there is no program " + name,
                    List.of(),
                    "it is neither on the nodes nor on this machine",
                    file.contains("/")
                            ? "a program is named by its path, such as ./pi or /home/pi/pi"
                            : "a program that is not on the PATH is named by its path, such as ./" + shown()));
        }
        String evidence = nowhere
                ? "it is on this machine only"
                : "it is on " + names(where(FileReport::isThere)) + (manager.isThere() ? " and on this machine" : "");
        return List.of(new Finding(Severity.STOP, name + " is missing", missing, evidence, hintForMissing(missing)));
    }

    private String hintForMissing(List<ReadyNode> missing) {
        return file.contains("/")
                ? "'sciabc copy' brings a file to the same place on nodes"
                : "'sciabc exec " + names(missing) + " -- COMMAND' can install it";
    }

    /** What keeps it from running where it is. */
    List<Finding> fitness(boolean isProgram) {
        stop(FileReport::isFolder, "is a folder", "", "name the program in it");
        if (isProgram) {
            stop(
                    there -> there.isThere() && !there.isFolder() && !there.isExecutable(),
                    "is not executable",
                    "its mode says so",
                    "chmod +x " + shown());
            architecture();
            libraries();
        }
        return List.copyOf(findings);
    }

    private void stop(Predicate<FileReport> wrong, String what, String evidence, String hint) {
        List<ReadyNode> affected = where(wrong);
        if (!affected.isEmpty()) {
            findings.add(new Finding(Severity.STOP, "'" + shown() + "' " + what, affected, evidence, hint));
        }
    }

    private void architecture() {
        Map<String, List<ReadyNode>> wrong = new LinkedHashMap<>();
        for (int index = 0; index < nodes.size(); index++) {
            FileReport there = reports.get(index).files().get(number);
            ReadyNode node = nodes.get(index);
            Optional<String> built = there.head().flatMap(ElfHead::of).map(ElfHead::machine);
            if (built.isPresent()) {
                unsuitable(built.get(), reports.get(index))
                        .ifPresent(why -> wrong.computeIfAbsent(
                                        "it is built for " + built.get() + ", and " + why, unseen -> new ArrayList<>())
                                .add(node));
            }
            boolean isLinux =
                    reports.get(index).kernel().filter("Linux"::equals).isPresent();
            if (isLinux
                    && there.isExecutable()
                    && there.head().filter(head -> !isRunnable(head)).isPresent()) {
                wrong.computeIfAbsent(
                                "it is neither a binary for Linux nor a script that begins with #!",
                                unseen -> new ArrayList<>())
                        .add(nodes.get(index));
            }
        }
        wrong.forEach((evidence, affected) -> findings.add(new Finding(
                Severity.STOP,
                "'" + shown() + "' cannot run",
                affected,
                evidence,
                "compile it on a machine of that kind")));
    }

    /** A 64-bit kernel would run a 64-bit program, but a 32-bit system has no libraries for it. */
    private static Optional<String> unsuitable(String built, MachineReport report) {
        return report.arch()
                .filter(arch -> !ElfHead.runsOn(built, arch))
                .map(arch -> "the machine is " + arch)
                .or(() -> report.abi()
                        .filter(abi -> !ElfHead.runsOn(built, abi))
                        .map(abi -> "the machine's system is for " + abi));
    }

    private static boolean isRunnable(String head) {
        return head.startsWith(ELF) || head.startsWith(SCRIPT);
    }

    private void libraries() {
        Map<String, List<ReadyNode>> lacking = new LinkedHashMap<>();
        for (int index = 0; index < nodes.size(); index++) {
            TreeSet<String> missing = reports.get(index).libraries().entrySet().stream()
                    .filter(each -> each.getValue().equals("not found"))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toCollection(TreeSet::new));
            if (!missing.isEmpty()) {
                lacking.computeIfAbsent(String.join(", ", missing), unseen -> new ArrayList<>())
                        .add(nodes.get(index));
            }
        }
        lacking.forEach((missing, affected) -> findings.add(new Finding(
                Severity.STOP,
                "'" + shown() + "' lacks shared libraries",
                affected,
                missing + " not found",
                "install the packages that have them; 'apt-file search NAME' tells which")));
    }

    /** That nodes, or this machine, have different files of this name. */
    List<Finding> contents() {
        Map<String, List<ReadyNode>> same = new LinkedHashMap<>();
        for (int index = 0; index < nodes.size(); index++) {
            ReadyNode node = nodes.get(index);
            reports.get(index)
                    .files()
                    .get(number)
                    .checksum()
                    .ifPresent(sum -> same.computeIfAbsent(sum, unseen -> new ArrayList<>())
                            .add(node));
        }
        if (same.size() > 1) {
            String evidence = same.entrySet().stream()
                    .map(each -> names(each.getValue()) + " " + each.getKey().substring(0, 8)
                            + (manager.checksum().filter(each.getKey()::equals).isPresent() ? " (as here)" : ""))
                    .collect(Collectors.joining(", "));
            return List.of(new Finding(
                    Severity.STOP,
                    "'" + shown() + "' has different contents",
                    same.values().stream().flatMap(List::stream).toList(),
                    "checksums " + evidence,
                    "'sciabc copy' brings one file to all nodes"));
        }
        if (same.size() == 1
                && manager.checksum().filter(own -> !same.containsKey(own)).isPresent()) {
            return List.of(new Finding(
                    Severity.WARN,
                    "'" + shown() + "' is another one than here",
                    same.values().iterator().next(),
                    "the nodes run theirs",
                    "'sciabc copy' brings yours to the nodes"));
        }
        return List.of();
    }

    private List<ReadyNode> where(Predicate<FileReport> wanted) {
        List<ReadyNode> found = new ArrayList<>();
        for (int index = 0; index < nodes.size(); index++) {
            if (wanted.test(reports.get(index).files().get(number))) {
                found.add(nodes.get(index));
            }
        }
        return found;
    }

    private String shown() {
        return Untrusted.line(file, 80);
    }

    private static String names(List<ReadyNode> nodes) {
        return NodeSet.of(nodes.stream().map(node -> node.node().name()).toList())
                .toString();
    }
}
