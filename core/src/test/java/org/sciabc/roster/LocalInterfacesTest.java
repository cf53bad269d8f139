// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sciabc.roster.Seeing.address;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.SciabcException;

final class LocalInterfacesTest {
    private static final LocalInterfaces.Found LO = up("lo", true, false, "127.0.0.1/8", "::1/128");
    private static final LocalInterfaces.Found ETH0 = up("eth0", false, false, "10.0.3.12/24", "fe80::1/64");
    private static final LocalInterfaces.Found WLAN0 = up("wlan0", false, false, "192.168.4.7/24");
    private static final LocalInterfaces.Found ETH1 =
            new LocalInterfaces.Found(new LocalInterface("eth1", List.of(), false, true), false, false);
    private static final LocalInterfaces.Found DOCKER0 = up("docker0", false, false, "172.17.0.1/16");
    private static final LocalInterfaces.Found TUN0 = up("tun0", false, true, "10.8.0.2/32");

    private final LocalInterfaces laptop = new LocalInterfaces(List.of(LO, ETH0, WLAN0, ETH1, DOCKER0, TUN0));

    @Test
    void byDefaultThoseThatLeadToOtherMachinesAreUsed() throws Exception {
        assertThat(names(laptop.choose(List.of()))).containsExactly("eth0", "wlan0");
    }

    @Test
    void virtualNetworksAreUsedWhenThereIsNothingElse() throws Exception {
        LocalInterfaces engineOnly = new LocalInterfaces(List.of(LO, DOCKER0, ETH1));
        assertThat(names(engineOnly.choose(List.of()))).containsExactly("docker0");
    }

    @Test
    void whatContainerEnginesMakeIsKnown() throws Exception {
        for (String name :
                List.of("br-0123456789ab", "veth12ab34c", "virbr0", "lxdbr0", "wg0", "tailscale0", "zt5u4y")) {
            LocalInterfaces some = new LocalInterfaces(List.of(ETH0, up(name, false, false, "172.18.0.1/16")));
            assertThat(names(some.choose(List.of()))).as(name).containsExactly("eth0");
        }
        LocalInterfaces own = new LocalInterfaces(List.of(ETH0, up("br0", false, false, "10.1.0.1/24")));
        assertThat(names(own.choose(List.of()))).containsExactly("eth0", "br0");
    }

    @Test
    void whatIsNamedIsUsedWhateverItIs() throws Exception {
        assertThat(names(laptop.choose(List.of("docker0", "lo")))).containsExactly("lo", "docker0");
    }

    @Test
    void ofANetworkOnlyTheAddressesInsideAreUsed() throws Exception {
        List<LocalInterface> chosen = laptop.choose(List.of("10.0.0.0/16"));
        assertThat(names(chosen)).containsExactly("eth0");
        assertThat(chosen.get(0).addresses())
                .extracting(LocalInterface.Address::address)
                .containsExactly(address("10.0.3.12"));
    }

    @Test
    void severalSelectorsAddUp() throws Exception {
        assertThat(names(laptop.choose(List.of("192.168.4.0/24", "eth0", "10.0.3.0/24"))))
                .containsExactly("eth0", "wlan0");
        assertThat(laptop.choose(List.of("10.0.3.0/24", "eth0")).get(0).addresses())
                .hasSize(2);
    }

    @Test
    void anUnknownNameIsAnErrorThatNamesWhatThereIs() {
        assertThatThrownBy(() -> laptop.choose(List.of("eth9")))
                .isInstanceOfSatisfying(SciabcException.class, error -> {
                    assertThat(error)
                            .hasMessage("there is no interface 'eth9': this machine has docker0 (172.17.0.1/16), eth0"
                                    + " (10.0.3.12/24), eth1 (down), lo (127.0.0.1/8), tun0 (10.8.0.2/32), wlan0"
                                    + " (192.168.4.7/24)");
                    assertThat(error.hint()).contains("did you mean 'eth0'?");
                });
    }

    @Test
    void anInterfaceThatIsDownCannotBeUsed() {
        assertThatThrownBy(() -> laptop.choose(List.of("eth1"))).hasMessage("cannot use interface 'eth1': it is down");
    }

    @Test
    void aNetworkThatThisMachineIsNotInIsAnError() {
        assertThatThrownBy(() -> laptop.choose(List.of("10.9.0.0/16")))
                .hasMessageStartingWith("no interface is in the network 10.9.0.0/16: this machine has ");
    }

    @Test
    void loopbackAloneIsNoNetwork() {
        assertThatThrownBy(() -> new LocalInterfaces(List.of(LO, ETH1)).choose(List.of()))
                .isInstanceOf(SciabcException.class)
                .hasMessage("no network interface: this machine has only eth1 (down), lo (127.0.0.1/8)");
        assertThatThrownBy(() -> new LocalInterfaces(List.of()).choose(List.of()))
                .hasMessage("no network interface: this machine has only none");
    }

    @Test
    void theLoopbackOfThisMachineIsFound() throws Exception {
        List<LocalInterface> loopback = LocalInterfaces.enumerate().choose(List.of("127.0.0.0/8"));
        assertThat(loopback).singleElement().satisfies(lo -> {
            assertThat(lo.loopback()).isTrue();
            assertThat(lo.addresses().get(0).subnet()).hasToString("127.0.0.0/8");
        });
    }

    private static LocalInterfaces.Found up(String name, boolean loopback, boolean pointToPoint, String... addresses) {
        List<LocalInterface.Address> parsed = Arrays.stream(addresses)
                .map(text -> text.split("/", 2))
                .map(parts -> new LocalInterface.Address(address(parts[0]), Integer.parseInt(parts[1])))
                .toList();
        return new LocalInterfaces.Found(new LocalInterface(name, parsed, loopback, true), true, pointToPoint);
    }

    private static List<String> names(List<LocalInterface> interfaces) {
        return interfaces.stream().map(LocalInterface::name).toList();
    }
}
