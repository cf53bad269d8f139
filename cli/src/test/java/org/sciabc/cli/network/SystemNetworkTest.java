// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.roster.LocalInterfaces;
import org.sciabc.spi.LocalInterface;

class SystemNetworkTest {
    @TempDir
    private Path root = Path.of("");

    @TempDir
    private Path programs = Path.of("");

    @BeforeEach
    void aMachineWithTwoNetworks() throws IOException {
        write("proc/net/route", """
                Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
                eth0	00000000	0103000A	0003	0	0	0	00000000	0	0	0
                eth0	0003000A	00000000	0001	0	0	0	00FFFFFF	0	0	0
                wlan0	00000000	FE01A8C0	0003	0	0	600	00000000	0	0	0
                wlan0	nonsense
                """);
        write("proc/net/ipv6_route", """
                00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe80000000000000dea632fffe010203 00000400 00000001 00000000 00000003     eth0
                00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
                """);
        write("proc/net/arp", """
                IP address       HW type     Flags       HW address            Mask     Device
                10.0.3.1         0x1         0x2         DC:a6:32:01:02:03     *        eth0
                192.168.1.254    0x1         0x0         00:00:00:00:00:00     *        wlan0
                """);
        Files.createDirectories(root.resolve("sys/class/net/wlan0/phy80211"));
    }

    @Test
    void defaultGatewaysAreFoundWithTheHardwareAddressWhereThatIsKnown() throws IOException {
        NetworkFacts facts = look();

        assertThat(facts.interfaces().get(0).gateways())
                .map(Gateway::toString)
                .containsExactly("10.0.3.1 (dc:a6:32:01:02:03)", "fe80:0:0:0:dea6:32ff:fe01:203");
        assertThat(facts.interfaces().get(1).gateways()).map(Gateway::toString).containsExactly("192.168.1.254");
        assertThat(facts.interfaces().get(2).gateways()).isEmpty();
    }

    @Test
    void whereTheSystemTellsNothingNothingIsKnown() throws IOException {
        Files.delete(root.resolve("proc/net/route"));
        Files.delete(root.resolve("proc/net/ipv6_route"));
        Files.delete(root.resolve("proc/net/arp"));

        assertThat(look().interfaces())
                .allSatisfy(each -> assertThat(each.gateways()).isEmpty());
    }

    @Test
    void theFirstProgramThatKnowsTheNameOfTheWifiIsBelieved() throws IOException {
        program("iw", "[ \"$*\" = 'dev wlan0 link' ] && echo 'Not connected.'");
        program("iwgetid", "[ \"$*\" = 'wlan0 --raw' ] && echo 'Class room'");

        assertThat(look().interfaces().get(1).wifi()).contains("Class room");
    }

    @Test
    void aNameIsFoundAmongWhatElseAProgramSays() throws IOException {
        program("iw", "printf 'Connected to 02:00:00:00:01:00 (on wlan0)\\n\\tSSID: Lab: 5G\\n\\tfreq: 5180\\n'");

        assertThat(look().interfaces().get(1).wifi()).contains("Lab: 5G");
    }

    @Test
    void aNameThatAProgramWritesInBytesIsReadAsItIs() throws IOException {
        program("iw", "printf '\\tSSID: Caf\\\\xc3\\\\xa9 \\\\\\\\ 1\\n'");

        assertThat(look().interfaces().get(1).wifi()).contains("Café \\ 1");
    }

    @Test
    void aHostileNameReachesNobodysTerminal() throws IOException {
        program("iwgetid", "printf '\\033[2Jevil\\n'");

        assertThat(look().interfaces().get(1).wifi()).contains("[2Jevil");
    }

    @Test
    void onlyWifiInterfacesAreAskedForAName() throws IOException {
        program("iwgetid", "echo anything");

        assertThat(look().interfaces().get(0).wifi()).isEmpty();
        assertThat(look().interfaces().get(0).wireless()).isFalse();
        assertThat(look().interfaces().get(1).wireless()).isTrue();
    }

    @Test
    void withoutAnyProgramTheNameIsNotKnown() throws IOException {
        assertThat(look().interfaces().get(1).wifi()).isEmpty();
    }

    private NetworkFacts look() throws UnknownHostException {
        return new SystemNetwork(root, new WifiName(List.of(programs)))
                .look(List.of(found("eth0", "10.0.3.12"), found("wlan0", "192.168.1.7"), found("eth1", "10.9.9.9")));
    }

    private static LocalInterfaces.Found found(String name, String address) throws UnknownHostException {
        LocalInterface.Address own = new LocalInterface.Address(InetAddress.getByName(address), 24);
        return new LocalInterfaces.Found(new LocalInterface(name, List.of(own), false, true), true, false);
    }

    private void write(String file, String content) throws IOException {
        Files.createDirectories(root.resolve(file).getParent());
        Files.writeString(root.resolve(file), content);
    }

    private void program(String name, String body) throws IOException {
        Path file = programs.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
