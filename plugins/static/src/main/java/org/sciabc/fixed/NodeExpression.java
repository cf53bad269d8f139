// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.fixed;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/** Folded nodes, such as {@code pi@10.0.0.[1-8]:22,desk7}, as {@link NodeSet} reads them. */
final class NodeExpression {
    private NodeExpression() {}

    /**
     * Reads an expression.
     *
     * @param cores the cores of each of its nodes
     * @throws SciabcException naming the column that cannot be read
     */
    static List<ListedNode> parse(String text, OptionalInt cores) throws SciabcException {
        NodeSet.parse(text);
        List<ListedNode> nodes = new ArrayList<>();
        int column = 0;
        for (String item : items(text)) {
            nodes.addAll(parseItem(text, item, column, cores));
            column += item.length() + 1;
        }
        return List.copyOf(nodes);
    }

    private static List<ListedNode> parseItem(String text, String item, int column, OptionalInt cores)
            throws SciabcException {
        List<ListedNode> nodes = new ArrayList<>();
        for (String each : NodeSet.parse(item).names()) {
            try {
                nodes.add(ListedNode.parse(each, cores));
            } catch (ListedNode.NotANodeException refused) {
                int start = column + item.length() - item.stripLeading().length();
                throw new SciabcException(
                        "cannot read the nodes '" + Untrusted.line(text, 80) + "'",
                        "column " + (start + 1) + ", at '" + Untrusted.line(each, 60) + "': " + refused.why(),
                        "write them as [USER@]HOST[:PORT], such as pi@10.0.0.[1-8]:22,desk7",
                        refused);
            }
        }
        return nodes;
    }

    /** Splits at the commas that stand outside of brackets. */
    private static List<String> items(String text) {
        List<String> items = new ArrayList<>();
        int start = 0;
        boolean inBracket = false;
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '[' -> inBracket = true;
                case ']' -> inBracket = false;
                case ',' -> {
                    if (!inBracket) {
                        items.add(text.substring(start, i));
                        start = i + 1;
                    }
                }
                default -> {
                    // Part of an item.
                }
            }
        }
        items.add(text.substring(start));
        return items;
    }
}
