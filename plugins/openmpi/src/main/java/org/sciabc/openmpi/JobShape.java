// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sciabc.spi.LaunchRequest;

/**
 * What of a job is a matter of how its processes were started. The program itself, its folder and most variables are told to
 * processes that run already.
 *
 * @param nodes where they are, and how they are reached
 * @param ranks how many there are
 * @param parameters variables that are the run-time's, too
 * @param files the run-time's own configuration on this machine, as it is now
 */
record JobShape(
        NodesOfPrte nodes,
        int ranks,
        boolean allowRoot,
        boolean oversubscribe,
        boolean tagged,
        Map<String, String> parameters,
        List<String> files) {
    /** Open MPI 4's and 5's, and those of the libraries that it comes with (mpirun(1), prte(1)). */
    private static final List<String> CONFIGURATION = List.of(
            ".openmpi/mca-params.conf",
            ".prte/mca-params.conf",
            ".pmix/mca-params.conf",
            "/etc/openmpi/openmpi-mca-params.conf",
            "/etc/prte/prte-mca-params.conf",
            "/etc/prte-mca-params.conf",
            "/etc/pmix/pmix-mca-params.conf",
            "/etc/pmix-mca-params.conf");

    JobShape {
        parameters = Map.copyOf(parameters);
        files = List.copyOf(files);
    }

    static JobShape of(LaunchRequest request) {
        LaunchRequest.Job job = request.job();
        return new JobShape(
                NodesOfPrte.of(request, Duration.ZERO),
                request.ranks(),
                job.allowRoot(),
                job.oversubscribe(),
                job.tagged(),
                MpirunCommand.parameters(job),
                configuration());
    }

    private static List<String> configuration() {
        Path home = Path.of(System.getProperty("user.home", "/"));
        List<String> files = new ArrayList<>();
        for (String name : CONFIGURATION) {
            try {
                Path file = home.resolve(name);
                files.add(file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file));
            } catch (IOException none) {
                // Which is as good as any other text.
            }
        }
        return files;
    }
}
