// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.List;
import java.util.Objects;

/**
 * Something that keeps a job from running, or is likely to spoil it.
 *
 * @param severity whether the job can run all the same
 * @param what one line, such as {@code Open MPI is missing}
 * @param nodes the nodes that it is about; empty means all of them
 * @param evidence what was seen, such as {@code 4.1.4 here, 5.0.7 there}
 * @param hint what mends it, a sentence or a command
 */
public record Finding(Severity severity, String what, List<ReadyNode> nodes, String evidence, String hint) {
    /** Whether the job can run all the same. */
    public enum Severity {
        /** It would fail: it is not started. */
        STOP,
        /** It may run, and the person is told. */
        WARN
    }

    public Finding {
        Objects.requireNonNull(severity, "severity is null");
        Objects.requireNonNull(what, "what is null");
        Objects.requireNonNull(evidence, "evidence is null");
        Objects.requireNonNull(hint, "hint is null");
        nodes = List.copyOf(nodes);
    }
}
