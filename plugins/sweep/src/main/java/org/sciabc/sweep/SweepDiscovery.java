// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.sweep;

import java.util.List;
import java.util.Optional;
import org.pf4j.Extension;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.Consent;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;
import org.sciabc.spi.SightingListener;
import org.sciabc.spi.WatchRequest;

/**
 * Connects to every address of a network and waits whether an SSH server speaks: for networks that filter multicast, and for
 * machines that announce nothing.
 */
@Extension
public final class SweepDiscovery implements DiscoveryBackend {
    private final Ranges.Routes routes;

    /** Sweeps from this machine. */
    public SweepDiscovery() {
        this(Ranges.Routes.OF_SYSTEM);
    }

    SweepDiscovery(Ranges.Routes routes) {
        this.routes = routes;
    }

    @Override
    public String id() {
        return "sweep";
    }

    @Override
    public String summary() {
        return "asks every address of a network whether it is an SSH server; needs no multicast";
    }

    @Override
    public List<Setting> settings() {
        return SweepSettings.DECLARED;
    }

    @Override
    public boolean supports(Feature feature) {
        return feature != Feature.ANNOUNCE;
    }

    @Override
    public Announcement announce(AnnounceRequest request) throws SciabcException {
        throw new SciabcException(
                "sweep cannot announce this machine",
                "it finds whatever runs an SSH server",
                "start this machine's SSH server, or announce it with another backend, such as --discovery zeroconf");
    }

    @Override
    public Optional<Consent> consent(WatchRequest request) throws SciabcException {
        SweepSettings settings = SweepSettings.parse(request.settings());
        if (!settings.networks().isEmpty()) {
            Ranges.named(settings, request.interfaces(), routes);
            return Optional.empty();
        }
        return Optional.of(Ranges.own(settings, request.interfaces()).consent(settings));
    }

    @Override
    public void watch(WatchRequest request, SightingListener listener) throws SciabcException, InterruptedException {
        SweepSettings settings = SweepSettings.parse(request.settings());
        if (settings.networks().isEmpty()) {
            Ranges own = Ranges.own(settings, request.interfaces());
            throw new SciabcException(
                    "sweep was not told which networks to sweep",
                    "it connects to every address there, and nobody has agreed to that",
                    "name them, as in --set sweep.networks=" + own.text());
        }
        Ranges ranges = Ranges.named(settings, request.interfaces(), routes);
        new SweepWatch(ranges, settings, listener).run(request.limit());
    }
}
