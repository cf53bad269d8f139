// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.SciabcException;

class UploadTest {
    @TempDir
    private Path folder;

    private Path home;
    private MinaNode node;
    private NodeConnection connection;

    @BeforeEach
    void connect() throws Exception {
        home = folder.resolve("home");
        node = MinaNode.in(home).withPassword("pi", "raspberry").start();
        ManagerSide manager = new ManagerSide(folder);
        connection = manager.ssh().connect(manager.request(node.node(), "pi", "raspberry"));
    }

    @AfterEach
    void disconnect() throws Exception {
        connection.close();
        node.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1_000, 262_143, 262_144, 262_145, 5_000_000})
    void everyByteArrives(int size) throws Exception {
        byte[] content = bytes(size);
        connection.upload(
                new ByteArrayInputStream(content), home.resolve("file").toString(), 0644);
        assertThat(Files.readAllBytes(home.resolve("file"))).isEqualTo(content);
        assertNothingElseIsThere("file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0600", "0644", "0755", "0400"})
    void modeIsTheOneThatWasAskedFor(String mode) throws Exception {
        upload("content", "file", Integer.parseInt(mode, 8));
        assertThat(Files.getAttribute(home.resolve("file"), "unix:mode"))
                .isEqualTo(0100000 | Integer.parseInt(mode, 8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "with space",
                "it's",
                "$(reboot)",
                "-rf",
                "-",
                "*",
                "Grüße 漢",
                "a\"b",
                "a\\b",
                "!x",
                "~",
                "new\nline"
            })
    void nameIsNeverInterpreted(String name) throws Exception {
        upload("content", name, 0644);
        assertThat(Files.readString(home.resolve(name))).isEqualTo("content");
        assertNothingElseIsThere(name);
    }

    @Test
    void relativePathBeginsAtTheHomeFolder() throws Exception {
        Files.createDirectories(home.resolve("a/b"));
        upload("content", "a/b/file", 0644);
        assertThat(home.resolve("a/b/file")).hasContent("content");
    }

    @Test
    void fileThatIsThereIsReplacedAsAWhole() throws Exception {
        Files.writeString(home.resolve("file"), "before, and longer");
        Files.createLink(home.resolve("other name"), home.resolve("file"));
        upload("after", "file", 0644);
        assertThat(home.resolve("file")).hasContent("after");
        assertThat(home.resolve("other name")).hasContent("before, and longer");
    }

    @Test
    void folderIsNotReplaced() throws Exception {
        Files.createDirectories(home.resolve("target"));
        assertThatThrownBy(() -> upload("content", "target", 0644))
                .isInstanceOf(SciabcException.class)
                .hasMessage("cannot write ./target: it is a folder");
        assertNothingElseIsThere("target");
    }

    @Test
    void folderThatIsMissingIsSaid() {
        assertThatThrownBy(() -> upload("content", "missing/file", 0644))
                .isInstanceOf(SciabcException.class)
                .hasMessageMatching("cannot write ./missing/file: (Directory nonexistent|No such file or directory)");
    }

    @Test
    void folderThatTakesNoFilesIsSaid() {
        assertThatThrownBy(() -> upload("content", "/proc/sciabc", 0644))
                .isInstanceOf(SciabcException.class)
                .hasMessageMatching("cannot write /proc/sciabc: [A-Z][a-z ]+");
    }

    @Test
    void contentThatBreaksOffLeavesTheOldFile() throws Exception {
        Files.writeString(home.resolve("file"), "before");
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(bytes(500_000)), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the stick was pulled out");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                throw new IOException("the stick was pulled out");
            }
        });
        assertThatThrownBy(() -> connection.upload(broken, "file", 0644))
                .isInstanceOf(SciabcException.class)
                .hasMessageContaining("the stick was pulled out");
        assertThat(home.resolve("file")).hasContent("before");
        Waiting.until(() -> names().equals(java.util.List.of("file")));
    }

    @Test
    void interruptionLeavesTheOldFile() throws Exception {
        Files.writeString(home.resolve("file"), "before");
        CountDownLatch reading = new CountDownLatch(1);
        InputStream endless = new InputStream() {
            private long count;

            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                count += length;
                if (count > 1_000_000) {
                    reading.countDown();
                }
                return length;
            }
        };
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                connection.upload(endless, "file", 0644);
            } catch (SciabcException | InterruptedException failure) {
                thrown.set(failure);
            }
        });
        thread.start();
        reading.await();
        thread.interrupt();
        thread.join(2_000);
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(home.resolve("file")).hasContent("before");
        Waiting.until(() -> names().equals(java.util.List.of("file")));
    }

    private void upload(String content, String path, int mode) throws Exception {
        connection.upload(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)), path, mode);
    }

    private void assertNothingElseIsThere(String name) {
        assertThat(names()).containsExactly(name);
    }

    private java.util.List<String> names() {
        try (Stream<Path> files = Files.list(home)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
