// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.fixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.DiscoveryBackend.Feature;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Node;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Settings;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.WatchRequest;
import org.sciabc.testkit.RecordingListener;

class StaticDiscoveryTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final RecordingListener recorder = new RecordingListener();

    @Test
    void listedAddressesAreReportedAtOnceAndNothingIsWaitedFor() throws Exception {
        watch(Map.of("nodes", "pi@10.0.0.[1-3]:2222,10.0.0.9"));

        assertThat(recorder.nodes())
                .extracting(Node::name, node -> node.addresses().get(0).getHostAddress(), Node::port, Node::user)
                .containsExactly(
                        tuple("10.0.0.1", "10.0.0.1", 2222, Optional.of("pi")),
                        tuple("10.0.0.2", "10.0.0.2", 2222, Optional.of("pi")),
                        tuple("10.0.0.3", "10.0.0.3", 2222, Optional.of("pi")),
                        tuple("10.0.0.9", "10.0.0.9", 22, Optional.empty()));
        assertThat(recorder.findings()).containsEntry("static.nodes", "4 nodes listed");
        assertThat(notices()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[2001:db8::7]:2222 | 2001:db8:0:0:0:0:0:7 | 2222",
                "pi@[2001:db8::7] | 2001:db8:0:0:0:0:0:7 | 22",
                "2001:db8::7 | 2001:db8:0:0:0:0:0:7 | 22",
            })
    void addressesOfIpVersion6AreUnderstoodWithAndWithoutPort(String written, String address, int port)
            throws Exception {
        watch(Map.of("nodes", written));

        assertThat(recorder.nodes()).singleElement().satisfies(node -> {
            assertThat(node.addresses().get(0).getHostAddress()).isEqualTo(address);
            assertThat(node.port()).isEqualTo(port);
        });
    }

    @Test
    void linkLocalAddressWithoutItsInterfaceIsLeftOutAndSaid() throws Exception {
        watch(Map.of("nodes", "[fe80::1],10.0.0.1"));

        assertThat(recorder.nodes()).extracting(Node::name).containsExactly("10.0.0.1");
        assertThat(notices()).singleElement().asString().contains("fe80", "[fe80::1%eth0]");
        assertThat(recorder.findings()).containsEntry("static.nodes", "2 nodes listed, 1 with a known address");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "node[1-3 | column 5, at '[1-3'",
                "node1,node[3-1] | column 12",
                "node1,,node2 | column 7",
                "node1, pi@:22 | column 8, at 'pi@:22': a name or an address is missing",
                "node1,10.0.0.256 | column 7, at '10.0.0.256': this is not an address",
                "10.0.0.[1-3,7]:99999 | column 1, at '10.0.0.1:99999': a port is a number from 1 to 65535",
                "a b | column 3",
                "ro;ot@node1 | what stands before '@' is not a user's name",
                "node$(reboot) | a name has letters",
                "-oProxyCommand=x | a name has letters",
                "10.0.0.0/24 | a network is not a node; --discovery sweep finds those that are in one",
            })
    void whatCannotBeReadIsRefusedWithItsColumn(String nodes, String why) {
        assertThatThrownBy(() -> watch(Map.of("nodes", nodes)))
                .isInstanceOfSatisfying(SciabcException.class, refusal -> {
                    assertThat(refusal.what()).contains("cannot read the nodes '" + nodes + "'");
                    assertThat(refusal.why()).contains(why);
                    assertThat(refusal.hint()).isPresent();
                });
    }

    @Test
    void nothingListedIsRefusedWithTheSettingsThatWouldList() {
        assertThatThrownBy(() -> watch(Map.of())).isInstanceOfSatisfying(SciabcException.class, refusal -> {
            assertThat(refusal.what()).isEqualTo("static has no nodes");
            assertThat(refusal.hint().orElseThrow()).contains("static.nodes=", "static.file=", "static.hosts=");
        });
    }

    @Test
    void sameNodeListedTwiceIsOneAndADifferentUserIsSaid() throws Exception {
        watch(Map.of("nodes", "pi@10.0.0.1,10.0.0.1:22,10.0.0.1:2222,10.0.0.2,10.0.0.2"));

        assertThat(recorder.nodes()).extracting(Node::port).containsExactly(22, 2222, 22);
        assertThat(notices()).containsExactly("'pi@10.0.0.1' is listed again as '10.0.0.1:22': the first one counts");
    }

    @Nested
    class Lists {
        @Test
        void hostfileIsAListAndItsSlotsAreCores() throws Exception {
            Path file = write(
                    "nodes.txt",
                    "# workshop\npi@10.0.0.1 slots=4\n\n10.0.0.[2-3]\tslots=2 \n desk7.example:2222 # Ada's\n");

            watch(Map.of("file", file.toString()));

            assertThat(recorder.nodes())
                    .extracting(node -> node.hardware().cores())
                    .containsExactly(OptionalInt.of(4), OptionalInt.of(2), OptionalInt.of(2), OptionalInt.empty());
        }

        @Test
        void lineThatCannotBeReadIsNamedWithItsColumn() throws Exception {
            Path file = write("nodes.txt", "node1\n  node[2-\n");

            assertThatThrownBy(() -> watch(Map.of("file", file.toString())))
                    .isInstanceOfSatisfying(SciabcException.class, refusal -> {
                        assertThat(refusal.what()).contains(file.toString());
                        assertThat(refusal.why()).startsWith("line 2, column 7");
                    });
        }

        @ParameterizedTest
        @ValueSource(strings = {"70000", "100000"})
        void moreSlotsThanAMachineHasAreRefusedWithTheirLine(String slots) throws Exception {
            Path file = write("nodes.txt", "node1 slots=65536\nnode2 slots=" + slots + "\n");

            assertThatThrownBy(() -> watch(Map.of("file", file.toString())))
                    .isInstanceOfSatisfying(
                            SciabcException.class,
                            refusal -> assertThat(refusal.why()).startsWith("line 2, slots=" + slots + ": "));
        }

        @ParameterizedTest
        @CsvSource({"missing.txt,there is no such file", ".,it is not a file"})
        void fileThatIsNoneIsRefused(String name, String why) {
            assertThatThrownBy(() -> watch(Map.of("file", folder.resolve(name).toString())))
                    .isInstanceOfSatisfying(
                            SciabcException.class,
                            refusal -> assertThat(refusal.why()).isEqualTo(why));
        }

        @Test
        void hostsFileIsLookedThroughForPatterns() throws Exception {
            write("hosts", """
                    127.0.0.1 localhost
                    10.0.0.1  node1.lab node1   # first
                    10.0.0.2  NODE2
                    fd00::2   node2
                    10.0.0.9  printer
                    nonsense  node9
                    """);

            watch(Map.of("hosts", "pi@node?*,scanner*"));

            assertThat(recorder.nodes())
                    .extracting(Node::name, node -> node.addresses().size(), Node::user)
                    .containsExactly(tuple("node1.lab", 1, Optional.of("pi")), tuple("NODE2", 1, Optional.of("pi")));
            assertThat(notices()).singleElement().asString().endsWith("fits 'scanner*'");
        }
    }

    @Nested
    class Names {
        @Test
        void namesAreLookedUpManyAtOnce() throws Exception {
            CountDownLatch all = new CountDownLatch(20);

            watch(Map.of("nodes", "node[1-20]"), name -> {
                all.countDown();
                awaitQuietly(all);
                return List.of(InetAddress.getByAddress(new byte[] {10, 0, 1, 1}));
            });

            assertThat(recorder.nodes()).hasSize(20);
        }

        @Test
        void nameServerThatDoesNotAnswerHoldsNobodyUp() throws Exception {
            CountDownLatch never = new CountDownLatch(1);
            long begin = System.nanoTime();

            watch(Map.of("nodes", "10.0.0.1,desk7", "patience", "200ms"), name -> {
                awaitQuietly(never);
                throw new UnknownHostException(name);
            });

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
            assertThat(recorder.nodes()).extracting(Node::name).containsExactly("10.0.0.1");
            assertThat(notices())
                    .containsExactly("listed node 'desk7' cannot be used: no name server has answered in time");
            never.countDown();
        }

        @Test
        void nameWithoutAddressIsSaid() throws Exception {
            watch(Map.of("nodes", "desk7"), name -> {
                throw new UnknownHostException(name);
            });

            assertThat(recorder.nodes()).isEmpty();
            assertThat(notices()).containsExactly("listed node 'desk7' cannot be used: the name has no address");
        }

        private static void awaitQuietly(CountDownLatch latch) throws UnknownHostException {
            try {
                latch.await();
            } catch (InterruptedException ended) {
                throw new UnknownHostException("ended");
            }
        }
    }

    @Test
    void watchWithoutLimitLastsUntilItIsInterrupted() throws Exception {
        Thread watching = new Thread(() -> {
            try {
                discovery(Resolution.NameService.OF_SYSTEM)
                        .watch(request(Map.of("nodes", "10.0.0.1"), Optional.empty()), recorder);
            } catch (SciabcException | InterruptedException ended) {
                recorder.notice(Notice.info("ended"));
            }
        });
        watching.start();
        while (recorder.sightings().isEmpty()) {
            Thread.onSpinWait();
        }

        watching.join(200);
        assertThat(watching.isAlive()).isTrue();
        watching.interrupt();
        watching.join(1_000);
        assertThat(watching.isAlive()).isFalse();
    }

    @Test
    void aListThatIsEditedDuringAWatchIsFollowed() throws Exception {
        Path list = write("list", "10.0.0.[1-2]\n");
        Thread watching = new Thread(() -> watchUntilInterrupted(Map.of("file", list.toString())));
        watching.start();
        try {
            await(() -> names().equals(List.of("10.0.0.1", "10.0.0.2")));

            Files.delete(list);
            String missing =
                    "cannot read the list of nodes " + list + ": there is no such file; the list stays as it was";
            await(() -> notices().equals(List.of(missing)));

            write("list", "# nobody\n");
            String empty = "static has no nodes: none are listed; the list stays as it was";
            await(() -> notices().equals(List.of(missing, empty)));

            write("list", "10.0.0.[2-3]\n");
            await(() -> names().equals(List.of("10.0.0.1", "10.0.0.2", "10.0.0.3")));
            assertThat(recorder.lost()).extracting(Sighting::source).containsExactly("10.0.0.1");
            assertThat(notices()).containsExactly(missing, empty, "the list of nodes can be used again");
        } finally {
            watching.interrupt();
            watching.join(10_000);
        }
    }

    @Test
    void aNameThatIsAddedDuringAWatchAndLeadsNowhereIsSaid() throws Exception {
        Path list = write("list", "10.0.0.1\n");
        Thread watching = new Thread(() -> watchUntilInterrupted(Map.of("file", list.toString())));
        watching.start();
        try {
            await(() -> names().equals(List.of("10.0.0.1")));
            write("list", "10.0.0.1\nnobody\n");
            await(() -> notices().equals(List.of("listed node 'nobody' cannot be used: the name has no address")));
        } finally {
            watching.interrupt();
            watching.join(10_000);
        }
    }

    private void watchUntilInterrupted(Map<String, String> settings) {
        Resolution.NameService unknowing = name -> {
            throw new UnknownHostException(name);
        };
        try {
            discovery(unknowing).watch(request(settings, Optional.empty()), recorder);
        } catch (SciabcException failure) {
            recorder.notice(Notice.info(failure.what()));
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> names() {
        return recorder.nodes().stream().map(Node::name).toList();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("nanoseconds too late").isNegative();
            Thread.onSpinWait();
        }
    }

    @Test
    void whatItCannotDoIsRefused() throws Exception {
        StaticDiscovery discovery = new StaticDiscovery();
        LocalInterface eth0 = new LocalInterface("eth0", List.of(), false, true);
        Settings settings = Settings.defaults(discovery.settings());

        assertThat(Feature.values()).filteredOn(discovery::supports).containsExactly(Feature.LEAVING);
        assertThatThrownBy(() -> discovery.announce(
                        new AnnounceRequest(Node.of("pi", List.of()), settings, List.of(), folder, notice -> {})))
                .hasMessageStartingWith("static cannot announce this machine");
        assertThatThrownBy(() -> discovery.watch(
                        new WatchRequest("default", settings, List.of(eth0), folder, Optional.empty()), recorder))
                .hasMessageStartingWith("static cannot use eth0");
    }

    private void watch(Map<String, String> settings) throws Exception {
        watch(settings, name -> List.of(InetAddress.getByAddress(new byte[] {10, 9, 9, 9})));
    }

    private void watch(Map<String, String> settings, Resolution.NameService names) throws Exception {
        discovery(names).watch(request(settings, Optional.of(LONG)), recorder);
    }

    private StaticDiscovery discovery(Resolution.NameService names) {
        return new StaticDiscovery(folder.resolve("hosts"), names);
    }

    private WatchRequest request(Map<String, String> settings, Optional<Duration> limit) throws SciabcException {
        return new WatchRequest("default", Settings.of(NodeList.SETTINGS, settings), List.of(), folder, limit);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private List<String> notices() {
        return recorder.notices().stream().map(Notice::text).toList();
    }
}
