// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.util.Optional;
import org.sciabc.cli.console.Terminal;
import org.sciabc.spi.OpenConnections;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.StandingRequest;

/** The connections that this process opens for itself alone: a launch that is to leave nothing open closes them at its end. */
final class OwnConnections implements AutoCloseable {
    private final Setup setup;
    private final Reach reach;

    OwnConnections(Setup setup, Reach reach) {
        this.setup = setup;
        this.reach = reach;
    }

    /** Closes them, also after an interruption. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            Optional<OpenConnections> connections =
                    reach.provisioner().component().openConnections();
            if (connections.isPresent()) {
                connections
                        .get()
                        .closeOwn(new StandingRequest(
                                reach.provisioner().settings(), setup.stateFolder(), LaunchStage.processes(setup)));
            }
        } catch (SciabcException stays) {
            terminal().warning(stays.what() + ": " + stays.why() + "; it closes by itself in a few seconds");
        } catch (InterruptedException impatient) {
            interrupted = true;
            terminal().detail("connections to the nodes close by themselves in a few seconds");
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Terminal terminal() {
        return setup.session().terminal();
    }
}
