// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which network this is, and what it announces. */
@RequiresContainerEngine
class NetworkIT {
    private static final String OTHER_SERVICE = "/etc/avahi/services/other.service";

    @AutoClose
    private static Lab lab;

    @BeforeAll
    static void bootTwoMachines() {
        lab = Lab.ofBareNodes(2);
        lab.node(1).announceAs2016();
        lab.node(2).write(OTHER_SERVICE, """
                <?xml version="1.0" standalone='no'?>
                <!DOCTYPE service-group SYSTEM "avahi-service.dtd">
                <service-group>
                  <name>Home page of %h$(reboot)</name>
                  <service>
                    <type>_http._tcp</type>
                    <port>8080</port>
                    <txt-record>path=/~pi</txt-record>
                  </service>
                </service-group>
                """);
        // What no service file can hold.
        lab.node(2)
                .sh("setsid avahi-publish -s $'Evil \\033[2J' _http._tcp 6666"
                        + " $'os=\\033]0;owned\\007' $'bin=\\377\\001' </dev/null >/dev/null 2>&1 &");
    }

    @ParameterizedTest
    @ValueSource(strings = {"avahi", "library"})
    void whateverIsAnnouncedIsListedThroughAvahiAndWithout(String through) throws JsonParserException {
        JsonObject listed = JsonParser.object()
                .from(lab.manager()
                        .sciabc("services", "--json", "--set", "zeroconf.through=" + through)
                        .succeeded()
                        .stdout());

        assertThat(listed.getArray("types")).contains("_sciabc._tcp", "_http._tcp");
        JsonObject node = service(listed, "_sciabc._tcp", "SupercomputerInABriefcase on node1");
        assertThat(node.getString("host")).isEqualTo("node1.local");
        assertThat(node.getInt("port")).isEqualTo(34_343);
        assertThat(node.getArray("addresses")).contains(lab.node(1).address());
        JsonObject other = service(listed, "_http._tcp", "Home page of %h$(reboot)");
        assertThat(other.getInt("port")).isEqualTo(8080);
        assertThat(other.getArray("text")).containsExactly("path=/~pi");
        assertThat(service(listed, "_http._tcp", "Evil [2J").getArray("text"))
                .containsExactlyInAnyOrder("os=]0;owned", "bin=\\xff\\x01");
        assertThat(listed.getArray("listening"))
                .map(line -> ((JsonObject) line).getString("place"))
                .anyMatch(place -> place.startsWith("eth0 "));
    }

    @Test
    void whatStrangersSayReachesNobodysTerminal() {
        Result result = lab.manager().sciabc("services").succeeded();

        assertThat(result.stdout())
                .contains(
                        "_http._tcp",
                        "Home page",
                        "Evil",
                        "path=/~pi",
                        lab.node(2).address())
                .doesNotContain("\u001b", "\u0007");
        assertThat(result.stderr()).contains("zeroconf", "eth0");
    }

    @Test
    void anotherNetworkNeedsNoOtherCommand() {
        String configuration = "/home/teacher/.config/sciabc/config.toml";
        lab.manager().sh("mkdir -p " + "/home/teacher/.config/sciabc");
        lab.manager().write(configuration, """
                cluster = "nowhere"
                [network.lab]
                cidr = "%s"
                cluster = "default"
                [network.train]
                cidr = "192.0.2.0/24"
                gateway = "192.0.2.1"
                cluster = "train"
                """.formatted(lab.subnet()));
        String address = lab.manager().address();
        try {
            Result here =
                    lab.manager().sciabc("discover", "--expect", "1", "-v").succeeded();
            assertThat(here.stdout()).contains("node1");
            assertThat(here.stderr()).contains("network profile 'lab' applies");

            readdress(address, "192.0.2.5/24");
            lab.manager().sh("ip route replace default via 192.0.2.1");
            Result there = lab.manager().sciabc("network").succeeded();
            assertThat(there.stdout())
                    .contains("network profile: train (fits this network)", "the gateway is 192.0.2.1")
                    .contains("cluster train", "eth0 has 192.0.2.5");
        } finally {
            readdress("192.0.2.5", address + "/24");
            lab.manager().sh("rm " + configuration);
        }
    }

    @Test
    void aWatchFollowsThisMachineToAnotherNetwork() {
        String configuration = "/home/teacher/.config/sciabc/config.toml";
        lab.manager().sh("mkdir -p " + "/home/teacher/.config/sciabc");
        lab.manager().write(configuration, """
                [network.lab]
                cidr = "%s"
                [network.train]
                cidr = "192.0.2.0/24"
                cluster = "train"
                discovery = ["static"]
                [network.train.settings.static]
                nodes = "192.0.2.7"
                """.formatted(lab.subnet()));
        String address = lab.manager().address();
        try (RunningCommand watching =
                lab.manager().start(lab.manager().command("watch", "--json").within(Duration.ofMinutes(2)))) {
            watching.awaitOutput("\"name\":\"node1\"");
            readdress(address, "192.0.2.5/24");
            watching.awaitOutput("network profile 'train' applies now: watching cluster 'train' through static");
            watching.awaitOutput("192.0.2.7");
            readdress("192.0.2.5", address + "/24");
            watching.awaitOutput("network profile 'lab' applies now: watching cluster 'default' through zeroconf");
            watching.interrupt();
            assertThat(watching.await().exitStatus()).isEqualTo(130);
        } finally {
            lab.manager()
                    .sh("ip address show dev eth0 | grep -q 192.0.2.5 && ip address del 192.0.2.5/24 dev eth0; "
                            + "ip address replace " + address + "/24 dev eth0; rm " + configuration);
        }
    }

    private static void readdress(String from, String to) {
        lab.manager().sh("ip address del " + from + "/24 dev eth0; ip address add " + to + " dev eth0");
    }

    private static JsonObject service(JsonObject listed, String type, String name) {
        List<JsonObject> services = Stream.of(listed.getArray("services").toArray())
                .map(JsonObject.class::cast)
                .toList();
        return services.stream()
                .filter(each -> type.equals(each.getString("type")) && name.equals(each.getString("name")))
                .findFirst()
                .orElseThrow(() -> new AssertionError(type + " " + name + " is not in " + services));
    }
}
