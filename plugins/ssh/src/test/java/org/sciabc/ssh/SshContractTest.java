// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.sciabc.spi.Provisioner;
import org.sciabc.testkit.ProvisionerContractTest;
import org.sciabc.testkit.ReachableNode;

/** The contract, against a server in this JVM that lets the manager in with a password. */
class SshContractTest extends ProvisionerContractTest {
    private Optional<MinaNode> mina = Optional.empty();

    @Override
    protected Provisioner create() throws IOException {
        Path userFolder = Files.createDirectories(temporaryFolder().resolve("user/.ssh"));
        Map<String, String> environment =
                Map.of("PATH", Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin"));
        return new SshProvisioner(new Surroundings(environment, userFolder, new SecureRandom()));
    }

    @Override
    protected ReachableNode reachable() throws IOException {
        if (mina.isEmpty()) {
            mina = Optional.of(MinaNode.in(temporaryFolder().resolve("home"))
                    .withPassword("ada", "right")
                    .start());
        }
        return ReachableNode.of(mina.get().node(), "ada").withPassword("right");
    }

    /** The server is in this JVM, and so are its threads; those that poll for it are the JDK's and have no name. */
    @Override
    protected boolean belongsToTheTest(Thread thread) {
        return thread.getName().startsWith("sshd-")
                || List.of(thread.getStackTrace()).stream()
                        .anyMatch(frame -> frame.getClassName().startsWith("sun.nio.ch.EPollPort"));
    }

    @AfterEach
    void stop() throws IOException {
        if (mina.isPresent()) {
            mina.get().close();
        }
    }
}
