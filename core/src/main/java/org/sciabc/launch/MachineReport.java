// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.sciabc.launch.PreflightRound.Answered;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.Subnet;
import org.sciabc.spi.Untrusted;

/**
 * What a machine's answers mean; whatever makes no sense is absent.
 *
 * @param kernel such as {@code Linux}
 * @param arch what the kernel calls the processor, such as {@code x86_64}
 * @param abi what the machine's own programs are built for, such as {@code armhf}
 * @param os such as {@code debian-12}
 * @param memoryBytes what programs can still get
 * @param cores how many there are
 * @param fullFolder where temporary files belong, if none can be written there
 * @param hasFolder whether the folder of the person exists there
 * @param managerAddress the address that our connection comes from, as the machine sees it
 * @param clockOffset how far its clock is from ours at least; zero when it may be right
 * @param files the program and its script
 * @param libraries where the program's shared libraries are, by name
 * @param addresses its addresses with their interfaces
 * @param links how connections to other addresses went
 */
record MachineReport(
        Optional<String> kernel,
        Optional<String> arch,
        Optional<String> abi,
        Optional<String> os,
        OptionalLong memoryBytes,
        OptionalInt cores,
        Optional<String> fullFolder,
        boolean hasFolder,
        Optional<String> managerAddress,
        Duration clockOffset,
        List<FileReport> files,
        Map<String, String> libraries,
        List<NodeAddress> addresses,
        Map<String, String> links) {

    private static final int BYTES_A_KIB = 1024;

    /**
     * A file as a machine sees it.
     *
     * @param path where it was found; absent where it was not
     * @param isFolder whether it is one
     * @param isExecutable whether it may be executed
     * @param head the first bytes, in hexadecimal digits
     * @param checksum of the contents; absent where it belongs to the system
     */
    record FileReport(
            Optional<String> path,
            boolean isFolder,
            boolean isExecutable,
            Optional<String> head,
            Optional<String> checksum) {
        private static final FileReport UNKNOWN =
                new FileReport(Optional.empty(), false, false, Optional.empty(), Optional.empty());

        boolean isThere() {
            return path.isPresent();
        }

        private static FileReport parse(Map<String, String> words) {
            return new FileReport(
                    Optional.ofNullable(words.get("path")).map(path -> Untrusted.line(path, 300)),
                    words.containsKey("folder"),
                    words.containsKey("executable"),
                    Optional.ofNullable(words.get("head")).filter(head -> head.matches("[0-9a-f]{1,40}")),
                    Optional.ofNullable(words.get("sum")).filter(sum -> sum.matches("[0-9a-f]{8,64}")));
        }
    }

    /**
     * An address of a machine.
     *
     * @param network the range that it is in
     * @param kind what the system says about the interface, such as {@code tun} or {@code bridge}
     */
    record NodeAddress(String interfaceName, String kind, boolean isDown, Subnet address, Subnet network) {}

    static MachineReport of(Answered answered, int files) {
        Map<String, String> answers = answered.answers();
        Map<String, String> words = words(answers.getOrDefault(PreflightProbes.MACHINE, "") + "\n"
                + answers.getOrDefault(PreflightProbes.NOW, ""));
        List<FileReport> reports = new ArrayList<>();
        for (int number = 0; number < files; number++) {
            String text = answers.get(PreflightProbes.fileProbe(number));
            reports.add(text == null ? FileReport.UNKNOWN : FileReport.parse(words(text)));
        }
        return new MachineReport(
                word(words, "kernel"),
                word(words, "arch"),
                Optional.ofNullable(words.get("shell"))
                        .filter(hex -> hex.matches("[0-9a-f]{1,80}"))
                        .flatMap(ElfHead::of)
                        .map(ElfHead::abi),
                word(words, "os"),
                number(words, "memory").stream().map(kib -> kib * BYTES_A_KIB).findFirst(),
                number(words, "cores").stream().mapToInt(cores -> (int) cores).findFirst(),
                Optional.ofNullable(words.get("full")).map(path -> Untrusted.line(path, 100)),
                words.containsKey("folder"),
                word(words, "seen"),
                offset(words.getOrDefault("clock", ""), answered),
                reports,
                libraries(answers.getOrDefault(CheckRequest.LIBRARIES, "")),
                AddressLines.parse(answers.getOrDefault(PreflightProbes.NETWORKS, "")),
                links(answers.getOrDefault(PreflightProbes.LINKS, "")));
    }

    /** Each address with how connections to it went, at a high port and at that of SSH: silent where nothing came back. */
    private static Map<String, String> links(String text) {
        Map<String, String> links = new LinkedHashMap<>();
        text.lines()
                .map(line -> line.split(" ", 2))
                .filter(words -> words.length == 2)
                .forEach(words -> links.merge(words[0], words[1], (before, more) -> before + " " + more));
        links.replaceAll((address, said) -> {
            if (said.contains("high-open")) {
                return LinkChecks.OPEN;
            }
            return said.contains("ssh-open") ? LinkChecks.FILTERED : "closed";
        });
        return links;
    }

    /** The first word of each line, and the rest of it. */
    private static Map<String, String> words(String text) {
        Map<String, String> words = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            int space = line.indexOf(' ');
            words.putIfAbsent(
                    space < 0 ? line : line.substring(0, space),
                    space < 0 ? "" : line.substring(space + 1).strip());
        });
        return words;
    }

    private static Optional<String> word(Map<String, String> words, String key) {
        return Optional.ofNullable(words.get(key)).flatMap(Untrusted::word);
    }

    private static OptionalLong number(Map<String, String> words, String key) {
        String text = words.getOrDefault(key, "");
        return text.matches("\\d{1,15}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /** The clock was read between question and answer: only what lies outside of that is certainly wrong. */
    private static Duration offset(String seconds, Answered answered) {
        if (!seconds.matches("\\d{1,11}(\\.\\d{1,9})?")) {
            return Duration.ZERO;
        }
        try {
            int dot = seconds.indexOf('.');
            long whole = Long.parseLong(dot < 0 ? seconds : seconds.substring(0, dot));
            Instant there = Instant.ofEpochSecond(whole);
            if (there.isAfter(answered.end())) {
                return Duration.between(answered.end(), there);
            }
            // Without a fraction, or with one: the second has begun, and may be nearly over.
            Instant latest = there.plusSeconds(1);
            return latest.isBefore(answered.begin()) ? Duration.between(answered.begin(), latest) : Duration.ZERO;
        } catch (DateTimeException | ArithmeticException nonsense) {
            return Duration.ZERO;
        }
    }

    private static Map<String, String> libraries(String text) {
        Map<String, String> libraries = new HashMap<>();
        text.lines().forEach(line -> {
            String[] parts = line.strip().split(" => ", 2);
            if (parts.length == 2) {
                libraries.putIfAbsent(
                        Untrusted.line(parts[0], 100),
                        Untrusted.line(parts[1].replaceFirst(" \\(0x[0-9a-f]+\\)$", ""), 200));
            }
        });
        return Map.copyOf(libraries);
    }
}
