// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.pf4j.Extension;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.RequirementsRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;
import org.sciabc.spi.SightingListener;
import org.sciabc.spi.WatchRequest;

/** Finds and announces nodes with DNS service discovery (RFC 6763) over multicast DNS (RFC 6762). */
@Extension
public final class ZeroconfDiscovery implements DiscoveryBackend {

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
        return List.of();
    }

    @Override
    public List<Requirement> requirements(RequirementsRequest request) {
        return AvahiServiceFile.requirements();
    }

    @Override
    public Announcement announce(AnnounceRequest request) throws SciabcException, InterruptedException {
        Announcement announcement = JmdnsAnnouncement.begin(request, Interfaces::ofSystem);
        if (Thread.interrupted()) {
            announcement.close();
            throw new InterruptedException();
        }
        return announcement;
    }

    @Override
    public void watch(WatchRequest request, SightingListener listener) throws SciabcException, InterruptedException {
        new MulticastWatch(request, listener, Interfaces::ofSystem, ZeroconfDiscovery::millis).run();
    }

    private static long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
