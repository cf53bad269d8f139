// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;

/**
 * A real sshd on a port of 127.0.0.1, for the user who runs the tests. Where there is none, the test is skipped and says so.
 */
final class OpenSshNode implements AutoCloseable {
    private final Path folder;
    private final int port;
    private final Process process;

    private OpenSshNode(Path folder, int port, Process process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /** Starts one that lets the bearer of this key in. */
    static OpenSshNode start(Path folder, String authorizedKey, String... moreConfiguration)
            throws IOException, InterruptedException, SciabcException {
        String program = program();
        Files.createDirectories(folder);
        ClusterKey.publicLine(folder, "host", new SecureRandom());
        Files.writeString(folder.resolve("authorized_keys"), authorizedKey + "\n");
        int port = freePort();
        String configuration = """
                Port %d
                ListenAddress 127.0.0.1
                HostKey %s/id_ed25519
                AuthorizedKeysFile %s/authorized_keys
                StrictModes no
                PidFile none
                UsePAM no
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                PermitRootLogin yes
                """.formatted(port, folder, folder) + String.join("\n", moreConfiguration) + "\n";
        Path file = Files.writeString(folder.resolve("sshd_config"), configuration);
        Process process = new ProcessBuilder(program, "-D", "-e", "-f", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        OpenSshNode node = new OpenSshNode(folder, port, process);
        node.awaitPort();
        return node;
    }

    Node node() {
        return Node.of("openssh", List.of(InetAddress.getLoopbackAddress())).withPort(port);
    }

    /** The account that may log in. */
    static String user() {
        return System.getProperty("user.name");
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }

    private void awaitPort() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() < end && process.isAlive()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException notYet) {
                process.waitFor(20, TimeUnit.MILLISECONDS);
            }
        }
        close();
        String log = Files.readString(folder.resolve("log"));
        if (log.contains("Privilege separation user")) {
            abort("root needs an account named sshd for an SSH server: install openssh-server");
        }
        fail("sshd did not start: " + log);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String program() {
        return Optional.ofNullable(System.getenv("SCIABC_SSHD"))
                .or(() -> List.of("/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd").stream()
                        .filter(file -> Files.isExecutable(Path.of(file)))
                        .findFirst())
                .orElseGet(() -> abort("no sshd on this machine: install openssh-server, or name one in SCIABC_SSHD"));
    }
}
