// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.sciabc.provision.Facts.Place;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.SciabcException;

class SessionTest {
    private final AtomicLong taken = new AtomicLong();

    @Test
    void aNodeCannotFillTheMemoryWithShortLines() {
        String flood = "a\n".repeat(1 << 19);

        assertThatThrownBy(() -> session(new Flood(flood, 4)).run(Place.HOME, "", deadline(), this::take))
                .isInstanceOf(SciabcException.class)
                .hasMessageContaining("more than 64 MiB");
        assertThat(taken.get()).isLessThan(2 << 20);
    }

    @Test
    void whatAnySessionSaysIsTakenWhole() throws Exception {
        String much = ("x".repeat(76) + "\n").repeat(200_000);

        assertThat(session(new Flood(much, 1)).run(Place.HOME, "", deadline(), this::take))
                .isEqualTo(ExitStatus.OK);
        assertThat(taken).hasValue(200_000);
    }

    private void take(String line) {
        taken.incrementAndGet();
    }

    private static Session session(NodeConnection connection) {
        return new Session(connection, Privilege.Level.ROOT, Optional.empty(), Optional.empty());
    }

    private static Deadline deadline() {
        return new Deadline(Duration.ofMinutes(1), System::nanoTime);
    }

    /** Says the same again and again. */
    private record Flood(String text, int times) implements NodeConnection {
        @Override
        public ExitStatus run(RemoteCommand command, CommandStreams streams) throws SciabcException {
            try {
                OutputStream out = streams.out();
                for (int time = 0; time < times; time++) {
                    out.write(text.getBytes(StandardCharsets.UTF_8));
                }
                return ExitStatus.OK;
            } catch (IOException refused) {
                throw new SciabcException("refused", "", "", refused);
            }
        }

        @Override
        public void upload(InputStream content, String path, int mode) {
            throw new AssertionError("nothing is sent");
        }

        @Override
        public void close() {
            // There is nothing.
        }
    }
}
