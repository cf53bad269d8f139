// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.sciabc.cli.config.GatewayName;
import org.sciabc.cli.config.NetworkProfile;
import org.sciabc.cli.network.ProfileVerdict.Finding;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Subnet;

/** Holds the conditions of a profile against the facts. */
final class Matching {
    private final NetworkFacts facts;

    private Matching(NetworkFacts facts) {
        this.facts = facts;
    }

    static ProfileVerdict of(NetworkProfile profile, NetworkFacts facts) {
        Matching matching = new Matching(facts);
        NetworkProfile.Conditions when = profile.when();
        List<Finding> findings = new ArrayList<>();
        if (!when.cidrs().isEmpty()) {
            findings.add(matching.cidr(when.cidrs()));
        }
        if (!when.gateways().isEmpty()) {
            findings.add(matching.gateway(when.gateways()));
        }
        if (!when.wifis().isEmpty()) {
            findings.add(matching.wifi(when.wifis()));
        }
        int longestPrefix = when.cidrs().stream()
                .filter(cidr -> !matching.inside(cidr).isEmpty())
                .mapToInt(Subnet::prefixLength)
                .max()
                .orElse(-1);
        return new ProfileVerdict(profile, findings, longestPrefix);
    }

    private Finding cidr(List<Subnet> wanted) {
        List<String> inside = wanted.stream()
                .flatMap(cidr -> inside(cidr).stream())
                .distinct()
                .toList();
        String why = inside.isEmpty() ? "no interface that is up has an address there" : String.join(", ", inside);
        return new Finding("cidr", texts(wanted), !inside.isEmpty(), why);
    }

    private List<String> inside(Subnet cidr) {
        List<String> inside = new ArrayList<>();
        facts.up()
                .map(InterfaceFacts::itself)
                .forEach(each -> each.addresses().stream()
                        .map(LocalInterface.Address::address)
                        .filter(cidr::contains)
                        .forEach(address -> inside.add(
                                each.name() + " has " + address.getHostAddress().replaceFirst("%.*", ""))));
        return inside;
    }

    private Finding gateway(List<GatewayName> wanted) {
        List<Gateway> gateways =
                facts.up().flatMap(each -> each.gateways().stream()).distinct().toList();
        Optional<Gateway> match = gateways.stream()
                .filter(gateway -> wanted.stream().anyMatch(gateway::isCalled))
                .findFirst();
        String all = gateways.stream().map(Gateway::toString).collect(Collectors.joining(", "));
        String why = match.map(gateway -> "the gateway is " + gateway)
                .orElse(
                        gateways.isEmpty()
                                ? "there is no default gateway"
                                : "the gateway is " + all + unsure(wanted, gateways));
        return new Finding("gateway", texts(wanted), match.isPresent(), why);
    }

    private static String unsure(List<GatewayName> wanted, List<Gateway> gateways) {
        boolean unknown = wanted.stream().anyMatch(GatewayName::isHardware)
                && gateways.stream().anyMatch(gateway -> gateway.mac().isEmpty());
        return unknown ? ", its hardware address is not known" : "";
    }

    private Finding wifi(List<String> wanted) {
        List<InterfaceFacts> wireless =
                facts.up().filter(InterfaceFacts::wireless).toList();
        List<String> names =
                wireless.stream().flatMap(each -> each.wifi().stream()).toList();
        Optional<String> match = names.stream().filter(wanted::contains).findFirst();
        String why;
        if (match.isPresent()) {
            why = "the Wi-Fi is '" + match.get() + "'";
        } else if (wireless.isEmpty()) {
            why = "no Wi-Fi interface is up";
        } else {
            why = names.isEmpty()
                    ? "the name of the Wi-Fi is not known"
                    : "the Wi-Fi is '" + String.join("', '", names) + "'";
        }
        return new Finding("wifi", wanted, match.isPresent(), why);
    }

    private static List<String> texts(List<?> values) {
        return values.stream().map(String::valueOf).toList();
    }
}
