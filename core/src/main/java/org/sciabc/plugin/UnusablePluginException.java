// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import org.sciabc.spi.SciabcException;

/** A plugin is there, but cannot be used. */
public final class UnusablePluginException extends SciabcException {
    private static final long serialVersionUID = 1L;

    private final transient PluginProblem problem;

    UnusablePluginException(PluginProblem problem) {
        super(subject(problem), problem.cause(), problem.fix());
        this.problem = problem;
    }

    UnusablePluginException(PluginProblem problem, Throwable cause) {
        this(problem);
        initCause(cause);
    }

    /** What is wrong with it. */
    public PluginProblem problem() {
        return problem;
    }

    private static String subject(PluginProblem problem) {
        return "cannot use plugin "
                + problem.plugin()
                        .map(id -> id + " (" + problem.placeName() + ")")
                        .orElse(problem.placeName());
    }
}
