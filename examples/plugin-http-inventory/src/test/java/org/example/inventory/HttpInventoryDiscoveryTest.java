// SPDX-License-Identifier: GPL-3.0-or-later
package org.example.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Settings;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.SightingListener;
import org.sciabc.spi.WatchRequest;

/** What the contract, which is the same for all backends, does not know. */
class HttpInventoryDiscoveryTest {
    private static final String TWO = """
            {"nodes": [{"name": "node1", "addresses": ["10.0.3.12"]}, {"name": "node2", "addresses": ["10.0.3.13"]}]}""";
    private static final String ONE = """
            {"nodes": [{"name": "node2", "addresses": ["10.0.3.13"]}]}""";

    /** Longer than the answer may take, by enough for a machine that is busy. */
    private static final Duration LIMIT = Duration.ofMillis(1500);

    @TempDir
    Path state;

    private final InventoryServer server = new InventoryServer();
    private final HttpInventoryDiscovery backend = new HttpInventoryDiscovery();

    /** Everything that the backend says, as text. */
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @AfterEach
    void stopTheServer() {
        server.close();
    }

    @Test
    void reportsWhatIsListedOnce() throws Exception {
        server.answers(TWO);

        try (Watching watching = new Watching()) {
            watching.await("seen node2");
            server.answers(ONE);
            watching.await("lost node1 LEFT");
        }

        assertThat(told).containsOnlyOnce("seen node1", "seen node2", "127.0.0.1: 2 nodes listed");
    }

    @Test
    void endsAWatchWithALimitOnceTheDocumentIsRead() throws Exception {
        server.answers(TWO);
        long begin = System.nanoTime();

        watch(given("1s"), Duration.ofMinutes(5));

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMinutes(1));
        assertThat(told).containsOnlyOnce("seen node1", "seen node2");
    }

    @Test
    void keepsNodesWhileTheServerFails() throws Exception {
        server.answers(ONE);

        try (Watching watching = new Watching()) {
            watching.await("seen node2");
            server.answers(exchange -> exchange.sendResponseHeaders(503, -1));
            watching.await("127.0.0.1: the server answers with status 503");
            server.answers(TWO);
            watching.await("seen node1");
        }

        assertThat(told).doesNotContain("lost node2 LEFT");
    }

    @Test
    void leavesOutNodesOfOtherClusters() throws Exception {
        server.answers("""
                {"nodes": [{"name": "theirs", "addresses": ["10.0.3.13"], "cluster": "other"},
                           {"name": "ours", "addresses": ["10.0.3.12"], "cluster": "default"}]}""");

        try (Watching watching = new Watching()) {
            watching.await("seen ours");
        }

        assertThat(told).doesNotContain("seen theirs");
    }

    @Test
    void doesNotWaitForAServerThatDripsItsAnswer() {
        server.answers(exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            InventoryServer.hold();
        });

        assertThatThrownBy(() -> watch(given("1s"), LIMIT)).hasMessage("cannot read the inventory: no whole answer within 1s");
    }

    @Test
    void doesNotBlameAServerForAWatchThatIsTooShort() throws Exception {
        server.answersNothing();

        watch(Map.of("url", server.url().toString()), Duration.ofMillis(200));

        assertThat(told).contains("127.0.0.1: no whole answer yet");
    }

    @Test
    void givesUpAnEndlessAnswer() throws Exception {
        server.answers(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] blanks = " ".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
            while (!Thread.currentThread().isInterrupted()) {
                exchange.getResponseBody().write(blanks);
            }
        });

        try (Watching watching = new Watching()) {
            watching.await("127.0.0.1: the answer is larger than 1 MiB");
        }
    }

    @Test
    void saysThatNobodyListens() throws Exception {
        server.close();

        try (Watching watching = new Watching()) {
            watching.await("127.0.0.1: no connection to the server");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://example.org/x", "nodes.json", "http://", "http://pi:raspberry@example.org/", "http://a b/"
            })
    void refusesAnAddressThatIsOfNoUse(String url) {
        assertThatThrownBy(() -> watch(Map.of("url", url), LIMIT))
                .hasMessageStartingWith("http-inventory cannot use its url: ");
    }

    @Test
    void asksForTheAddress() {
        assertThatThrownBy(() -> watch(Map.of(), LIMIT))
                .isInstanceOfSatisfying(
                        SciabcException.class,
                        failure ->
                                assertThat(failure.hint()).contains("--set http-inventory.url=http://HOST/nodes.json"));
    }

    private Map<String, String> given(String timeout) {
        return Map.of("url", server.url().toString(), "every", "50ms", "timeout", timeout);
    }

    /** A watch on a thread of its own, with time enough for a machine that is busy. */
    private final class Watching implements AutoCloseable {
        private final Thread thread = new Thread(() -> {
            try {
                watch(given("30s"), Optional.empty());
            } catch (SciabcException | InterruptedException ended) {
                told.add("ended");
            }
        });

        Watching() {
            thread.start();
        }

        void await(String expected) throws InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!told.contains(expected)) {
                assertThat(System.nanoTime()).as(told.toString()).isLessThan(deadline);
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }

        @Override
        public void close() {
            thread.interrupt();
        }
    }

    private void watch(Map<String, String> given, Duration limit) throws SciabcException, InterruptedException {
        watch(given, Optional.of(limit));
    }

    private void watch(Map<String, String> given, Optional<Duration> limit)
            throws SciabcException, InterruptedException {
        Settings settings = Settings.of(backend.settings(), given);
        backend.watch(
                new WatchRequest("default", settings, List.of(), state, limit), new SightingListener() {
                    @Override
                    public void sighted(Sighting sighting) {
                        told.add(
                                sighting instanceof Sighting.Lost lost
                                        ? "lost " + lost.source() + " " + lost.reason()
                                        : "seen " + sighting.source());
                    }

                    @Override
                    public void listening(String place, String finding) {
                        if (!told.contains(place + ": " + finding)) {
                            told.add(place + ": " + finding);
                        }
                    }

                    @Override
                    public void notice(Notice notice) {
                        told.add(notice.text());
                    }
                });
    }
}
