// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.option;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sciabc.cli.CliFailure;

/** How a command is run on many nodes, and how its output is shown. */
@Parameters(separators = "=")
public final class ExecOptions {
    private static final int USUAL_FAN_OUT = 64;

    /** How the output of many nodes becomes one. */
    public enum Show {
        /** Line by line as it comes, behind the node's name. */
        PREFIXED,
        /** Equal output once, at the end. */
        GATHERED,
        /** How the output of some differs from that of most. */
        COMPARED,
        /** One JSON object at the end. */
        JSON
    }

    @Parameter(
            names = {"-b", "--gather"},
            description = "print equal output once, under the names of its nodes, at the end")
    private boolean gather;

    @Parameter(names = "--diff", description = "print how the output of some nodes differs from that of most")
    private boolean diff;

    @Parameter(names = "--json", description = "print one JSON object at the end")
    private boolean json;

    @Parameter(names = "--timeout", description = "TIME | end the command on a node that takes longer, such as 30s")
    private @Nullable String timeout;

    @Parameter(names = "--fan-out", description = "N | work on so many nodes at a time (64)")
    private @Nullable String fanOut;

    @Parameter(
            names = {"-n", "--no-input"},
            description = "do not pass standard input on to the nodes")
    private boolean noInput;

    /** How the output is shown. */
    public Show show() throws CliFailure {
        if ((gather ? 1 : 0) + (diff ? 1 : 0) + (json ? 1 : 0) > 1) {
            throw CliFailure.usage("more than one of -b, --diff and --json", "each says how to print the output", "");
        }
        if (json) {
            return Show.JSON;
        }
        return gather ? Show.GATHERED : diff ? Show.COMPARED : Show.PREFIXED;
    }

    /** How long one node may take, where that is limited. */
    public Optional<Duration> timeout() throws CliFailure {
        return TimeLimit.parse("--timeout", timeout);
    }

    /** How many nodes are worked on at a time. */
    public int fanOut() throws CliFailure {
        return SlotOptions.count("--fan-out", "nodes", fanOut).orElse(USUAL_FAN_OUT);
    }

    /** Whether standard input goes to the nodes. */
    public boolean passesInput() {
        return !noInput;
    }
}
