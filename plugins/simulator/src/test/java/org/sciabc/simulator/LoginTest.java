// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Map;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sciabc.spi.Node;

@TestInstance(Lifecycle.PER_CLASS)
final class LoginTest {
    private static final String ME = System.getProperty("user.name", "");

    private final SshUser user = new SshUser();
    private Classroom classroom;

    @BeforeAll
    void open(@TempDir Path state) throws Exception {
        classroom = Classroom.open(state, Map.of("address", Classroom.freshAddress(), "port", "2300", "nodes", "2"));
    }

    @AfterAll
    void close() {
        classroom.close();
        user.close();
    }

    @Test
    void passwordLetsItsOwnerIn() throws Exception {
        try (ClientSession session = user.withPassword(classroom.node(1), ME, classroom.password())) {
            assertThat(SshUser.run(session, "echo in").out()).isEqualTo("in\n");
        }
    }

    @Test
    void wrongPasswordIsRefused() {
        assertRefused(() -> user.withPassword(classroom.node(1), ME, classroom.password() + "x"));
    }

    @Test
    void otherAccountIsRefusedEvenWithThePassword() {
        assertRefused(() -> user.withPassword(classroom.node(1), "somebody-else", classroom.password()));
    }

    @Test
    void keyLetsItsOwnerInFromTheMomentThatItWasAuthorised() throws Exception {
        KeyPair key = newKey("Ed25519", 255);
        assertRefused(() -> user.withKey(classroom.node(1), ME, key));
        authorise(1, "# the next line is no key\nssh-ed25519 nonsense\n" + line(key) + " person@manager\n");
        try (ClientSession session = user.withKey(classroom.node(1), ME, key)) {
            assertThat(SshUser.run(session, "echo in").out()).isEqualTo("in\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"RSA,2048", "EC,256", "Ed25519,255"})
    void keysOfEveryUsualTypeAreUnderstood(String algorithm, int size) throws Exception {
        KeyPair key = newKey(algorithm, size);
        authorise(1, "restrict,command=\"x\" " + line(key) + "\n");
        try (ClientSession session = user.withKey(classroom.node(1), ME, key)) {
            assertThat(session.isAuthenticated()).isTrue();
        }
    }

    @Test
    void keyOfOneNodeIsNoKeyOfAnother() throws Exception {
        KeyPair key = newKey("Ed25519", 255);
        authorise(1, line(key) + "\n");
        assertRefused(() -> user.withKey(classroom.node(2), ME, key));
    }

    @Test
    void keysThatOthersMayWriteAreNoKeys() throws Exception {
        KeyPair key = newKey("Ed25519", 255);
        Path file = authorise(2, line(key) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
        assertRefused(() -> user.withKey(classroom.node(2), ME, key));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        user.withKey(classroom.node(2), ME, key).close();
    }

    @Test
    void eachNodeHasTheHostKeyThatItAnnounced() throws Exception {
        // SshUser accepts no other.
        for (Node node : classroom.nodes()) {
            user.connect(node, ME).close();
        }
        assertThat(classroom.nodes()).extracting(Node::hostKey).doesNotHaveDuplicates();
    }

    private Path authorise(int number, String lines) throws Exception {
        Path folder = Files.createDirectories(
                classroom.home(number).resolve(".ssh"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return Files.writeString(
                folder.resolve("authorized_keys"), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static KeyPair newKey(String algorithm, int size) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(size);
        return generator.generateKeyPair();
    }

    private static String line(KeyPair key) {
        return PublicKeyEntry.toString(key.getPublic());
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable login) {
        assertThatThrownBy(login).hasMessageContaining("No more authentication methods available");
    }
}
