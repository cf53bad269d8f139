// SPDX-License-Identifier: GPL-3.0-or-later
package @package@;

import java.util.stream.Collectors;
import org.pf4j.Extension;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.HostfileRequest;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.SciabcException;

/** Writes a hostfile, and launches nothing yet. */
@Extension
public final class @class@ implements JobLauncher {
    @Override
    public String id() {
        return "@id@";
    }

    @Override
    public String summary() {
        return "writes a hostfile and launches nothing yet";
    }

    /** What is not supported has to be refused: see {@link #launch}. */
    @Override
    public boolean supports(Feature feature) {
        return false;
    }

    /** Pure: the same request gives the same text. */
    @Override
    public String hostfile(HostfileRequest request) {
        return request.nodes().stream()
                .map(node -> node.address().getHostAddress() + " slots=" + node.slots() + "\n")
                .collect(Collectors.joining());
    }

    /**
     * Once it can, it starts programs of this machine only like this, so that none is left behind:
     * {@code return request.processes().run(words, environment, streams);}.
     */
    @Override
    public ExitStatus launch(LaunchRequest request, CommandStreams streams) throws SciabcException {
        throw new SciabcException(
                "@id@ cannot launch jobs", "it only writes hostfiles", "launch the job with another --launcher");
    }
}
