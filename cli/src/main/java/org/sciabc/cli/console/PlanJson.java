// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.sciabc.provision.Facts;
import org.sciabc.provision.NodePlan;
import org.sciabc.provision.Plan;
import org.sciabc.provision.Step;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;

/** A plan as a JSON object: the keys are documented and stable. */
public final class PlanJson {
    private PlanJson() {}

    /** The object with one element a node. */
    public static String of(String cluster, Plan plan, Map<Node, Facts> facts, Map<Node, SciabcException> leftOut) {
        JsonStringWriter json =
                JsonWriter.string().object().value("cluster", cluster).array("nodes");
        plan.nodes().forEach(node -> write(json, node, Optional.ofNullable(facts.get(node.node()))));
        json.end().array("leftOut");
        leftOut.forEach((node, reason) -> json.object()
                .value("name", node.name())
                .value("what", reason.what())
                .value("why", reason.why())
                .end());
        return json.end().end().done();
    }

    private static void write(JsonStringWriter json, NodePlan plan, Optional<Facts> facts) {
        json.object();
        NodeJson.fields(json, plan.node());
        json.value("as", plan.user().name())
                .value("asOrigin", plan.user().origin().name().toLowerCase(Locale.ROOT))
                .value("privilege", plan.privilege().level().name().toLowerCase(Locale.ROOT))
                .value("ready", plan.isReady())
                .array("present", plan.present());
        facts.ifPresent(known -> FactsJson.write(json, known));
        steps(json, "steps", plan.steps());
        steps(json, "administrator", plan.administrator());
        json.array("obstacles", plan.obstacles()).array("notes", plan.notes()).end();
    }

    private static void steps(JsonStringWriter json, String key, List<Step> steps) {
        json.array(key);
        for (Step step : steps) {
            json.object()
                    .value("kind", step.kind().name().toLowerCase(Locale.ROOT))
                    .value("title", step.title())
                    .array("why", step.why())
                    .value("root", step.privilege().isPresent())
                    .array("commands", step.commands())
                    .end();
        }
        json.end();
    }
}
