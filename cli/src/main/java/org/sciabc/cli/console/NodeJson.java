// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import com.grack.nanojson.JsonStringWriter;
import java.util.Locale;
import org.sciabc.roster.Claim;
import org.sciabc.roster.RosterEntry;
import org.sciabc.spi.Node;

/** A node as a JSON object: the keys are documented and stable, and what is unknown is absent. */
public final class NodeJson {
    private NodeJson() {}

    /** Writes the object of a roster's entry. */
    public static void write(JsonStringWriter json, RosterEntry entry) {
        json.object();
        fields(json, entry);
        json.end();
    }

    /** Writes the object of a roster's entry, with when and how each backend saw it. */
    public static void writeKnown(JsonStringWriter json, RosterEntry entry) {
        json.object();
        fields(json, entry);
        entry.lastAnswer().ifPresent(answer -> json.value("lastAnswer", answer.toString()));
        json.array("sightings");
        for (Claim claim : entry.claims()) {
            json.object().value("backend", claim.key().backend());
            claim.networkInterface().ifPresent(name -> json.value("interface", name));
            json.value("firstSeen", claim.firstSeen().toString())
                    .value("lastSeen", claim.lastSeen().toString())
                    .value("standing", claim.standing().name().toLowerCase(Locale.ROOT))
                    .end();
        }
        json.end().end();
    }

    /** Writes what the roster knows of a node into the object that is open. */
    static void fields(JsonStringWriter json, RosterEntry entry) {
        fields(json, entry.node());
        json.value("state", entry.state().name().toLowerCase(Locale.ROOT));
        json.value("since", entry.since().toString());
        json.array("seenBy", entry.seenBy());
        json.value("lastSeen", entry.lastSeen().toString());
    }

    /** Writes what is known of a node into the object that is open. */
    public static void fields(JsonStringWriter json, Node node) {
        node.id().ifPresent(id -> json.value("id", id.value()));
        json.value("name", node.name());
        json.array("addresses");
        node.addresses().forEach(address -> json.value(address.getHostAddress()));
        json.end();
        json.value("port", node.port());
        node.user().ifPresent(user -> json.value("user", user));
        node.hardware().cores().ifPresent(cores -> json.value("cores", cores));
        node.hardware().memoryBytes().ifPresent(bytes -> json.value("memoryBytes", bytes));
        node.hardware().arch().ifPresent(arch -> json.value("arch", arch));
        node.hardware().os().ifPresent(os -> json.value("os", os));
    }
}
