// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.option;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sciabc.cli.CliFailure;

/** What happens to a job while it runs. */
@Parameters(separators = "=")
public final class RunOptions {
    private static final int MOST_RETRIES = 100;

    @Parameter(names = "--tag", description = "say of each line of output which rank and node wrote it")
    private boolean tag;

    @Parameter(names = "--timeout", description = "TIME | end the job when it takes longer, such as 30s (status 124)")
    private @Nullable String timeout;

    @Parameter(
            names = "--retry",
            description = "N | when a node dies, run the job again on those that are left, so many times")
    private @Nullable String retry;

    @Parameter(names = "--scale", description = "with --retry: fewer processes when there are fewer slots")
    private boolean scale;

    @ParametersDelegate
    private StageOptions staging = new StageOptions();

    /** Nothing special. */
    public static RunOptions none() {
        return new RunOptions();
    }

    /** Refuses what makes no sense, before anything begins. */
    public void check() throws CliFailure {
        timeout();
        retries();
        if (scale && retry == null) {
            throw CliFailure.usage(
                    "--scale alone does nothing",
                    "it says that a job which runs again on fewer nodes has fewer processes",
                    "for example: --retry 1 --scale");
        }
        staging.check();
    }

    /** Whether each line of output is to say where it came from. */
    public boolean tags() {
        return tag;
    }

    /** How long the job may take, where that is limited. */
    public Optional<Duration> timeout() throws CliFailure {
        return TimeLimit.parse("--timeout", timeout);
    }

    /** How many times the job is run again after a node died. */
    public int retries() throws CliFailure {
        String text = retry;
        if (text == null || text.equals("0")) {
            return 0;
        }
        int times = SlotOptions.count("--retry", "times", text).orElse(0);
        if (times > MOST_RETRIES) {
            throw CliFailure.usage("--retry cannot be " + times, "it takes at most " + MOST_RETRIES, "");
        }
        return times;
    }

    /** Whether fewer slots mean fewer processes. */
    public boolean scales() {
        return scale;
    }

    /** What is brought to the nodes, and home from them. */
    public StageOptions staging() {
        return staging;
    }
}
