// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.sciabc.plugin.ComponentInfo;
import org.sciabc.plugin.Offer;
import org.sciabc.plugin.PluginHost;
import org.sciabc.plugin.PluginHostRequest;
import org.sciabc.plugin.PluginInfo;
import org.sciabc.plugin.PluginJarCheck;
import org.sciabc.plugin.PluginProblem;

/**
 * What the host demands of a plugin's finished jar, as tests. They need the jar, and so run after the phase {@code package}: a
 * plugin's own test extends this class, has a name that ends in {@code IT}, and is run by the failsafe plugin.
 *
 * <pre>{@code
 * class InventoryPackagedIT extends PackagedPluginContractTest {}
 * }</pre>
 */
@Isolated("looks at the threads and the standard output of the whole JVM")
public abstract class PackagedPluginContractTest {
    private static final String PROPERTY = "sciabc.plugin.jar";

    @TempDir
    private Path temporary;

    /** For subclasses. */
    protected PackagedPluginContractTest() {}

    /**
     * The plugin's jar.
     *
     * @return the file that the system property {@code sciabc.plugin.jar} names; without it, the only jar in {@code target} that
     *     has a {@code Plugin-Id} in its manifest
     * @throws IOException when the folder cannot be read
     */
    protected Path jar() throws IOException {
        Optional<Path> named = Optional.ofNullable(System.getProperty(PROPERTY)).map(Path::of);
        if (named.isPresent()) {
            return named.get();
        }
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            List<Path> plugins = files.filter(file -> file.toString().endsWith(".jar"))
                    .filter(PackagedPluginContractTest::isPlugin)
                    .toList();
            assertThat(plugins)
                    .as("the jars in target with a Plugin-Id; name one with the system property %s", PROPERTY)
                    .hasSize(1);
            return plugins.get(0);
        }
    }

    @Test
    final void isFoundInOrderWithoutRunningIt() throws Exception {
        assertThat(PluginJarCheck.examine(jar()).problems())
                .as("what 'sciabc plugins check' says of the jar")
                .isEmpty();
    }

    @Test
    final void holdsNothingThatBelongsToTheHost() throws Exception {
        try (JarFile file = new JarFile(jar().toFile())) {
            assertThat(file.stream().map(entry -> entry.getName()).filter(PackagedPluginContractTest::isTheHosts))
                    .as("core, pf4j and slf4j come from the host: in a plugin's pom they have the scope 'provided'")
                    .isEmpty();
        }
    }

    @Test
    final void loadsWithoutAProblem() throws Exception {
        try (PluginHost host = PluginHost.open(request(folderWithJar("one")))) {
            List<ComponentInfo> components = host.describe();

            assertThat(host.problems()).as("what the host says of the plugin").isEmpty();
            assertThat(components).as("the components of the plugin").isNotEmpty();
            host.close();
            assertThat(host.problems())
                    .as("what the host says of the plugin when it was closed")
                    .isEmpty();
        }
    }

    @Test
    final void declaresItsComponents() throws Exception {
        try (PluginHost host = PluginHost.open(request(folderWithJar("one")))) {
            List<Offer> loaded =
                    host.describe().stream().map(ComponentInfo::offer).toList();
            Optional<List<Offer>> declared = host.plugins().stream()
                    .map(PluginInfo::declared)
                    .findFirst()
                    .orElseThrow();

            assertThat(declared)
                    .as(
                            "Sciabc-Components in the manifest, by which the host finds a component without loading all plugins")
                    .hasValueSatisfying(offers -> assertThat(offers).containsExactlyInAnyOrderElementsOf(loaded));
        }
    }

    @Test
    final void printsNothingWhileItIsLoaded() throws Exception {
        ByteArrayOutputStream aside = new ByteArrayOutputStream();
        PrintStream stray = new PrintStream(aside, true, StandardCharsets.UTF_8);
        try (PluginHost host = PluginHost.open(request(folderWithJar("one")).withStray(stray))) {
            host.describe();
        }
        assertThat(aside.toString(StandardCharsets.UTF_8))
                .as("what the plugin printed")
                .isEmpty();
    }

    @Test
    final void isNotDisturbedByACopyOfItself() throws Exception {
        ThreadsBefore threads = new ThreadsBefore(thread -> false);
        PluginHost first = PluginHost.open(request(folderWithJar("one")));
        PluginHost second = PluginHost.open(request(folderWithJar("two")));
        try (first;
                second) {
            List<Offer> offers =
                    first.describe().stream().map(ComponentInfo::offer).toList();
            assertThat(second.describe().stream().map(ComponentInfo::offer)).containsExactlyElementsOf(offers);
            first.close();
            for (Offer offer : offers) {
                assertThat(second.component(offer.kind().type(), offer.id()).id())
                        .as("what the second copy answers when the first is closed")
                        .isEqualTo(offer.id());
            }
            assertThat(Stream.of(first, second).map(PluginHost::problems).flatMap(List<PluginProblem>::stream))
                    .as("what the hosts say of the two copies")
                    .isEmpty();
        }
        threads.requireThatAllOthersEnd("both copies were closed");
    }

    private static PluginHostRequest request(Path folder) {
        return PluginHostRequest.of(List.of(folder));
    }

    private Path folderWithJar(String name) throws IOException {
        Path folder = Files.createDirectory(
                temporary.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path copy = Files.copy(jar(), folder.resolve("plugin.jar"));
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
        return folder;
    }

    private static boolean isTheHosts(String entry) {
        return Stream.of("org/sciabc/spi/", "org/sciabc/plugin/", "org/sciabc/testkit/", "org/pf4j/", "org/slf4j/")
                .anyMatch(entry::startsWith);
    }

    private static boolean isPlugin(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest() != null
                    && file.getManifest().getMainAttributes().getValue("Plugin-Id") != null;
        } catch (IOException notAJar) {
            return false;
        }
    }
}
