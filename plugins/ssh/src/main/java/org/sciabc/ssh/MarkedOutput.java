// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.sciabc.spi.Untrusted;

/** Lets through what comes after the line with the mark, and keeps what came before it for a message. */
final class MarkedOutput {
    private static final int MOST_KEPT = 64 * 1024;

    private final String mark;
    private final OutputStream target;
    private final ByteArrayOutputStream before = new ByteArrayOutputStream();
    private boolean isThrough;
    private boolean isMute;
    private volatile OptionalLong number = OptionalLong.empty();

    MarkedOutput(String mark, OutputStream target) {
        this.mark = mark;
        this.target = target;
    }

    /** Takes the next part of the output. */
    void write(byte[] bytes) throws IOException {
        if (isThrough) {
            pass(bytes, 0, bytes.length);
            return;
        }
        before.write(bytes);
        String text = before.toString(StandardCharsets.ISO_8859_1);
        int start = text.indexOf(mark);
        int end = start < 0 ? -1 : text.indexOf('\n', start);
        if (end >= 0) {
            isThrough = true;
            number = number(text.substring(start + mark.length(), end).strip());
            byte[] all = before.toByteArray();
            before.reset();
            before.write(all, 0, start);
            pass(all, end + 1, all.length - end - 1);
        } else if (start >= 0 && before.size() - start > MOST_KEPT) {
            throw new IOException("the line with the mark does not end");
        } else if (start < 0 && before.size() > MOST_KEPT) {
            byte[] all = before.toByteArray();
            before.reset();
            before.write(all, all.length - mark.length(), mark.length());
        }
    }

    private synchronized void pass(byte[] bytes, int start, int length) throws IOException {
        if (!isMute) {
            target.write(bytes, start, length);
        }
    }

    /** From now on nobody reads what is passed on. */
    synchronized void mute() {
        isMute = true;
    }

    /** Whether the mark was seen. */
    boolean isThrough() {
        return isThrough;
    }

    /** The number that stood beside the mark. */
    OptionalLong number() {
        return number;
    }

    /** What was said before the mark, harmless, for a message. */
    String saidBefore() {
        return Untrusted.line(before.toString(StandardCharsets.UTF_8).replaceAll("\\s+", " "), 200);
    }

    private static OptionalLong number(String text) {
        return text.matches("\\d{1,10}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }
}
