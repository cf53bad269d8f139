// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sciabc.launch.MachineReport.NodeAddress;
import org.sciabc.spi.Subnet;
import org.sciabc.spi.Untrusted;

/**
 * Reads the lines of {@code ip -o addr} (ip-address(8)), with a line for each interface before them. An address of a
 * point-to-point link ({@code inet A peer B}) is no network, and left out.
 */
final class AddressLines {
    private static final Pattern INTERFACE = Pattern.compile("interface (\\S{1,40}) (\\S*) ?(\\S*)");
    private static final Pattern ADDRESS =
            Pattern.compile("\\d+: (\\S{1,40})\\s+inet6? ([0-9a-fA-F.:]{2,45})/(\\d{1,3})\\s.*");

    private AddressLines() {}

    static List<NodeAddress> parse(String text) {
        Map<String, String[]> interfaces = new HashMap<>();
        List<NodeAddress> addresses = new ArrayList<>();
        text.lines().forEach(line -> {
            Matcher described = INTERFACE.matcher(line);
            Matcher listed = ADDRESS.matcher(line);
            if (described.matches()) {
                interfaces.put(described.group(1), new String[] {described.group(2), described.group(3)});
            } else if (listed.matches()) {
                String[] kind = interfaces.getOrDefault(listed.group(1), new String[] {"", ""});
                Subnet.parse(listed.group(2))
                        .flatMap(address -> Subnet.parse(listed.group(2) + "/" + listed.group(3))
                                .map(network -> new NodeAddress(
                                        Untrusted.line(listed.group(1), 40),
                                        kind[0],
                                        kind[1].equals("down"),
                                        address,
                                        network)))
                        .ifPresent(addresses::add);
            }
        });
        return List.copyOf(addresses);
    }
}
