// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.testkit.PluginJar;

/**
 * Plugins with every mistake that is known, with the real script: each is named together with what mends it, and stops
 * neither the program nor the plugin beside it.
 */
class ContainedPluginsIT {

    private static final String PAUSE = "java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);";

    private static final String LEAVES_A_THREAD = "Thread thread = new Thread(() -> { while (true) " + PAUSE
            + " }, \"stays\"); thread.setDaemon(false); thread.start();";

    @TempDir
    private Path folder;

    private LocalSciabc sciabc;

    @BeforeEach
    void beginWithOneRightPlugin() {
        sciabc = LocalSciabc.in(folder);
        FoundPlugin.of("found").writeTo(sciabc.plugins());
    }

    @Nested
    class Jars {
        private final Map<String, String> expected = new TreeMap<>();

        /** All in one folder: the mistakes of one must not hide those of another, either. */
        @Test
        void areAllNamedTogetherWithWhatMendsThem() throws IOException, JsonParserException {
            writeBrokenArchives();
            writeBrokenPlugins();
            writeDoubtfulPlugins();

            Result result = sciabc.run("plugins", "--json");

            assertThat(result.exitStatus()).isEqualTo(65);
            JsonObject json = JsonParser.object().from(result.stdout());
            Map<String, String> named = named(json.getArray("problems"));
            assertThat(named).isEqualTo(expected);
            assertThat(sciabc.run("discover", "--discovery", "found", "--for", "2s")
                            .succeeded()
                            .stdout())
                    .contains("found-node");
        }

        /** The same without running anything: what happens only at run time is not seen, and nothing else is said. */
        @Test
        void areNamedBeforeTheyAreAdded() throws IOException, JsonParserException {
            writeBrokenArchives();
            writeBrokenPlugins();
            writeDoubtfulPlugins();
            expected.keySet().removeAll(Set.of("no-start.jar", "no-stop.jar", "no-constructor.jar", "twice.jar"));
            expected.put("incomplete.jar", "missing-class (used)");
            List<String> words = new ArrayList<>(List.of("plugins", "check", "--json"));
            try (Stream<Path> jars = Files.list(sciabc.plugins())) {
                jars.forEach(jar -> words.add(jar.toString()));
            }

            Result result = sciabc.run(words.toArray(String[]::new));

            assertThat(result.exitStatus()).isEqualTo(65);
            Map<String, String> named = new TreeMap<>();
            for (Object report : JsonParser.object().from(result.stdout()).getArray("jars")) {
                named.putAll(named(((JsonObject) report).getArray("problems")));
            }
            assertThat(named).isEqualTo(expected);
        }

        /** The kinds of the problems by the names of the jars. */
        private Map<String, String> named(JsonArray problems) {
            return problems.stream()
                    .map(JsonObject.class::cast)
                    .peek(problem -> assertThat(problem.getString("fix")).isNotBlank())
                    .collect(Collectors.toMap(
                            problem -> Path.of(problem.getString("jar"))
                                    .getFileName()
                                    .toString(),
                            problem -> problem.getString("kind") + (problem.getBoolean("usable") ? " (used)" : ""),
                            (one, other) -> one + " and " + other,
                            TreeMap::new));
        }

        private void writeBrokenArchives() throws IOException {
            Files.writeString(sciabc.plugins().resolve("no-zip.jar"), "no zip");
            expected.put("no-zip.jar", "unreadable");
            write(
                    "leading-out",
                    FoundPlugin.of("leading-out").entry("../../.ssh/authorized_keys", "x"),
                    "unsafe-entry");
            write("bomb", FoundPlugin.of("bomb").entry("zeros", new byte[64 << 20]), "bomb");
            write("no-id", FoundPlugin.of("no-id").withoutManifest("Plugin-Id"), "not-a-plugin");
            write("no-index", FoundPlugin.of("no-index").withoutProcessor(), "no-index");
        }

        private void writeBrokenPlugins() {
            write("future", FoundPlugin.of("future").manifest("Plugin-Requires", ">=99.0.0"), "spi-version");
            write(
                    "no-start",
                    life(
                            "no-start",
                            "@Override public void start() { throw new IllegalStateException(\"no start\"); }"),
                    "failed");
            write(
                    "no-stop",
                    life("no-stop", "@Override public void stop() { throw new IllegalStateException(\"no stop\"); }"),
                    "failed (used)");
            write(
                    "no-constructor",
                    FoundPlugin.of("no-constructor", "public Found() { throw new IllegalStateException(); }"),
                    "failed");
            write("renamed", FoundPlugin.of("renamed").index("example.Found", "example.Former"), "stale-index");
            write(
                    "incomplete",
                    FoundPlugin.of("incomplete", "private final Object it = new example.Gone();")
                            .source("example.Gone", "package example; public class Gone {}")
                            .without("example/Gone.class"),
                    "missing-class");
            FoundPlugin.of("found").manifest("Plugin-Version", "0.1.0").writeTo(sciabc.plugins(), "twice.jar");
            expected.put("twice.jar", "duplicate-plugin");
        }

        private void writeDoubtfulPlugins() {
            write("bundled", FoundPlugin.of("bundled").classes(DiscoveryBackend.class), "bundled-contract (used)");
            write(
                    "signed",
                    FoundPlugin.of("signed")
                            .entry("META-INF/BC.SF", "Signature-Version: 1.0\nSHA-256-Digest-Manifest: AAAA\n\n")
                            .entry("META-INF/BC.RSA", new byte[] {1, 2, 3}),
                    "signature (used)");
        }

        private PluginJar life(String id, String members) {
            return FoundPlugin.of(id)
                    .manifest("Plugin-Class", "example.Life")
                    .source(
                            "example.Life",
                            "package example; public class Life extends org.pf4j.Plugin { " + members + " }");
        }

        private void write(String id, PluginJar jar, String kind) {
            jar.writeTo(sciabc.plugins(), id + ".jar");
            expected.put(id + ".jar", kind);
        }
    }

    @Nested
    class OfOthers {
        @Test
        void areNamedInOneLineByAVerbThatDoesNotNeedThem() throws IOException {
            Files.writeString(sciabc.plugins().resolve("broken.jar"), "no zip");

            Result result = sciabc.run("discover", "--discovery", "found", "--for", "2s")
                    .succeeded();

            assertThat(result.stdout()).contains("found-node");
            assertThat(result.stderr())
                    .startsWith("warning: not using broken.jar: is not a jar, or is damaged"
                            + " ('sciabc plugins' says what mends it)\n")
                    .containsOnlyOnce("broken.jar");
        }

        @Test
        void areTheReasonWhenTheyAreTheOnesThatAreNeeded() {
            FoundPlugin.of("future").manifest("Plugin-Requires", ">=99.0.0").writeTo(sciabc.plugins());

            Result result = sciabc.run("discover", "--discovery", "future", "--for", "2s");

            assertThat(result.exitStatus()).isEqualTo(65);
            assertThat(result.stderr()).contains("cannot use plugin future (future.jar): was built for SPI >=99.0.0");
        }
    }

    @Nested
    class WhileTheyAreCreated {
        @Test
        void aPluginThatHangsIsGivenUpWithTheLineWhereItHangs() {
            Result result = created("public Found() { while (true) " + PAUSE + " }");

            assertThat(result.duration()).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(20));
            assertThat(result.stderr())
                    .contains("bad.jar: did not come back within 5s", "in example.Found.<init>, line ");
        }

        @Test
        void aPluginThatEndsTheProgramIsRefused() {
            assertThat(created("public Found() { System.exit(0); }").stderr())
                    .contains("bad.jar: tried to end the program with status 0");
        }

        /** That the JVM is ended all the same cannot be seen any better than by this returning. */
        @Test
        void aPluginThatStartsAThreadIsNamedAndTheProgramEnds() {
            Result result = sciabcWith("public Found() { " + LEAVES_A_THREAD + " }");

            assertThat(result.exitStatus()).isZero();
            assertThat(result.stderr()).contains("bad.jar: starts threads while it is loaded: 'stays' (not a daemon)");
        }

        @Test
        void aPluginThatPrintsDoesNotSpoilTheData() throws JsonParserException {
            FoundPlugin.of("bad", "public Found() { System.out.println(\"hello\"); }")
                    .writeTo(sciabc.plugins());

            Result result = sciabc.run("plugins", "--json").succeeded();

            assertThat(JsonParser.object().from(result.stdout())).containsKey("plugins");
            assertThat(result.stderr()).contains("plugin bad printed: hello");
        }

        private Result created(String constructor) {
            Result result = sciabcWith(constructor);
            assertThat(result.exitStatus()).isEqualTo(65);
            return result;
        }

        private Result sciabcWith(String constructor) {
            FoundPlugin.of("bad", constructor).writeTo(sciabc.plugins());
            Result result = sciabc.run("plugins");
            assertThat(result.stdout()).contains("discovery found: finds one node");
            return result;
        }
    }

    @Nested
    class WhileTheyAreUsed {
        @Test
        void aPluginThatThrowsIsNamedAndTheOthersAreHeard() {
            Result result = used("if (true) throw new IllegalStateException(\"no idea\");");

            assertThat(result.stderr())
                    .contains("plugin bad (bad.jar) broke down in watch: it failed: no idea")
                    .doesNotContain("IllegalState");
        }

        @Test
        void aPluginThatHangsIsLeftBehind() {
            Result result = used("if (true) while (true) " + PAUSE);

            assertThat(result.duration()).isLessThan(Duration.ofSeconds(30));
            assertThat(result.stderr()).contains("discovery through bad did not stop within 1s and was left behind");
        }

        @Test
        void aPluginThatEndsTheProgramIsRefused() {
            assertThat(used("System.exit(3);").stderr())
                    .contains("plugin bad (bad.jar) broke down in watch: it tried to end the program with status 3");
        }

        @Test
        void aPluginThatLeavesAThreadIsNamedAndTheProgramEnds() {
            Result result = used(LEAVES_A_THREAD);

            assertThat(result.stderr())
                    .contains("warning: plugin bad leaves threads running that would keep the program alive: 'stays'");
        }

        @Test
        void aPluginThatPrintsDoesNotSpoilTheData() {
            Result result = used("System.out.println(\"hello\");");

            assertThat(result.stdout()).doesNotContain("hello");
            assertThat(result.stderr())
                    .contains("plugin bad printed: hello", "warning: plugin bad prints to standard output");
        }

        /** With a right plugin beside it, which is heard all the same. */
        private Result used(String statements) {
            FoundPlugin.watching("bad", "", statements).writeTo(sciabc.plugins());
            Result result = sciabc.run("discover", "--discovery", "bad,found", "--for", "1s")
                    .succeeded();
            assertThat(result.stdout()).contains("found-node");
            return result;
        }
    }
}
