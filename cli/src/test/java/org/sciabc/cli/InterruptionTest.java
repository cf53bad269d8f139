// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sciabc.cli.console.Terminal;

/** What interrupts a verb. */
class InterruptionTest {
    private static final int INTERRUPT = 2;

    @AfterEach
    void nothingIsLeftOfIt() {
        Interruption.forget();
        Thread.interrupted();
    }

    @Test
    void aReaderThatLeavesInterruptsOnceHoweverMuchIsWrittenAfterwards() {
        Terminal terminal = withoutReaders();
        Interruption.whenReaderLeaves(terminal);

        print(terminal);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(Interruption.hasArrived()).isTrue();
        assertThat(Interruption.status()).isEqualTo(141);

        print(terminal);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void ctrlCThatEndsTheReaderTooInterruptsOnce() {
        Terminal terminal = withoutReaders();
        Interruption.whenReaderLeaves(terminal);
        Interruption.arrived(Thread.currentThread(), INTERRUPT);
        assertThat(Thread.interrupted()).isTrue();

        print(terminal);

        assertThat(Thread.interrupted()).isFalse();
        assertThat(Interruption.status()).isEqualTo(130);
    }

    @Test
    void ctrlCThatEndedTheReaderFirstInterruptsOnce() {
        Terminal terminal = withoutReaders();
        Interruption.whenReaderLeaves(terminal);
        print(terminal);
        assertThat(Thread.interrupted()).isTrue();

        Interruption.arrived(Thread.currentThread(), INTERRUPT);

        assertThat(Thread.interrupted()).isFalse();
        assertThat(Interruption.status()).isEqualTo(130);
    }

    @Test
    void theNextVerbIsInterruptedByItsOwnReader() {
        Terminal first = withoutReaders();
        Interruption.whenReaderLeaves(first);
        print(first);
        Thread.interrupted();
        Interruption.forget();

        Terminal second = withoutReaders();
        Interruption.whenReaderLeaves(second);
        print(second);

        assertThat(Thread.interrupted()).isTrue();
    }

    private static void print(Terminal terminal) {
        terminal.out().println("a line");
        terminal.out().flush();
        terminal.err().println("an error");
    }

    private static Terminal withoutReaders() {
        return Terminal.ofOther(InputStream.nullInputStream(), new NobodyReads(), new NobodyReads(), "", Map.of());
    }

    /** A pipe whose reader is gone. */
    private static final class NobodyReads extends OutputStream {
        @Override
        public void write(int value) throws IOException {
            throw new IOException("Broken pipe");
        }
    }
}
