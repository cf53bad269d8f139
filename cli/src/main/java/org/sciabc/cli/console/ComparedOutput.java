// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import org.sciabc.cli.console.GatheredOutput.Group;
import org.sciabc.spi.NodeSet;

/** What the output of some nodes has that the output of most does not. */
public final class ComparedOutput {
    private static final int CONTEXT = 3;

    private ComparedOutput() {}

    /** Prints, for each group of nodes but the largest, a unified diff from that one. */
    public static void print(GatheredOutput gathered, PrintStream target) {
        List<Group> groups = gathered.groups();
        if (groups.size() < 2) {
            return;
        }
        Group most = groups.stream()
                .max(Comparator.comparingInt(group -> size(group.nodes())))
                .orElseThrow();
        groups.stream().filter(group -> !group.equals(most)).forEach(group -> print(most, group, target));
    }

    private static void print(Group most, Group other, PrintStream target) {
        List<String> before = lines(most);
        List<String> after = lines(other);
        UnifiedDiffUtils.generateUnifiedDiff(
                        named(most.nodes()), named(other.nodes()), before, DiffUtils.diff(before, after), CONTEXT)
                .forEach(target::println);
    }

    private static List<String> lines(Group group) {
        return new String(group.output(), StandardCharsets.UTF_8).lines().toList();
    }

    private static String named(NodeSet nodes) {
        return nodes + (size(nodes) > 1 ? " (" + size(nodes) + ")" : "");
    }

    private static int size(NodeSet nodes) {
        return nodes.names().size();
    }
}
