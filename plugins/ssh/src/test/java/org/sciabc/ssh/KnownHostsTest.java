// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;

class KnownHostsTest {
    private static final NodeId ID = new NodeId("node-identity-1");
    private static final NodeId ANOTHER_ID = new NodeId("node-identity-2");

    @TempDir
    private Path folder;

    private Path users;
    private KnownHosts known;

    @BeforeEach
    void makeFolders() throws Exception {
        users = Files.createDirectories(folder.resolve(".ssh"));
        known = new KnownHosts(folder, users);
    }

    @Test
    void nothingIsKnownAtFirst() throws Exception {
        assertThat(known.verdict(node(), at("10.0.3.1", 22), HostKeys.A)).isEqualTo(new KnownHosts.Unknown());
    }

    @Test
    void rememberedKeyIsTrustedAndAnotherOneHasChanged() throws Exception {
        known.remember(node(), at("10.0.3.1", 22), HostKeys.A);
        assertThat(known.verdict(node(), at("10.0.3.1", 22), HostKeys.A)).isEqualTo(new KnownHosts.Trusted());
        assertThat(known.verdict(node(), at("10.0.3.1", 22), HostKeys.B))
                .isEqualTo(new KnownHosts.Changed(HostKeys.A, "10.0.3.1"));
    }

    @Test
    void keyOfAnotherTypeIsAChangeAsWell() throws Exception {
        known.remember(node(), at("10.0.3.1", 22), HostKeys.A);
        assertThat(known.verdict(node(), at("10.0.3.1", 22), HostKeys.OF_RSA)).isInstanceOf(KnownHosts.Changed.class);
    }

    @Test
    void portsAreKeptApart() throws Exception {
        known.remember(node(), at("10.0.3.1", 2222), HostKeys.A);
        assertThat(known.verdict(node(), at("10.0.3.1", 22), HostKeys.B)).isEqualTo(new KnownHosts.Unknown());
        assertThat(Files.readString(known.file())).startsWith("[10.0.3.1]:2222 ssh-ed25519 ");
    }

    @Test
    void identityCountsMoreThanTheAddress() throws Exception {
        known.remember(node().withId(ID), at("10.0.3.1", 22), HostKeys.A);
        assertThat(known.verdict(node().withId(ID), at("10.0.3.99", 22), HostKeys.A))
                .isEqualTo(new KnownHosts.Trusted());
        assertThat(known.verdict(node().withId(ID), at("10.0.3.99", 22), HostKeys.B))
                .isEqualTo(new KnownHosts.Changed(HostKeys.A, "sciabc-node-identity-1"));
    }

    @Test
    void addressThatWasGivenToAnotherNodeIsNotAChange() throws Exception {
        known.remember(node().withId(ID), at("10.0.3.1", 22), HostKeys.A);
        assertThat(known.verdict(node().withId(ANOTHER_ID), at("10.0.3.1", 22), HostKeys.B))
                .isEqualTo(new KnownHosts.Unknown());
        known.remember(node().withId(ANOTHER_ID), at("10.0.3.1", 22), HostKeys.B);
        assertThat(known.verdict(node().withId(ANOTHER_ID), at("10.0.3.1", 22), HostKeys.B))
                .isEqualTo(new KnownHosts.Trusted());
    }

    @Test
    void nodeWithoutAnIdentityCannotTakeTheAddressOfOneThatHasOne() throws Exception {
        known.remember(node().withId(ID), at("10.0.3.1", 22), HostKeys.A);
        assertThat(known.verdict(node(), at("10.0.3.1", 22), HostKeys.B)).isInstanceOf(KnownHosts.Changed.class);
    }

    @Test
    void nodeThatWasKnownByItsAddressIsKnownByItsIdentityFromThenOn() throws Exception {
        known.remember(node(), at("10.0.3.1", 22), HostKeys.A);
        known.remember(node().withId(ID), at("10.0.3.1", 22), HostKeys.A);
        assertThat(known.verdict(node().withId(ID), at("10.0.3.2", 22), HostKeys.A))
                .isEqualTo(new KnownHosts.Trusted());
    }

    @Test
    void aNodeIsKnownByItsIdentityOrByAnAddressThatIsNotAnothers() throws Exception {
        assertThat(known.isKnown(node(), at("10.0.3.1", 22))).isFalse();
        known.remember(node().withId(ID), at("10.0.3.1", 22), HostKeys.A);
        assertThat(known.isKnown(node().withId(ID), at("10.0.3.99", 22))).isTrue();
        assertThat(known.isKnown(node(), at("10.0.3.1", 22))).isTrue();
        assertThat(known.isKnown(node(), at("10.0.3.1", 2222))).isFalse();
        assertThat(known.isKnown(node().withId(ANOTHER_ID), at("10.0.3.1", 22))).isFalse();
    }

    @Test
    void sameKeyIsWrittenOnce() throws Exception {
        for (int i = 0; i < 3; i++) {
            known.remember(node(), at("10.0.3.1", 22), HostKeys.A);
        }
        assertThat(Files.readAllLines(known.file())).hasSize(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(known.file())))
                .isEqualTo("rw-------");
    }

    @Test
    void foreignLinesStayAndAMissingLineEndIsMadeUpFor() throws Exception {
        Files.writeString(
                known.file(),
                "# by hand\n|1|x|y ssh-rsa nonsense\nother.example " + HostKeys.B.type() + " " + HostKeys.B.base64());
        known.remember(node(), at("10.0.3.1", 22), HostKeys.A);
        assertThat(Files.readAllLines(known.file())).hasSize(4).first().isEqualTo("# by hand");
        assertThat(known.verdict(node(), at("10.0.3.1", 22), HostKeys.A)).isEqualTo(new KnownHosts.Trusted());
    }

    @Test
    void linesOfManyThreadsAreAllKept() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Void>> all = new ArrayList<>();
            for (int i = 1; i <= 64; i++) {
                Endpoint endpoint = at("10.0.3." + i, 22);
                all.add(() -> {
                    known.remember(node(), endpoint, HostKeys.A);
                    return null;
                });
            }
            for (Future<Void> future : threads.invokeAll(all)) {
                future.get();
            }
            assertThat(Files.readAllLines(known.file())).hasSize(64);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void opensshFindsWhatWasRemembered() throws Exception {
        known.remember(node().withId(ID), at("10.0.3.1", 2222), HostKeys.A);
        for (String name : List.of("[10.0.3.1]:2222", "sciabc-node-identity-1")) {
            assertThat(Tools.run(List.of(
                            Tools.program("ssh-keygen"),
                            "-F",
                            name,
                            "-f",
                            known.file().toString())))
                    .contains(HostKeys.A.base64());
        }
    }

    @Test
    void fingerprintIsTheOneThatOpensshPrints() throws Exception {
        known.remember(node(), at("10.0.3.1", 22), HostKeys.A);
        assertThat(Tools.run(List.of(
                        Tools.program("ssh-keygen"), "-l", "-f", known.file().toString())))
                .contains(HostKeys.A.sha256())
                .contains("(" + HostKeys.A.fingerprint().replaceAll(" .*", "") + ")");
    }

    @Test
    void hashedLineOfThePersonIsUnderstood() throws Exception {
        Path file = users.resolve("known_hosts");
        Files.writeString(file, "10.0.3.1 " + HostKeys.A.type() + " " + HostKeys.A.base64() + "\n");
        Tools.run(List.of(Tools.program("ssh-keygen"), "-H", "-f", file.toString()));
        assertThat(Files.readString(file)).startsWith("|1|");
        assertThat(known.verdict(node(), at("10.0.3.1", 22), HostKeys.A)).isEqualTo(new KnownHosts.Trusted());
        assertThat(known.verdict(node(), at("10.0.3.2", 22), HostKeys.A)).isEqualTo(new KnownHosts.Unknown());
    }

    @Test
    void keyThatThePersonRevokedIsNotTrusted() throws Exception {
        String key = HostKeys.A.type() + " " + HostKeys.A.base64();
        Files.writeString(users.resolve("known_hosts"), "10.0.3.1 " + key + "\n@revoked * " + key + "\n");
        assertThat(known.verdict(node(), at("10.0.3.1", 22), HostKeys.A)).isEqualTo(new KnownHosts.Unknown());
    }

    private static Node node() {
        return Node.of("node", List.of());
    }

    private static Endpoint at(String address, int port) throws Exception {
        return new Endpoint(InetAddress.getByName(address), port);
    }
}
