// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.sciabc.openmpi.RankScript.Greeting;

/** One connection from a process of a job: a greeting, and then one of its streams up to an {@link EndMark}. */
final class Call {
    private static final int LONGEST_GREETING = 100;

    final SocketChannel channel;
    private final ByteArrayOutputStream beginning = new ByteArrayOutputStream();
    private @Nullable Greeting greeting;
    private @Nullable WholeLines lines;
    private @Nullable OutputStream clean;

    Call(SocketChannel channel) {
        this.channel = channel;
    }

    boolean isGreeted() {
        return greeting != null;
    }

    Optional<Greeting> greeting() {
        return Optional.ofNullable(greeting);
    }

    /** The first line, when it is there; what follows it is left. */
    Optional<String> greeting(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            byte octet = bytes.get();
            if (octet == '\n') {
                return Optional.of(beginning.toString(StandardCharsets.US_ASCII));
            }
            beginning.write(octet);
            if (beginning.size() > LONGEST_GREETING) {
                throw new IOException("not one of ours");
            }
        }
        return Optional.empty();
    }

    void greet(Greeting whose) {
        greeting = whose;
    }

    /** From here on what comes is passed on. */
    void passTo(OutputStream out, EndMark mark, IntConsumer ended) {
        WholeLines whole = new WholeLines(out);
        lines = whole;
        // What has no line feed has to be out before the end is told.
        clean = mark.removedFrom(whole, status -> {
            whole.release();
            ended.accept(status);
        });
    }

    void take(ByteBuffer bytes) throws IOException {
        if (clean != null) {
            clean.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        }
    }

    boolean isKeeping() {
        return lines != null && lines.isKeeping();
    }

    void releaseWhatIsOld() {
        if (lines != null) {
            lines.releaseWhatIsOld();
        }
    }

    void release() {
        if (lines != null) {
            lines.release();
        }
    }
}
