// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
        List<String> diff = UnifiedDiffUtils.generateUnifiedDiff(
                named(most.nodes()), named(other.nodes()), before, DiffUtils.diff(before, after), CONTEXT);
        if (diff.isEmpty()) {
            target.println("--- " + named(most.nodes()));
            target.println("+++ " + named(other.nodes()));
            target.println("they differ in bytes that are no text");
        }
        diff.forEach(target::println);
    }

    /** Only a line feed ends a line, so that all that may differ is in one; as diff(1) has it where the last has none. */
    private static List<String> lines(Group group) {
        String text = new String(group.output(), StandardCharsets.UTF_8);
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        String last = lines.remove(lines.size() - 1);
        if (!last.isEmpty()) {
            lines.add(last);
            lines.add("\\ No newline at end of file");
        }
        return lines;
    }

    private static String named(NodeSet nodes) {
        return nodes + (size(nodes) > 1 ? " (" + size(nodes) + ")" : "");
    }

    private static int size(NodeSet nodes) {
        return nodes.names().size();
    }
}
