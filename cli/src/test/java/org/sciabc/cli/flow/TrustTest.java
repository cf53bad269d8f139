// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sciabc.cli.console.Questions;
import org.sciabc.cli.console.Terminal;
import org.sciabc.spi.Node;

@Timeout(30)
class TrustTest {
    private static final String KEY = "SHA256:abc";

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void ctrlCAtAQuestionIsTheAnswerToAllThatWouldFollow() throws Exception {
        try (PipedOutputStream keyboard = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(keyboard)) {
            Trust trust = trust(Terminal.ofOther(in, said, said, "02", Map.of()));
            FutureTask<Boolean> first = new FutureTask<>(() -> trust.accept(node("one"), KEY));
            Thread asking = new Thread(first);
            asking.start();
            while (!said.toString(StandardCharsets.UTF_8).contains("Trust it?")) {
                Thread.onSpinWait();
            }
            asking.interrupt();
            assertThat(first.get(20, TimeUnit.SECONDS)).isFalse();

            assertThat(trust.accept(node("two"), KEY)).isFalse();
        }
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("one").doesNotContain("two");
    }

    @Test
    void whoIsInterruptedBeforeTheQuestionIsNotAsked() throws Exception {
        try (PipedOutputStream keyboard = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(keyboard)) {
            Trust trust = trust(Terminal.ofOther(in, said, said, "02", Map.of()));
            Thread.currentThread().interrupt();

            assertThat(trust.accept(node("one"), KEY)).isFalse();
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    private static Trust trust(Terminal terminal) {
        return new Trust(terminal, new Questions(terminal, false), false);
    }

    private static Node node(String name) {
        return Node.of(name, List.of());
    }
}
