// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.pf4j.Extension;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.BrowseRequest;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.Notice;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.RequirementsRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.ServiceListener;
import org.sciabc.spi.Setting;
import org.sciabc.spi.Settings;
import org.sciabc.spi.SightingListener;
import org.sciabc.spi.WatchRequest;

/** Finds and announces nodes with DNS service discovery (RFC 6763) over multicast DNS (RFC 6762). */
@Extension
public final class ZeroconfDiscovery implements DiscoveryBackend {
    private static final Path RUN_FOLDER = Path.of("/run");

    @Override
    public String id() {
        return "zeroconf";
    }

    @Override
    public String summary() {
        return "DNS service discovery over multicast DNS (Avahi, Bonjour), compatible with nodes of 2016";
    }

    @Override
    public List<Setting> settings() {
        return List.of(Through.SETTING);
    }

    @Override
    public List<Requirement> requirements(RequirementsRequest request) {
        return AvahiServiceFile.requirements();
    }

    @Override
    public Announcement announce(AnnounceRequest request) throws SciabcException, InterruptedException {
        Announcement announcement = begin(request);
        if (Thread.interrupted()) {
            announcement.close();
            throw new InterruptedException();
        }
        return announcement;
    }

    private Announcement begin(AnnounceRequest request) throws SciabcException {
        Through through = Through.of(request.settings());
        if (through.triesAvahi(RUN_FOLDER)) {
            try {
                return AvahiAnnouncement.begin(request, AvahiBus::connect);
            } catch (IOException failure) {
                refuseWithout(through, "announce this machine", failure);
                request.notices()
                        .accept(Notice.warning("avahi-daemon runs on this machine but does not announce it ("
                                + failure.getMessage() + "): announcing beside it"));
            }
        }
        return JmdnsAnnouncement.begin(request, Interfaces::ofSystem);
    }

    @Override
    public void watch(WatchRequest request, SightingListener listener) throws SciabcException, InterruptedException {
        Optional<AvahiFeed> avahi = avahi(request.settings(), AvahiBrowser.Looking.NODES, "look for nodes");
        new MulticastWatch(request, listener, Interfaces::ofSystem, avahi, ZeroconfDiscovery::millis).run();
    }

    @Override
    public void browse(BrowseRequest request, ServiceListener listener) throws SciabcException, InterruptedException {
        Optional<AvahiFeed> avahi = avahi(request.settings(), AvahiBrowser.Looking.EVERYTHING, "look for services");
        new ServiceBrowse(request, listener, avahi, ZeroconfDiscovery::millis).run();
    }

    /** Avahi's part in looking for something; empty when it has none. */
    private static Optional<AvahiFeed> avahi(Settings settings, AvahiBrowser.Looking looking, String what)
            throws SciabcException {
        Through through = Through.of(settings);
        if (through == Through.AVAHI) {
            try {
                AvahiBus.connect().close();
            } catch (IOException failure) {
                refuseWithout(through, what, failure);
            }
        }
        return through.triesAvahi(RUN_FOLDER)
                ? Optional.of(new AvahiFeed(AvahiBus::connect, looking))
                : Optional.empty();
    }

    private static void refuseWithout(Through through, String what, IOException failure) throws SciabcException {
        if (through == Through.AVAHI) {
            throw new SciabcException(
                    "cannot " + what + " through Avahi",
                    String.valueOf(failure.getMessage()),
                    "start avahi-daemon and D-Bus, or leave out zeroconf.through=avahi",
                    failure);
        }
    }

    private static long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
