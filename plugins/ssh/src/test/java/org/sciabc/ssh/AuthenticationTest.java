// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.ConnectException;
import org.sciabc.spi.SciabcException;

class AuthenticationTest {
    @TempDir
    private Path folder;

    private MinaNode node;
    private ManagerSide manager;

    @BeforeEach
    void makeNode() throws Exception {
        node = MinaNode.in(folder.resolve("home"));
        manager = new ManagerSide(folder);
    }

    @AfterEach
    void stopNode() throws Exception {
        node.close();
    }

    @Test
    void clustersKeyLogsInAndNothingElseIsTried() throws Exception {
        node.withKey(TestKeys.ofLine(manager.clusterKey())).start();
        addUserKey("id_ed25519", TestKeys.ed25519());
        manager.ssh().connect(manager.request(node.node(), "pi", "unneeded")).close();
        assertThat(node.attempts()).containsOnly("key ssh-ed25519");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"})
    void personsOwnKeyLogsIn(String type) throws Exception {
        KeyPair pair = TestKeys.ofType(type);
        addUserKey(type.contains("rsa") ? "id_rsa" : type.contains("ecdsa") ? "id_ecdsa" : "id_ed25519", pair);
        node.withKey(pair.getPublic()).start();
        manager.ssh().connect(manager.request(node.node(), "pi")).close();
        assertThat(node.attempts()).contains("key " + type);
    }

    @Test
    void oldPemKeyLogsIn() throws Exception {
        KeyPair pair = TestKeys.rsa();
        Files.writeString(manager.userFolder.resolve("id_rsa"), Pem.pkcs1(pair.getPrivate()));
        node.withKey(pair.getPublic()).start();
        manager.ssh().connect(manager.request(node.node(), "pi")).close();
    }

    @Test
    void keyThatWasAskedForLogsIn() throws Exception {
        KeyPair pair = TestKeys.ed25519();
        Path file = folder.resolve("my key");
        write(pair, file, null);
        node.withKey(pair.getPublic()).start();
        manager.with("identity", file.toString()).with("user-keys", "false");
        manager.ssh().connect(manager.request(node.node(), "pi")).close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "simple",
                "with 'single' and \"double\" quotes",
                "  spaces around  ",
                "Grüße 漢字 🙂",
                "$(reboot); `id` \\ %"
            })
    void passwordOfAnyCharactersLogsIn(String password) throws Exception {
        node.withPassword("pi", password).start();
        manager.ssh().connect(manager.request(node.node(), "pi", password)).close();
    }

    @Test
    void passwordIsGivenAsAnAnswerWhereTheServerAsksForIt() throws Exception {
        node.withPassword("pi", "Grüße")
                .server()
                .setUserAuthFactories(List.of(UserAuthKeyboardInteractiveFactory.INSTANCE));
        node.start();
        manager.ssh().connect(manager.request(node.node(), "pi", "Grüße")).close();
    }

    @Test
    void wrongPasswordIsTriedOnceAndSaysWhatWasTried() throws Exception {
        node.withPassword("pi", "right").start();
        manager.clusterKey();
        assertThatThrownBy(() -> manager.ssh().connect(manager.request(node.node(), "pi", "wrong")))
                .isInstanceOfSatisfying(ConnectException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(ConnectException.Kind.AUTHENTICATION);
                    assertThat(failure)
                            .hasMessage("login as pi refused: tried the cluster's key (refused), password (refused)");
                    assertThat(failure.hint()).get().asString().contains("--user NAME", "--ask-password");
                });
        assertThat(node.attempts()).filteredOn("password"::equals).hasSize(1);
    }

    @Test
    void withoutAKeyOrPasswordItSaysSo() throws Exception {
        node.withPassword("pi", "right").start();
        assertThatThrownBy(() -> manager.ssh().connect(manager.request(node.node(), "pi")))
                .isInstanceOfSatisfying(ConnectException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(ConnectException.Kind.AUTHENTICATION);
                    assertThat(failure).hasMessage("login as pi refused: there is no key to try, and no password");
                });
    }

    @Test
    void encryptedKeyIsNamedAndNotTried() throws Exception {
        write(TestKeys.ed25519(), manager.userFolder.resolve("id_ed25519"), "secret");
        node.start();
        assertThatThrownBy(() -> manager.ssh().connect(manager.request(node.node(), "pi")))
                .hasMessageContaining("~/.ssh/id_ed25519 (encrypted, or not a private key)");
    }

    @Test
    void personsKeysAreLeftAloneWhenToldSo() throws Exception {
        KeyPair pair = TestKeys.ed25519();
        addUserKey("id_ed25519", pair);
        node.withKey(pair.getPublic()).start();
        manager.with("user-keys", "false");
        assertThatThrownBy(() -> manager.ssh().connect(manager.request(node.node(), "pi")))
                .hasMessageEndingWith("there is no key to try, and no password");
        assertThat(node.attempts()).isEmpty();
    }

    @Test
    void passwordIsReachedThoughTheServerHangsUpAfterTwoRefusals() throws Exception {
        CoreModuleProperties.MAX_AUTH_REQUESTS.set(
                node.withPassword("pi", "right").server(), 2);
        node.start();
        manager.clusterKey();
        addUserKey("id_ed25519", TestKeys.ed25519());
        addUserKey("id_ecdsa", TestKeys.ecdsa(256));
        addUserKey("id_rsa", TestKeys.rsa());
        manager.ssh().connect(manager.request(node.node(), "pi", "right")).close();
    }

    @Test
    void passwordThatTheServerDoesNotAllowIsNotSent() throws Exception {
        node.withPassword("pi", "right").server().setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        node.start();
        assertThatThrownBy(() -> manager.ssh().connect(manager.request(node.node(), "pi", "right")))
                .hasMessage("login as pi refused: tried password (the server allows only publickey)");
    }

    @Test
    void serverThatStopsWhileItChecksThePasswordIsSilentWhenTimeIsUp() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        node.server().setPasswordAuthenticator((user, password, session) -> hangs(over));
        node.start();
        var request = ManagerSide.within(manager.request(node.node(), "pi", "right"), Duration.ofSeconds(2));
        assertThatThrownBy(() -> manager.ssh().connect(request))
                .isInstanceOfSatisfying(ConnectException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(ConnectException.Kind.SILENT);
                    assertThat(failure)
                            .hasMessage("the login did not come to an end:"
                                    + " the node stopped answering in the middle of it, after 2 s");
                });
        over.countDown();
    }

    @Test
    void interruptionIsObeyedWhileTheServerChecksThePassword() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        node.server().setPasswordAuthenticator((user, password, session) -> {
            asked.countDown();
            return hangs(over);
        });
        node.start();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                manager.ssh().connect(manager.request(node.node(), "pi", "right"));
            } catch (SciabcException | InterruptedException failure) {
                thrown.set(failure);
            }
        });
        thread.start();
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        thread.interrupt();
        thread.join(1_000);
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        over.countDown();
    }

    private static boolean hangs(CountDownLatch over) {
        try {
            return over.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void addUserKey(String name, KeyPair pair) throws Exception {
        write(pair, manager.userFolder.resolve(name), null);
    }

    private static void write(KeyPair pair, Path file, @org.jspecify.annotations.Nullable String passphrase)
            throws Exception {
        OpenSSHKeyEncryptionContext context = new OpenSSHKeyEncryptionContext();
        context.setPassword(passphrase);
        context.setCipherType("256");
        context.setCipherMode("CTR");
        try (var out = Files.newOutputStream(file)) {
            new OpenSSHKeyPairResourceWriter().writePrivateKey(pair, "test", passphrase == null ? null : context, out);
        }
    }
}
