// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Everything that is on the disk of a machine: for each path its kind, mode, owner, and the checksum of its content or where
 * it leads to; then each unit with whether it is enabled, and each service with whether it runs. What lies on other file
 * systems (/run, /tmp, /proc) goes with the next boot.
 */
record FileSystem(Map<String, String> entries) {

    /** What two machines never have in common, or what changes on one that is left alone, and why. */
    private static final Map<String, String> LEFT_OUT = Map.of(
            "/var/log/*", "logs",
            "/var/cache/*", "caches",
            "/var/tmp/systemd-private-*", "random for each boot",
            "/etc/hostname", "the machine's name, from the container engine",
            "/etc/hosts", "its address, from the container engine",
            "/etc/machine-id", "random for each machine",
            "/etc/ssh/ssh_host_*_key*", "random for each machine",
            "/.dockerenv", "the container engine's");

    /** What is there before and after, and tells of the last change whatever it was. */
    private static final Map<String, String> WITH_ANY_CONTENT = Map.of(
            "/etc/*-", "what useradd(8) and groupadd(8) keep of the accounts as they were before the last change",
            "/var/lib/dpkg/*-old", "what dpkg keeps of its lists as they were before the last change");

    private static final String SCRIPT = """
            find / -xdev \\( %1$s \\) -prune -o ! -type f -printf '%%p\\t%%y %%m %%U:%%G %%l\\n'
            find / -xdev \\( %1$s \\) -prune -o -type f -printf '%%p\\t%%y %%m %%U:%%G\\n'
            find / -xdev \\( %1$s -o %2$s \\) -prune -o -type f -exec cksum {} + | sed -E 's/^(\\S+ \\S+) (.*)/\\2\\t\\1/'
            systemctl list-unit-files --no-legend --no-pager | awk '{ print $1 "\\tunit " $2 }'
            systemctl list-units --no-legend --no-pager --plain --state active --type service,socket |
                awk '!/^(user@|user-runtime-dir@|ssh@)/ { print $1 "\\tactive " }'
            """.formatted(patterns(LEFT_OUT), patterns(WITH_ANY_CONTENT));

    static FileSystem of(Machine machine) {
        Map<String, String> entries = new TreeMap<>();
        machine.run(Command.script(SCRIPT).within(Duration.ofMinutes(3)))
                .succeeded()
                .stdout()
                .lines()
                .map(line -> line.split("\t", 2))
                .forEach(part -> entries.merge(part[0], part[1], (one, other) -> one + " " + other));
        return new FileSystem(entries);
    }

    /** Of all of them at once. */
    static Map<String, FileSystem> ofEach(Collection<? extends Machine> machines) {
        return machines.parallelStream().collect(Collectors.toMap(Machine::name, FileSystem::of));
    }

    private static String patterns(Map<String, String> reasons) {
        return reasons.keySet().stream()
                .sorted()
                .map(pattern -> "-path '" + pattern + "'")
                .collect(Collectors.joining(" -o "));
    }

    /** One line for each path that is not the same on both. */
    List<String> differencesTo(FileSystem other) {
        Set<String> paths = new TreeSet<>(entries.keySet());
        paths.addAll(other.entries.keySet());
        List<String> differences = new ArrayList<>();
        for (String path : paths) {
            String here = entries.getOrDefault(path, "absent");
            String there = other.entries.getOrDefault(path, "absent");
            if (!here.equals(there)) {
                differences.add(path + ": " + here + ", and not " + there);
            }
        }
        return differences;
    }
}
