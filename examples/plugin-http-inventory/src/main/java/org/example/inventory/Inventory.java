// SPDX-License-Identifier: GPL-3.0-or-later
package org.example.inventory;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * One reading of the document: {@code {"nodes": [{"name": "node1", "addresses": ["10.0.3.12"]}]}}. Whoever serves it may
 * write anything: an entry that is no node is left out and complained of, and spares the others.
 *
 * @param nodes in the document's order, each name once
 * @param complaints a line for each entry that was left out, at most ten
 */
record Inventory(List<Node> nodes, List<String> complaints) {
    private static final int MOST_NODES = 4096;
    private static final int MOST_COMPLAINTS = 10;

    static Inventory parse(byte[] document) throws SciabcException {
        List<Node> nodes = new ArrayList<>();
        List<String> complaints = new ArrayList<>();
        Set<String> names = new HashSet<>();
        JsonArray entries = entries(document);
        for (int i = 0; i < entries.size(); i++) {
            try {
                Node node = InventoryEntry.parse(entries.getObject(i));
                if (!names.add(node.name())) {
                    throw new IllegalArgumentException("there is another node '" + node.name() + "'");
                }
                nodes.add(node);
            } catch (IllegalArgumentException refused) {
                if (complaints.size() < MOST_COMPLAINTS) {
                    complaints.add("http-inventory left out entry " + (i + 1) + ": " + refused.getMessage());
                }
            }
        }
        return new Inventory(List.copyOf(nodes), List.copyOf(complaints));
    }

    private static JsonArray entries(byte[] document) throws SciabcException {
        JsonArray entries;
        try {
            JsonObject all = JsonParser.object().from(new String(document, StandardCharsets.UTF_8));
            entries = all.getArray("nodes");
        } catch (JsonParserException malformed) {
            throw unusable("line " + malformed.getLinePosition() + ", column " + malformed.getCharPosition() + ": "
                    + Untrusted.line(String.valueOf(malformed.getMessage()), 120));
        } catch (StackOverflowError endless) {
            // The parser follows nesting to any depth.
            throw unusable("it is nested too deeply");
        }
        if (entries == null) {
            throw unusable("it has no list \"nodes\"");
        }
        if (entries.size() > MOST_NODES) {
            throw unusable("it lists more than " + MOST_NODES + " nodes");
        }
        return entries;
    }

    private static SciabcException unusable(String why) {
        return new SciabcException(
                "cannot read the inventory",
                why,
                "it has the form {\"nodes\": [{\"name\": \"node1\", \"addresses\": [\"10.0.3.12\"]}]}");
    }
}
