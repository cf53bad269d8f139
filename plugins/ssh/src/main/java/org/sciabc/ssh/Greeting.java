// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.sciabc.spi.Untrusted;

/**
 * The first lines that come from a port, up to the one with which an SSH server identifies itself (RFC 4253, 4.2). It is
 * read here, because sshj reads on without limit when that line never comes.
 *
 * @param text all that was read, a character for each byte, so that it can be read again
 * @param end how it ended
 */
record Greeting(String text, End end) {
    private static final int MOST_BYTES = 8_192;

    /** How a greeting ended. */
    enum End {
        /** With the identification of an SSH server. */
        IDENTIFIED,
        /** With the end of the connection. */
        HUNG_UP,
        /** With something else than SSH. */
        FOREIGN
    }

    static Greeting read(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] chunk = new byte[512];
        while (all.size() < MOST_BYTES) {
            int count = in.read(chunk);
            if (count < 0) {
                return new Greeting(all.toString(StandardCharsets.ISO_8859_1), End.HUNG_UP);
            }
            all.write(chunk, 0, count);
            String text = all.toString(StandardCharsets.ISO_8859_1);
            int start = text.startsWith("SSH-") ? 0 : text.indexOf("\nSSH-") + 1;
            boolean isIdentified = (start > 0 || text.startsWith("SSH-")) && text.indexOf('\n', start) > 0;
            if (isIdentified) {
                boolean isVersion2 = text.startsWith("SSH-2.0-", start) || text.startsWith("SSH-1.99-", start);
                return new Greeting(text, isVersion2 ? End.IDENTIFIED : End.FOREIGN);
            }
        }
        return new Greeting(all.toString(StandardCharsets.ISO_8859_1), End.FOREIGN);
    }

    /** All that was read, as it was read. */
    byte[] bytes() {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The beginning, harmless, for a message. */
    String shown() {
        return Untrusted.line(text, 60);
    }
}
