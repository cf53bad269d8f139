// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sciabc.cli.config.Configuration.Placed;
import org.sciabc.spi.Subnet;

/**
 * Settings that apply on one network, as {@code [network.NAME]} of the configuration file says.
 *
 * @param name its name
 * @param place where it was written, for people
 * @param when when it applies by itself
 * @param cluster the cluster there
 * @param discovery the discovery backends there, in order; empty when the profile does not say
 * @param interfaces the names or ranges of the networks to use there; empty when the profile does not say
 * @param settings for each component, its settings by key
 */
public record NetworkProfile(
        String name,
        String place,
        Conditions when,
        Optional<String> cluster,
        List<String> discovery,
        List<String> interfaces,
        Map<String, Map<String, Placed>> settings) {

    /** What {@code --network} takes to apply no profile at all; no profile can have this name. */
    public static final String NONE = "none";

    /**
     * When a profile applies by itself: each kind of condition that is not empty has to hold, and of a kind one of its
     * values. Without any it applies only when it is named.
     *
     * @param cidrs ranges, one of which holds an address of this machine
     * @param gateways the default gateway
     * @param wifis the name of the Wi-Fi that this machine is in
     */
    public record Conditions(List<Subnet> cidrs, List<GatewayName> gateways, List<String> wifis) {
        public Conditions {
            cidrs = List.copyOf(cidrs);
            gateways = List.copyOf(gateways);
            wifis = List.copyOf(wifis);
        }

        /** Whether nothing was said. */
        public boolean isEmpty() {
            return cidrs.isEmpty() && gateways.isEmpty() && wifis.isEmpty();
        }
    }
}
