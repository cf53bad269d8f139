// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.time.Duration;
import java.util.stream.Stream;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.Node;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.WatchRequest;

/** A watch that is under way; closing interrupts it. */
record Watching(RecordingListener listener, Call<Boolean> call) implements AutoCloseable {

    static Watching begin(DiscoveryBackend backend, WatchRequest request, RecordingListener listener) {
        return new Watching(listener, Call.begin(() -> {
            backend.watch(request, listener);
            return true;
        }));
    }

    Sighting.Seen awaitSeen(Node node, Duration patience) throws Exception {
        try {
            return listener.awaitSeen(node.name(), patience);
        } catch (AssertionError notSeen) {
            requireThatItStillRuns();
            throw notSeen;
        }
    }

    void awaitListening(Duration patience) throws Exception {
        try {
            listener.await(
                    "call of listening, which is what a person sees when nothing is found,",
                    patience,
                    reported -> Stream.of(reported.findings())
                            .filter(findings -> !findings.isEmpty())
                            .findFirst());
        } catch (AssertionError notCalled) {
            requireThatItStillRuns();
            throw notCalled;
        }
    }

    /** What it threw tells more than that nothing was seen. */
    private void requireThatItStillRuns() throws Exception {
        if (call.hasEnded()) {
            call.result();
            throw new AssertionError("watch returned by itself, although it had no limit");
        }
    }

    @Override
    public void close() throws InterruptedException {
        call.interrupt();
        call.endsWithin(Call.A_SECOND);
    }
}
