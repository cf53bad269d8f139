// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.fixed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.Node;
import org.sciabc.testkit.DiscoveryContractTest;
import org.sciabc.testkit.Presence;
import org.sciabc.testkit.SampleNodes;

class StaticContractTest extends DiscoveryContractTest {
    private static final List<Node> LISTED = List.of(
            Node.of("127.0.0.1", List.of(SampleNodes.address("127.0.0.1")))
                    .withUser("ada")
                    .withPort(2222),
            Node.of("127.0.0.2", List.of(SampleNodes.address("127.0.0.2"))));

    @Override
    protected DiscoveryBackend create() {
        return new StaticDiscovery();
    }

    @TempDir
    private Path folder;

    @Override
    protected Map<String, String> given() {
        Path file = folder.resolve("list");
        return Map.of("file", Files.exists(file) ? file.toString() : write("").toString());
    }

    /** Whom a list names comes and goes with the list. */
    @Override
    protected Presence appear(Node node) {
        write("ada@127.0.0.1:2222,127.0.0.2");
        return Presence.of(LISTED, () -> write(""));
    }

    /** Writes the list; somebody is always in it. */
    private Path write(String more) {
        try {
            return Files.writeString(folder.resolve("list"), "127.0.0.9\n" + more + "\n");
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    @Override
    protected boolean endsWhenAllIsReported() {
        return true;
    }
}
