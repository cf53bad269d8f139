// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.core.CoreModuleProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.ConnectException;
import org.sciabc.spi.HostKeyDecision;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.NodeId;

class HostKeyTest {
    @TempDir
    private Path folder;

    private final List<MinaNode> nodes = new ArrayList<>();
    private ManagerSide manager;

    @BeforeEach
    void makeManager() throws Exception {
        manager = new ManagerSide(folder);
    }

    @AfterEach
    void stopNodes() throws Exception {
        for (MinaNode node : nodes) {
            node.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"})
    void keyOfEveryTypeIsAcceptedOnceAndKnownFromThenOn(String type) throws Exception {
        MinaNode node = start(TestKeys.ofType(type));
        List<String> asked = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            manager.ssh()
                    .connect(ManagerSide.deciding(
                            manager.request(node.node(), "pi", "raspberry"), (who, key) -> asked.add(key)))
                    .close();
        }
        String kind = type.equals("ssh-ed25519") ? "ED25519" : type.equals("ssh-rsa") ? "RSA" : "ECDSA";
        assertThat(asked).singleElement().asString().matches(kind + " SHA256:[A-Za-z0-9+/]{43}");
        assertThat(Files.readAllLines(manager.state.resolve("known_hosts")))
                .singleElement()
                .asString()
                .startsWith("[127.0.0.1]:" + node.port() + " " + type + " ");
    }

    @Test
    void aConnectionTellsWhichKeyItWasVerifiedBy() throws Exception {
        MinaNode node = start(TestKeys.ed25519());
        List<String> asked = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            try (NodeConnection connection = manager.ssh()
                    .connect(ManagerSide.deciding(
                            manager.request(node.node(), "pi", "raspberry"), (who, key) -> asked.add(key)))) {
                assertThat(connection.hostKey())
                        .hasValueSatisfying(
                                key -> assertThat(asked).singleElement().isEqualTo("ED25519 " + key));
            }
        }
    }

    @Test
    void refusedKeyIsNotKnownAndNothingSecretWasSent() throws Exception {
        MinaNode node = start(TestKeys.ed25519());
        assertThatThrownBy(() -> manager.ssh()
                        .connect(ManagerSide.deciding(
                                manager.request(node.node(), "pi", "raspberry"), HostKeyDecision.REFUSE)))
                .isInstanceOfSatisfying(ConnectException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(ConnectException.Kind.HOST_KEY_UNKNOWN);
                    assertThat(failure)
                            .hasMessageMatching(
                                    "the host key is not known: ED25519 SHA256:[A-Za-z0-9+/]{43} was not accepted");
                    assertThat(failure.hint()).get().asString().contains("--accept-new-host-keys");
                });
        assertThat(manager.state.resolve("known_hosts")).doesNotExist();
        assertThat(node.attempts()).isEmpty();
    }

    @Test
    void changedKeyIsRefusedWithoutAQuestion() throws Exception {
        MinaNode before = start(TestKeys.ed25519());
        Node node = before.node();
        manager.ssh().connect(manager.request(node, "pi", "raspberry")).close();
        before.close();
        MinaNode after = make(TestKeys.ed25519());
        after.server().setPort(node.port());
        after.start();
        assertThatThrownBy(() -> manager.ssh().connect(manager.request(node, "pi", "raspberry")))
                .isInstanceOfSatisfying(ConnectException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(ConnectException.Kind.HOST_KEY_CHANGED);
                    assertThat(failure)
                            .hasMessageMatching("the host key has changed: known is ED25519 SHA256:\\S+,"
                                    + " presented is ED25519 SHA256:\\S+: the machine was installed anew, .*");
                    assertThat(failure.hint())
                            .get()
                            .asString()
                            .contains("ssh-keygen -R '[127.0.0.1]:" + node.port() + "' -f '");
                });
        assertThat(after.attempts()).isEmpty();
    }

    @Test
    void nodeWithAnIdentityIsKnownAtItsNextAddress() throws Exception {
        KeyPair key = TestKeys.ed25519();
        NodeId id = new NodeId("node-identity-1");
        manager.ssh()
                .connect(manager.request(start(key).node().withId(id), "pi", "raspberry"))
                .close();
        var elsewhere = ManagerSide.deciding(
                manager.request(start(key).node().withId(id), "pi", "raspberry"), HostKeyDecision.REFUSE);
        manager.ssh().connect(elsewhere).close();
    }

    @Test
    void nodeWithAnIdentityAndAnotherKeyIsRefusedAtAnyAddress() throws Exception {
        NodeId id = new NodeId("node-identity-1");
        manager.ssh()
                .connect(manager.request(start(TestKeys.ed25519()).node().withId(id), "pi", "raspberry"))
                .close();
        Node impostor = start(TestKeys.ed25519()).node().withId(id);
        assertThatThrownBy(() -> manager.ssh().connect(manager.request(impostor, "pi", "raspberry")))
                .isInstanceOfSatisfying(
                        ConnectException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(ConnectException.Kind.HOST_KEY_CHANGED));
    }

    @Test
    void keyThatThePersonKnowsAlreadyNeedsNoQuestion() throws Exception {
        MinaNode node = start(TestKeys.ed25519());
        var request = manager.request(node.node(), "pi", "raspberry");
        manager.ssh().connect(request).close();
        Files.move(manager.state.resolve("known_hosts"), manager.userFolder.resolve("known_hosts"));
        byte[] before = Files.readAllBytes(manager.userFolder.resolve("known_hosts"));
        manager.ssh()
                .connect(ManagerSide.deciding(request, HostKeyDecision.REFUSE))
                .close();
        assertThat(manager.state.resolve("known_hosts")).exists();
        assertThat(Files.readAllBytes(manager.userFolder.resolve("known_hosts")))
                .isEqualTo(before);
    }

    @Test
    void keyThatDiffersFromTheAnnouncedOneIsRefused() throws Exception {
        Node node = start(TestKeys.ed25519()).node().withHostKey("SHA256:" + "A".repeat(43));
        assertThatThrownBy(() -> manager.ssh().connect(manager.request(node, "pi", "raspberry")))
                .isInstanceOfSatisfying(ConnectException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(ConnectException.Kind.HOST_KEY_UNKNOWN);
                    assertThat(failure)
                            .hasMessageMatching("the host key is not the one that was announced:"
                                    + " announced is SHA256:A{43}, presented is ED25519 SHA256:\\S+");
                });
    }

    @Test
    void announcedKeyIsStillAskedAbout() throws Exception {
        KeyPair pair = TestKeys.ed25519();
        Node node = start(pair).node().withHostKey(HostKey.of(pair.getPublic()).sha256());
        AtomicReference<String> asked = new AtomicReference<>();
        manager.ssh()
                .connect(ManagerSide.deciding(manager.request(node, "pi", "raspberry"), (who, key) -> {
                    asked.set(key);
                    return true;
                }))
                .close();
        assertThat(asked.get()).isEqualTo("ED25519 " + node.hostKey().orElseThrow());
    }

    @Test
    void timeToThinkDoesNotCount() throws Exception {
        MinaNode node = start(TestKeys.ed25519());
        var request = ManagerSide.within(manager.request(node.node(), "pi", "raspberry"), Duration.ofSeconds(2));
        manager.ssh()
                .connect(ManagerSide.deciding(request, (who, key) -> {
                    awaitQuietly(Duration.ofMillis(2_500));
                    return true;
                }))
                .close();
    }

    @Test
    void whoThinksLongerThanTheServerWaitsIsNotAskedAgain() throws Exception {
        MinaNode node = make(TestKeys.ed25519());
        CoreModuleProperties.AUTH_TIMEOUT.set(node.server(), Duration.ofMillis(800));
        node.start();
        List<String> asked = new ArrayList<>();
        manager.ssh()
                .connect(ManagerSide.deciding(manager.request(node.node(), "pi", "raspberry"), (who, key) -> {
                    awaitQuietly(Duration.ofSeconds(2));
                    return asked.add(key);
                }))
                .close();
        assertThat(asked).hasSize(1);
    }

    @Test
    void interruptionWhileAPersonThinksIsObeyed() throws Exception {
        MinaNode node = start(TestKeys.ed25519());
        CountDownLatch asked = new CountDownLatch(1);
        var request = ManagerSide.deciding(manager.request(node.node(), "pi", "raspberry"), (who, key) -> {
            asked.countDown();
            awaitQuietly(Duration.ofSeconds(20));
            return true;
        });
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                manager.ssh().connect(request);
            } catch (Exception failure) {
                thrown.set(failure);
            }
        });
        thread.start();
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        thread.interrupt();
        thread.join(1_000);
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(manager.state.resolve("known_hosts")).doesNotExist();
    }

    private MinaNode make(KeyPair key) throws Exception {
        MinaNode node = MinaNode.in(folder.resolve("home"), key, List.of("/bin/sh", "-c"))
                .withPassword("pi", "raspberry");
        nodes.add(node);
        return node;
    }

    private MinaNode start(KeyPair key) throws Exception {
        return make(key).start();
    }

    private static void awaitQuietly(Duration time) {
        try {
            new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
