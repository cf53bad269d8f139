// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.sciabc.cli.config.Configuration;
import org.sciabc.cli.config.NetworkProfile;
import org.sciabc.cli.network.Gateway;
import org.sciabc.cli.network.InterfaceFacts;
import org.sciabc.cli.network.NetworkFacts;
import org.sciabc.cli.network.ProfileChoice;
import org.sciabc.cli.network.ProfileVerdict;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Untrusted;

/**
 * What {@code sciabc network} shows. Of settings only the keys: some are secrets, and only the plugins know which.
 *
 * @param facts on which networks this machine is
 * @param choice which profile applies
 * @param holds what the configuration then says
 * @param cluster the cluster
 * @param selectors the networks that were given or configured; empty where there were none
 * @param given the settings that the command line gives, by their component
 * @param used the interfaces that discovery uses
 */
public record NetworkReport(
        NetworkFacts facts,
        ProfileChoice choice,
        Configuration holds,
        String cluster,
        List<String> selectors,
        Map<String, Map<String, String>> given,
        List<LocalInterface> used) {

    /** Prints it for people. */
    public void print(PrintStream out) {
        out.println("network profile: " + chosen());
        choice.verdicts().forEach(verdict -> print(out, verdict));
        out.println();
        out.println("what holds: cluster " + cluster + ", discovery " + String.join(",", discovery())
                + ", interfaces "
                + (selectors.isEmpty() ? "chosen here" : String.join(",", selectors))
                + (settings().isEmpty() ? "" : ", settings " + String.join(",", settings())));
        out.println();
        List<List<String>> rows = new ArrayList<>(
                List.of(List.of("INTERFACE", "STATE", "USED", "MULTICAST", "ADDRESSES", "GATEWAY", "WI-FI")));
        facts.interfaces().forEach(each -> rows.add(row(each)));
        Columns.aligned(rows).forEach(out::println);
    }

    /** The JSON object: its keys are documented and stable. */
    public String json() {
        JsonStringWriter json = JsonWriter.string()
                .object()
                .value("choice", choice.way().name().toLowerCase(Locale.ROOT))
                .array("candidates");
        choice.candidates().forEach(profile -> json.value(profile.name()));
        json.end();
        if (choice.candidates().size() == 1) {
            json.value("profile", choice.candidates().get(0).name());
        }
        json.array("profiles");
        choice.verdicts().forEach(verdict -> write(json, verdict));
        json.end()
                .object("holds")
                .value("cluster", cluster)
                .array("discovery", discovery())
                .array("interfaces", selectors)
                .array("settings", settings())
                .end()
                .array("interfaces");
        facts.interfaces().forEach(each -> write(json, each));
        return json.end().end().done();
    }

    private String chosen() {
        String names = choice.candidates().stream().map(NetworkProfile::name).collect(Collectors.joining(", "));
        return switch (choice.way()) {
            case NAMED -> names + " (as --network says)";
            case FITS -> names + " (fits this network)";
            case SWITCHED_OFF -> "none (as --network says)";
            case UNMATCHED ->
                choice.verdicts().isEmpty()
                        ? "none (the configuration file has no [network.NAME])"
                        : "none fits this network: what the file says elsewhere holds";
            case AMBIGUOUS -> names + " fit equally well";
        };
    }

    private static void print(PrintStream out, ProfileVerdict verdict) {
        out.println("  " + verdict.profile().name() + ": " + (verdict.fits() ? "fits" : "does not fit"));
        if (verdict.findings().isEmpty()) {
            out.println("    it names no condition: only --network "
                    + verdict.profile().name() + " applies it");
        }
        for (ProfileVerdict.Finding finding : verdict.findings()) {
            out.println("    " + finding.condition() + " " + shown(finding.wanted()) + ": "
                    + (finding.holds() ? "yes, " : "no, ") + finding.why());
        }
    }

    private List<String> row(InterfaceFacts each) {
        LocalInterface itself = each.itself();
        return List.of(
                itself.name(),
                each.up() ? "up" : "down",
                used(each) ? "yes" : "no",
                itself.multicast() ? "yes" : "no",
                dash(addresses(itself).stream()),
                dash(each.gateways().stream().map(Gateway::toString)),
                each.wireless() ? each.wifi().orElse("not known") : "-");
    }

    private boolean used(InterfaceFacts each) {
        return used.stream()
                .anyMatch(usable -> usable.name().equals(each.itself().name()));
    }

    private List<String> discovery() {
        return holds.discovery().isEmpty() ? List.of("zeroconf") : holds.discovery();
    }

    private List<String> settings() {
        Set<String> keys = new TreeSet<>();
        holds.settings()
                .forEach((component, values) -> values.keySet().forEach(key -> keys.add(component + "." + key)));
        given.forEach((component, values) -> values.keySet().forEach(key -> keys.add(component + "." + key)));
        return List.copyOf(keys);
    }

    private static void write(JsonStringWriter json, ProfileVerdict verdict) {
        json.object()
                .value("name", verdict.profile().name())
                .value("place", verdict.profile().place())
                .value("fits", verdict.fits())
                .array("conditions");
        for (ProfileVerdict.Finding finding : verdict.findings()) {
            json.object()
                    .value("condition", finding.condition())
                    .array("wanted", finding.wanted())
                    .value("holds", finding.holds())
                    .value("why", finding.why())
                    .end();
        }
        json.end().end();
    }

    private void write(JsonStringWriter json, InterfaceFacts each) {
        json.object()
                .value("name", each.itself().name())
                .value("up", each.up())
                .value("used", used(each))
                .value("loopback", each.itself().loopback())
                .value("multicast", each.itself().multicast())
                .value("wireless", each.wireless())
                .array("addresses", addresses(each.itself()))
                .array("gateways");
        for (Gateway gateway : each.gateways()) {
            json.object().value("address", gateway.address().getHostAddress());
            gateway.mac().ifPresent(mac -> json.value("mac", mac));
            json.end();
        }
        json.end();
        each.wifi().ifPresent(wifi -> json.value("wifi", wifi));
        json.end();
    }

    private static List<String> addresses(LocalInterface itself) {
        return itself.addresses().stream()
                .map(each -> each.address().getHostAddress().replaceFirst("%.*", "") + "/" + each.prefixLength())
                .toList();
    }

    private static String dash(java.util.stream.Stream<String> texts) {
        String joined = texts.collect(Collectors.joining(", "));
        return joined.isEmpty() ? "-" : joined;
    }

    private static String shown(List<String> wanted) {
        return Untrusted.line(String.join(" or ", wanted), 200);
    }
}
