// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * Where a command's input comes from and its output goes to. None of them is closed by who uses them.
 *
 * <p>{@code out} and {@code err} may be written to by a thread each. Neither need take several threads at once: who has
 * more, as for many nodes, lets them take turns, and writes whole lines.
 *
 * @param in standard input, read until its end or until the command ends
 * @param out standard output
 * @param err standard error
 */
public record CommandStreams(InputStream in, OutputStream out, OutputStream err) {
    /** No input; output to these. */
    public static CommandStreams to(OutputStream out, OutputStream err) {
        return new CommandStreams(InputStream.nullInputStream(), out, err);
    }
}
