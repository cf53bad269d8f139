// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

/** The exit statuses that scripts rely on, after sysexits(3). {@code launch} and {@code up} pass the job's own through. */
public final class ExitCode {
    /** Done. */
    public static final int OK = 0;
    /** The command line was wrong. */
    public static final int USAGE = 64;
    /** A plugin cannot be used. */
    public static final int PLUGIN = 65;
    /** Nothing was found, or nobody could be reached. */
    public static final int UNAVAILABLE = 69;
    /** A defect of ours. */
    public static final int SOFTWARE = 70;
    /** What was to be printed could not be written. */
    public static final int NOT_WRITTEN = 74;
    /** Some nodes did not become ready. */
    public static final int PARTLY = 75;
    /** The configuration is wrong. */
    public static final int CONFIGURATION = 78;
    /** Interrupted. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
