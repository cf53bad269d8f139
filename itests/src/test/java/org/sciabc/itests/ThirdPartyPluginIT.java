// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plugins by somebody else: built outside of this project, with nothing of it in reach but the published artifacts. */
class ThirdPartyPluginIT {

    private static final String INVENTORY = """
            {"nodes": [{"name": "rack1", "addresses": ["127.3.0.1"], "port": 2222}, {"name": "rack2", "addresses": ["127.3.0.2"]}]}
            """;

    @TempDir
    private static Path shared;

    private static CleanMaven maven;

    @TempDir
    private Path folder;

    @BeforeAll
    static void installWhatIsPublished() throws IOException {
        maven = new CleanMaven(shared);
    }

    @Test
    void theExampleBuildsPassesTheContractAndFindsNodes() throws IOException {
        Path project = copyOf(Project.root().resolve("examples/plugin-http-inventory"), folder.resolve("project"));
        LocalSciabc sciabc =
                LocalSciabc.copiedTo(folder.resolve("sciabc"), Files.createDirectory(folder.resolve("home")));

        maven.verify(project).succeeded();
        sciabc.run(
                        "plugins",
                        "add",
                        project.resolve("target/http-inventory-1.0.0.jar").toString())
                .succeeded();

        assertThat(sciabc.run("plugins").succeeded().stdout())
                .contains("http-inventory 1.0.0  " + sciabc.sharedPlugins(), "http-inventory.every=10s");
        HttpServer server = serve(INVENTORY);
        try {
            Result found = sciabc.run(
                    "discover",
                    "--discovery",
                    "http-inventory",
                    "--set",
                    "http-inventory.url=http://127.0.0.1:" + server.getAddress().getPort() + "/",
                    "--expect",
                    "2");
            assertThat(found.succeeded().stdout()).contains("rack1", "127.3.0.1", "rack2", "http-inventory");
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"discovery", "provisioner", "launcher"})
    void aNewPluginBuildsPassesTheContractAndCanBeUsed(String kind) throws IOException {
        Path project = folder.resolve("rack");
        LocalSciabc sciabc = LocalSciabc.in(Files.createDirectory(folder.resolve("home")));

        sciabc.run("plugins", "new", project.toString(), "--kind", kind, "--id", "rack-list")
                .succeeded();
        maven.verify(project).succeeded();

        String jar = project.resolve("target/rack-list-0.1.0.jar").toString();
        assertThat(sciabc.run("plugins", "check", jar).succeeded().stderr())
                .isEqualTo("nothing is wrong with rack-list-0.1.0.jar\n");
        Files.copy(Path.of(jar), sciabc.plugins().resolve("rack-list.jar"));
        assertThat(sciabc.run("plugins").succeeded().stdout()).contains(kind + " rack-list: ");
    }

    private static HttpServer serve(String document) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        server.start();
        return server;
    }

    /** The sources without what an earlier build in their own place has left. */
    private static Path copyOf(Path project, Path copy) throws IOException {
        try (Stream<Path> files = Files.walk(project)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path relative = project.relativize(file);
                if (!relative.startsWith("target")) {
                    Path target = copy.resolve(relative.toString());
                    Path parent = target.getParent();
                    Files.createDirectories(parent == null ? copy : parent);
                    Files.copy(file, target);
                }
            }
        }
        return copy;
    }
}
