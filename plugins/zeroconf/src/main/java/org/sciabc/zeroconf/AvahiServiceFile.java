// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.Requirement.PackageManager;

/** What a node needs in order to be found: Avahi, and the file that has it announce the node, at the path of 2016. */
final class AvahiServiceFile {
    static final String PATH = "/etc/avahi/services/sciabc.service";

    private static final String DAEMON = "avahi-daemon";
    private static final int MODE = 0644;

    /** The keys of docs/wire.md, with what each node fills in for itself. */
    private static final List<String> TEXT = List.of(
            "v=1",
            "id=@sciabc.id@",
            "cluster=@sciabc.cluster@",
            "user=@sciabc.user@",
            "port=@sciabc.port@",
            "cores=@sciabc.cores@",
            "mem=@sciabc.memory@",
            "arch=@sciabc.arch@",
            "os=@sciabc.os@",
            "hk=@sciabc.hostkey@");

    private AvahiServiceFile() {}

    static List<Requirement> requirements() {
        return List.of(
                new Requirement.Packages(
                        Map.of(
                                PackageManager.APT, List.of(DAEMON),
                                PackageManager.DNF, List.of("avahi"),
                                PackageManager.ZYPPER, List.of("avahi"),
                                PackageManager.PACMAN, List.of("avahi"),
                                PackageManager.APK, List.of("avahi")),
                        "Avahi tells the network that this machine is there"),
                new Requirement.FileContent(PATH, content(TEXT), MODE, "what Avahi tells of this machine"),
                new Requirement.Service(DAEMON, "Avahi has to run in order to tell it"));
    }

    /** The file's text, as avahi.service(5) describes it. */
    static String content(List<String> text) {
        String records = text.stream()
                .map(string -> "    <txt-record>" + escaped(string) + "</txt-record>\n")
                .collect(Collectors.joining());
        return """
                <?xml version="1.0" standalone='no'?>
                <!DOCTYPE service-group SYSTEM "avahi-service.dtd">
                <service-group>
                  <name replace-wildcards="yes">%s@sciabc.avahi-host@</name>
                  <service>
                    <type>_sciabc._tcp</type>
                    <port>%d</port>
                %s  </service>
                </service-group>
                """.formatted(NodeText.INSTANCE_PREFIX, NodeText.SERVICE_PORT, records);
    }

    private static String escaped(String string) {
        return string.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
