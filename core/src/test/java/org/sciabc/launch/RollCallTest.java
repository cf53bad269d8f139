// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.LaunchRequest;

/** Who answers when a job has failed. The remote shell is a real program, and so is what it runs. */
@Timeout(60)
class RollCallTest {
    private static final Duration LONG = Duration.ofSeconds(50);

    @TempDir
    private Path folder;

    private FolderNodes nodes;

    @BeforeEach
    void makeNodes() throws Exception {
        nodes = FolderNodes.in(folder);
    }

    @Test
    void whereAllAnswerNobodyIsMissing() throws Exception {
        assertThat(missing(LONG)).isEmpty();
    }

    @Test
    void whoIsNotReachedIsMissing() throws Exception {
        Files.delete(nodes.of(2).resolve("bin"));
        Files.delete(nodes.of(2));

        assertThat(missing(LONG)).containsExactly(InetAddress.getByName("127.9.0.2"));
    }

    @Test
    void whoSaysNothingIsMissingWhenTimeIsUp() throws Exception {
        nodes.put(3, "bin/true", "#!/bin/sh\nexec sleep 50\n");
        nodes.program("shell", """
                #!/bin/sh
                PATH="%s/$1/bin:$PATH" exec "$2"
                """.formatted(folder));

        assertThat(missing(Duration.ofSeconds(2))).containsExactly(InetAddress.getByName("127.9.0.3"));
    }

    @Test
    void withoutARemoteShellAllAreMissing() throws Exception {
        Files.delete(folder.resolve("shell"));

        assertThat(missing(LONG)).hasSize(3);
    }

    private Set<InetAddress> missing(Duration limit) throws Exception {
        LaunchRequest request = nodes.request(List.of("sh"));
        return new RollCall(request.processes(), request.remoteShell()).missing(request.nodes(), limit);
    }
}
