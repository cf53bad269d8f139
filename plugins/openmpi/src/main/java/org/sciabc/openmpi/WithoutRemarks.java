// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Leaves out what the run-time of Open MPI says of itself at many launches, and nobody can or need do anything about: that its child was
 * quicker than itself in setting the child's process group (plm_rsh_module.c, plm_ssh_module.c: they go on after it). Everything else passes
 * unchanged and no later than it is flushed.
 */
final class WithoutRemarks extends OutputStream {
    private static final Pattern REMARK = Pattern.compile(
            "\\[[^\\[\\]\\s]{1,300}:\\d{1,10}\\] plm:[rs]sh: Warning: setpgid\\(\\d{1,10},\\d{1,10}\\) failed in parent[^\\n]{0,80}\\n");

    private final OutputStream out;

    /** The beginning of a line that may become a remark. */
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    private boolean isInLine;

    WithoutRemarks(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int end = offset + length;
        int from = offset;
        while (from < end) {
            int to = from;
            while (to < end && bytes[to] != '\n') {
                to++;
            }
            boolean isWhole = to < end;
            to += isWhole ? 1 : 0;
            piece(bytes, from, to - from);
            isInLine = !isWhole && held.size() == 0;
            from = to;
        }
    }

    @Override
    public void flush() throws IOException {
        isInLine = isInLine || held.size() > 0;
        pass();
        out.flush();
    }

    /** A line, or a part of one. */
    private void piece(byte[] bytes, int offset, int length) throws IOException {
        if (isInLine || (held.size() == 0 && bytes[offset] != '[')) {
            out.write(bytes, offset, length);
            return;
        }
        held.write(bytes, offset, length);
        Matcher matcher = REMARK.matcher(held.toString(StandardCharsets.ISO_8859_1));
        if (matcher.matches()) {
            held.reset();
        } else if (!matcher.hitEnd()) {
            pass();
        }
    }

    private void pass() throws IOException {
        held.writeTo(out);
        held.reset();
    }
}
