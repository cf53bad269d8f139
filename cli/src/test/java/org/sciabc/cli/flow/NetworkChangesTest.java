// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sciabc.spi.LocalInterface;

class NetworkChangesTest {
    private static final LocalInterface WIRED = on("eth0", "10.0.3.12");
    private static final LocalInterface WIRELESS = on("wlan0", "192.168.1.7");

    private final Map<String, Integer> numbers = new HashMap<>(Map.of("eth0", 2, "wlan0", 3));
    private final NetworkChanges changes = new NetworkChanges(name -> numbers.getOrDefault(name, -1));

    @BeforeEach
    void beginOnTheWire() {
        changes.begin(List.of(WIRED));
    }

    @Test
    void whereNothingChangesNothingIsNew() {
        assertThat(changes.look(List.of(WIRED))).isEqualTo(new NetworkChanges.Change(false, List.of()));
    }

    @Test
    void anInterfaceThatComesIsNewOnceItHasSettled() {
        assertThat(changes.look(List.of(WIRED, WIRELESS)).any()).isFalse();
        assertThat(changes.look(List.of(WIRED, WIRELESS)).fresh()).containsExactly(WIRELESS);
        assertThat(changes.look(List.of(WIRED, WIRELESS)).any()).isFalse();
    }

    @Test
    void anInterfaceThatComesBackAsItWasIsKnown() {
        settle();
        assertThat(changes.look(List.of(WIRED)).any()).isFalse();

        NetworkChanges.Change back = changes.look(List.of(WIRED));

        assertThat(back.any()).isTrue();
        assertThat(back.fresh()).isEmpty();
    }

    @Test
    void aFurtherAddressMakesNothingNew() {
        LocalInterface more = on("eth0", "10.0.3.12", "fe80::1");

        assertThat(settle(more).fresh()).isEmpty();
    }

    @Test
    void anotherAddressMakesAnInterfaceNew() {
        LocalInterface other = on("eth0", "10.9.0.4");

        assertThat(settle(other).fresh()).containsExactly(other);
    }

    @Test
    void anotherDeviceByTheSameNameIsNew() {
        settle();
        numbers.put("eth0", 7);

        assertThat(settle(WIRED).fresh()).containsExactly(WIRED);
    }

    @Test
    void whatCouldNotBeUsedIsNewAgain() {
        settle(WIRED, WIRELESS);
        changes.retry(WIRELESS);

        assertThat(changes.look(List.of(WIRED, WIRELESS)).fresh()).containsExactly(WIRELESS);
    }

    private NetworkChanges.Change settle(LocalInterface... now) {
        changes.look(List.of(now));
        return changes.look(List.of(now));
    }

    private static LocalInterface on(String name, String... addresses) {
        return new LocalInterface(
                name, Stream.of(addresses).map(NetworkChangesTest::address).toList(), false, true);
    }

    private static LocalInterface.Address address(String literal) {
        try {
            return new LocalInterface.Address(InetAddress.getByName(literal), 24);
        } catch (UnknownHostException wrongTest) {
            throw new AssertionError(wrongTest);
        }
    }
}
