// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Settings;

/**
 * Keeps a roster true for as long as it runs: all backends at once, the watchdog, and this machine's own interfaces, which
 * come and go as well.
 */
public final class Watch {
    private final Request request;
    private final Networks networks;
    private final InstantSource clock;
    private final RandomGenerator random;

    /** Looks at this machine's interfaces. */
    @FunctionalInterface
    public interface Networks {
        /** The interfaces at this moment. */
        LocalInterfaces now() throws SciabcException;
    }

    /**
     * One backend and its settings.
     *
     * @param backend the backend
     * @param settings its settings
     * @param isToldInterfaces whether it is told which interfaces are in use; one that cannot choose only refuses them
     */
    public record Source(DiscoveryBackend backend, Settings settings, boolean isToldInterfaces) {}

    /**
     * What to watch, and how.
     *
     * @param sources the backends, all at once
     * @param interfaces names of interfaces and networks in CIDR form, as {@link LocalInterfaces#choose} takes them
     * @param stateFolder the cluster's private folder on this machine; exists
     * @param watchdog how closely nodes are watched
     */
    public record Request(List<Source> sources, List<String> interfaces, Path stateFolder, WatchdogSettings watchdog) {
        public Request {
            sources = List.copyOf(sources);
            interfaces = List.copyOf(interfaces);
        }
    }

    /**
     * A watch that has not begun.
     *
     * @param networks looks at this machine's interfaces, such as {@link LocalInterfaces#enumerate}
     * @param clock what dates sightings and events
     * @param random spreads probes
     */
    public Watch(Request request, Networks networks, InstantSource clock, RandomGenerator random) {
        this.request = request;
        this.networks = networks;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Watches until the thread is interrupted. Failures of backends and of the network are told as notices, and tried again.
     *
     * @param roster what is kept true; what it holds already is checked by probes at once
     * @param listener hears of every change
     * @throws SciabcException when probing is impossible
     * @throws InterruptedException when the thread was interrupted, which is how a watch ends
     */
    public void run(Roster roster, RosterListener listener) throws SciabcException, InterruptedException {
        try (SshProbe probe = SshProbe.open()) {
            run(roster, listener, probe);
        }
    }

    void run(Roster roster, RosterListener listener, NodeProbe probe) throws InterruptedException {
        try (WatchLoop loop = new WatchLoop(request, networks, clock, random, roster, listener, probe)) {
            while (true) {
                loop.turn(Duration.ofMillis(20));
            }
        }
    }
}
