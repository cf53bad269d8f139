// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Network.Ipam;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The switch that the machines of one lab are plugged into: a bridge of its own. Multicast crosses it; it would not cross
 * one made with {@code --internal}, whose rules drop every destination outside the subnet.
 */
final class LabNetwork implements AutoCloseable {

    static final int PLACE_OF_MANAGER = 10;

    private static final int ATTEMPTS = 5;

    private final String name;
    private final Map<String, String> labels;
    private final String id;
    private final Subnet subnet;

    private LabNetwork(String name, Map<String, String> labels, String id, Subnet subnet) {
        this.name = name;
        this.labels = Map.copyOf(labels);
        this.id = id;
        this.subnet = subnet;
    }

    static LabNetwork create(String name, Map<String, String> labels) {
        List<String> refusals = new ArrayList<>();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Subnet candidate = Engine.ask("list its networks", Subnet::free);
            try {
                String id = Engine.ask(
                                "create " + name,
                                engine -> engine.createNetworkCmd()
                                        .withName(name)
                                        .withDriver("bridge")
                                        .withIpam(new Ipam()
                                                .withConfig(new Ipam.Config().withSubnet(candidate.toString())))
                                        .withLabels(labels)
                                        .exec())
                        .getId();
                return new LabNetwork(name, labels, id, candidate);
            } catch (DockerException refusal) {
                // Another lab may have taken the same one in between; the engine notices that, and nothing else does.
                refusals.add(candidate + ": " + refusal.getMessage());
            }
        }
        throw new IllegalStateException("no network could be made\n" + String.join("\n", refusals));
    }

    String name() {
        return name;
    }

    String id() {
        return id;
    }

    Map<String, String> labels() {
        return labels;
    }

    /** In CIDR notation. */
    String subnet() {
        return subnet.toString();
    }

    String address(int place) {
        return subnet.address(place);
    }

    @Override
    public void close() {
        try {
            Engine.ask("remove " + name, engine -> engine.removeNetworkCmd(id).exec());
        } catch (NotFoundException alreadyGone) {
            return;
        }
    }
}
