// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Holds back what a launcher puts between two long lines of hyphens, which is its guess at why a job failed, until it is
 * known whether there is a better explanation. Everything else passes as it comes.
 */
public final class HeldParagraphs extends OutputStream {
    /** What Open MPI and PRRTE draw is longer than a terminal's usual half; a line of exactly this kind is rare. */
    private static final Pattern RULE = Pattern.compile("-{74}");

    private static final int LONGEST = 16 << 10;

    private final OutputStream out;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private boolean inParagraph;

    public HeldParagraphs(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            line.write(bytes[i]);
            if (bytes[i] == '\n') {
                endLine();
            }
        }
        if (!inParagraph && !couldBeRule()) {
            passLine();
        } else if (held.size() + line.size() > LONGEST) {
            release();
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        out.flush();
    }

    /** Passes on what is held: there is no better explanation. */
    public synchronized void release() throws IOException {
        held.writeTo(out);
        held.reset();
        inParagraph = false;
        passLine();
        out.flush();
    }

    private void endLine() throws IOException {
        boolean isRule =
                RULE.matcher(line.toString(StandardCharsets.ISO_8859_1).strip()).matches();
        if (isRule || inParagraph) {
            line.writeTo(held);
            line.reset();
            inParagraph = isRule != inParagraph;
        } else {
            passLine();
        }
    }

    /** Whether the beginning of a line may become one of hyphens. */
    private boolean couldBeRule() {
        byte[] begun = line.toByteArray();
        for (byte each : begun) {
            if (each != '-' && each != '=') {
                return false;
            }
        }
        return begun.length > 0;
    }

    private void passLine() throws IOException {
        line.writeTo(out);
        line.reset();
    }
}
