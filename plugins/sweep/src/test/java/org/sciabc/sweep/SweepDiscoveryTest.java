// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Consent;
import org.sciabc.spi.DiscoveryBackend.Feature;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Node;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Settings;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.WatchRequest;
import org.sciabc.testkit.RecordingListener;

class SweepDiscoveryTest {
    private static final String BANNER = "SSH-2.0-OpenSSH_9.2p1\r\n";
    private static final LocalInterface LOOPBACK = localInterface("lo", "127.0.0.1", 8);

    private final RecordingListener recorder = new RecordingListener();
    private final SweepDiscovery discovery = new SweepDiscovery();

    /** Everything happens on loopback addresses: no packet of it reaches anybody. */
    @Nested
    class OnLoopback {
        @AutoClose
        private Speaker first;

        private int port;

        @BeforeEach
        void startOne() throws Exception {
            first = new Speaker("127.0.77.10", 0, BANNER);
            port = first.port();
        }

        @Test
        void sshServersAreFoundAndNothingElse() throws Exception {
            try (Speaker second = new Speaker("127.0.77.200", port, BANNER);
                    Speaker web = new Speaker("127.0.77.11", port, "HTTP/1.1 400 Bad Request\r\n");
                    Speaker silent = new Speaker("127.0.77.12", port, "");
                    Speaker outside = new Speaker("127.0.78.1", port, BANNER)) {
                watch(Map.of("networks", "127.0.77.0/24"), Optional.of(Duration.ofSeconds(30)));

                assertThat(recorder.nodes())
                        .extracting(node -> node.addresses().get(0).getHostAddress())
                        .containsExactlyInAnyOrder("127.0.77.10", "127.0.77.200");
                assertThat(recorder.nodes())
                        .allMatch(node -> node.port() == port && node.id().isEmpty());
                assertThat(recorder.findings())
                        .containsExactly(Map.entry("lo 127.0.77.0/24", "2 SSH servers at 254 addresses"));
                assertThat(web.visits()).isOne();
                assertThat(silent.visits()).isOne();
                assertThat(outside.visits()).isZero();
                assertThat(second.visits()).isOne();
            }
        }

        @Test
        void serverThatStopsIsLostAndOneThatBeginsIsFound() throws Exception {
            Thread watching = new Thread(() -> {
                try {
                    watch(Map.of("networks", "127.0.77.8/29", "every", "1s"), Optional.empty());
                } catch (SciabcException | InterruptedException ended) {
                    recorder.notice(Notice.info("ended: " + ended.getMessage()));
                }
            });
            watching.start();
            await(() -> !recorder.sightings().isEmpty());
            first.close();
            try (Speaker other = new Speaker("127.0.77.9", port, BANNER)) {
                String lost = "127.0.77.10 port " + port;
                await(() -> recorder.sightings().contains(new Sighting.Lost(lost, Sighting.Reason.EXPIRED)));
                await(() -> recorder.nodes().size() == 2);
                assertThat(other.visits()).isPositive();
            }

            watching.interrupt();
            watching.join(1_000);
            assertThat(watching.isAlive()).isFalse();
        }

        @Test
        void rateIsKept() throws Exception {
            long begin = System.nanoTime();

            watch(Map.of("networks", "127.0.77.0/25", "rate", "100"), Optional.of(Duration.ofSeconds(30)));

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(1));
        }

        @Test
        void timeThatIsUpEndsASweepAndIsSaid() throws Exception {
            watch(Map.of("networks", "127.0.77.0/24", "rate", "10"), Optional.of(Duration.ofMillis(300)));

            assertThat(recorder.findings().get("lo 127.0.77.0/24")).endsWith(", then the time was up");
        }

        private void watch(Map<String, String> given, Optional<Duration> limit)
                throws SciabcException, InterruptedException {
            Map<String, String> all = new LinkedHashMap<>(given);
            all.put("port", Integer.toString(port));
            discovery.watch(request(all, limit, LOOPBACK), recorder);
        }
    }

    @Nested
    class Agreement {
        @Test
        void ownPrivateNetworksAreAskedAboutAndYesIsTheSetting() throws Exception {
            WatchRequest request = request(
                    Map.of(), localInterface("eth0", "10.0.3.12", 24), localInterface("wlan0", "192.168.7.2", 25));

            Consent consent = discovery.consent(request).orElseThrow();

            assertThat(consent.question())
                    .isEqualTo("sweep would connect to port 22 of up to 384 addresses in 10.0.3.0/24 (eth0), "
                            + "192.168.7.0/25 (wlan0), whoever they belong to: go on?");
            assertThat(consent.key()).isEqualTo("networks");
            assertThat(consent.value()).isEqualTo("10.0.3.0/24,192.168.7.0/25");
        }

        @Test
        void namedNetworkIsNotAskedAbout() throws Exception {
            assertThat(discovery.consent(request(Map.of("networks", "127.0.77.0/24"), LOOPBACK)))
                    .isEmpty();
        }

        @Test
        void withoutAnybodysAgreementNothingIsSwept() {
            assertThatThrownBy(
                            () -> discovery.watch(request(Map.of(), localInterface("eth0", "10.0.3.12", 24)), recorder))
                    .isInstanceOfSatisfying(SciabcException.class, refusal -> {
                        assertThat(refusal.what()).isEqualTo("sweep was not told which networks to sweep");
                        assertThat(refusal.hint().orElseThrow()).endsWith("--set sweep.networks=10.0.3.0/24");
                    });
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "8.8.4.7 | 24 | eth0 is in 8.8.4.0/24, a public network: other people's machines are there",
                    "10.0.3.12 | 16 | eth0 is in 10.0.0.0/16, which has more than 4096 addresses",
                    "fe80::7 | 64 | this machine has no IPv4 address here",
                })
        void networkThatIsNobodysToSweepIsNotEvenAskedAbout(String address, int prefix, String why) {
            assertThatThrownBy(() -> discovery.consent(request(Map.of(), localInterface("eth0", address, prefix))))
                    .isInstanceOfSatisfying(
                            SciabcException.class,
                            refusal -> assertThat(refusal.why()).isEqualTo(why));
        }

        @Test
        void publicNetworkIsSweptOnceItIsNamed() throws Exception {
            SweepDiscovery routed = new SweepDiscovery(destination -> Optional.of(address("8.8.4.7")));

            assertThat(routed.consent(request(Map.of("networks", "8.8.4.0/24"), localInterface("eth0", "8.8.4.7", 24))))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "networks | 10.0.0.0/8 | a sweep of 10.0.0.0/8 is too large",
                "networks | 10.0.0.0/20,10.1.0.0/24 | a sweep of 10.0.0.0/20,10.1.0.0/24 is too large",
                "networks | fe80::/64 | is too large",
                "networks | 10.0.3 | setting 'sweep.networks' cannot be '10.0.3'",
                "networks | example.org/24 | setting 'sweep.networks' cannot be 'example.org/24'",
                "port | 0 | setting 'sweep.port' is out of range",
                "rate | 1000000 | setting 'sweep.rate' is out of range",
                "patience | 1ms | setting 'sweep.patience' is out of range",
                "every | 0 | setting 'sweep.every' is out of range",
            })
    void badSettingsAreRefused(String key, String value, String what) {
        assertThatThrownBy(() -> discovery.watch(request(Map.of(key, value), LOOPBACK), recorder))
                .isInstanceOfSatisfying(
                        SciabcException.class,
                        refusal -> assertThat(refusal.what()).contains(what));
    }

    @Test
    void networkThatAnotherInterfaceLeadsToIsRefused() {
        SweepDiscovery routed = new SweepDiscovery(destination -> Optional.of(address("192.168.7.2")));

        assertThatThrownBy(() -> routed.watch(
                        request(Map.of("networks", "10.9.0.0/24"), localInterface("eth0", "10.0.3.12", 24)), recorder))
                .hasMessage("cannot sweep 10.9.0.0/24: it is reached from 192.168.7.2, which is not on eth0");
    }

    @Test
    void itCannotAnnounceAndSaysSo() throws Exception {
        Settings settings = Settings.defaults(discovery.settings());

        assertThat(discovery.supports(Feature.ANNOUNCE)).isFalse();
        assertThatThrownBy(() -> discovery.announce(new AnnounceRequest(
                        Node.of("pi", List.of()), settings, List.of(LOOPBACK), Path.of("unused"), notice -> {})))
                .hasMessageStartingWith("sweep cannot announce this machine");
    }

    private static WatchRequest request(Map<String, String> settings, LocalInterface... interfaces)
            throws SciabcException {
        return request(settings, Optional.of(Duration.ofSeconds(30)), interfaces);
    }

    private static WatchRequest request(
            Map<String, String> settings, Optional<Duration> limit, LocalInterface... interfaces)
            throws SciabcException {
        return new WatchRequest(
                "default",
                Settings.of(SweepSettings.DECLARED, settings),
                List.of(interfaces),
                Path.of("unused"),
                limit);
    }

    private static LocalInterface localInterface(String name, String address, int prefix) {
        return new LocalInterface(
                name, List.of(new LocalInterface.Address(address(address), prefix)), name.equals("lo"), true);
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).isNegative();
            Thread.onSpinWait();
        }
    }
}
