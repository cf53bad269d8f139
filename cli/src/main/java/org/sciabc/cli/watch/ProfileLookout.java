// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.watch;

import java.time.Duration;
import java.util.function.Consumer;
import org.sciabc.cli.flow.ProfileFollower;

/** Looks in a rhythm whether another network profile applies, beside what runs under the present one. */
public final class ProfileLookout implements AutoCloseable {
    private static final Duration RHYTHM = Duration.ofSeconds(2);

    private final Worker looking;

    /**
     * A lookout that has not begun.
     *
     * @param onMove is run on another thread, each time that a look finds another profile
     * @param broken is told of a defect on that thread, which ends the looking
     */
    public ProfileLookout(ProfileFollower profile, Runnable onMove, Consumer<RuntimeException> broken) {
        this.looking = new Worker(
                "network-profile",
                RHYTHM,
                () -> {
                    if (profile.hasMoved()) {
                        onMove.run();
                    }
                },
                broken);
    }

    /** Begins. */
    public void start() {
        looking.start();
    }

    @Override
    public void close() {
        looking.close();
    }
}
