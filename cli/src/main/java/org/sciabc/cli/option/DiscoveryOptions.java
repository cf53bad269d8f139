// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.option;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.sciabc.cli.CliFailure;
import org.sciabc.spi.Durations;

/** How nodes are looked for. */
@Parameters(separators = "=")
public final class DiscoveryOptions {
    private static final Duration USUALLY = Duration.ofSeconds(5);

    @Parameter(
            names = "--discovery",
            description =
                    "NAMES | the discovery backends, separated by commas (default: zeroconf, or the configuration's)")
    private List<String> backends = new ArrayList<>();

    @Parameter(
            names = "--for",
            description =
                    "TIME | how long to look, such as 10s or 300ms (default: 5s, or less when all known nodes answer)")
    private @Nullable String time;

    @Parameter(names = "--expect", description = "N | return as soon as N nodes are there; fewer is exit status 69")
    private @Nullable Integer expected;

    @Parameter(
            names = "--known",
            description = "use the nodes that are known and answer at once, instead of looking for nodes")
    private boolean known;

    @Parameter(names = "--fresh", description = "look for nodes as if none were known")
    private boolean fresh;

    /** One backend and a number of nodes that is enough. */
    public static DiscoveryOptions of(String backend, int enough) {
        DiscoveryOptions options = new DiscoveryOptions();
        options.backends = List.of(backend);
        options.expected = enough;
        return options;
    }

    /** The backends, where they were named. */
    public List<String> backends() {
        return backends;
    }

    /** Whether what earlier commands have found is enough. */
    public boolean usesKnown() throws CliFailure {
        if (known && fresh) {
            throw CliFailure.usage("--known and --fresh are opposites", "both were given", "give one of them");
        }
        return known;
    }

    /** Whether what earlier commands have found does not matter. */
    public boolean isFresh() {
        return fresh;
    }

    /**
     * Refuses these options where they would be ignored.
     *
     * @param beside what they do not go with
     * @param why what decides instead
     */
    public void requireNone(String beside, String why) throws CliFailure {
        Meaningless here = new Meaningless(beside, why);
        here.refuse("--discovery", !backends.isEmpty());
        here.refuse("--for", time != null);
        here.refuse("--expect", expected != null);
        here.refuse("--known", known);
        here.refuse("--fresh", fresh);
    }

    /** Whether it was said how long to look. */
    public boolean namesTime() {
        return time != null;
    }

    /** How long to look. */
    public Duration time() throws CliFailure {
        Optional<Duration> parsed = time == null ? Optional.of(USUALLY) : Durations.parse(time);
        return parsed.orElseThrow(() -> CliFailure.usage(
                "--for cannot be '" + time + "'",
                "it takes a duration of at most ten years",
                "for example --for 5s or --for 300ms"));
    }

    /** The number of nodes after which looking ends. */
    public OptionalInt expected() throws CliFailure {
        if (expected == null) {
            return OptionalInt.empty();
        }
        if (expected < 1) {
            throw CliFailure.usage("--expect cannot be " + expected, "it takes a number of nodes, at least 1", "");
        }
        return OptionalInt.of(expected);
    }
}
