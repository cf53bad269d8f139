// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.fixed;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.pf4j.Extension;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;
import org.sciabc.spi.SightingListener;
import org.sciabc.spi.WatchRequest;

/**
 * Nodes that are listed in settings, in a file or in {@code /etc/hosts}. It sends nothing but questions to name servers, and
 * cannot know whether a node is there.
 */
@Extension
public final class StaticDiscovery implements DiscoveryBackend {
    private final Path hostsFile;
    private final Resolution.NameService names;

    /** The lists of this machine. */
    public StaticDiscovery() {
        this(Path.of("/etc/hosts"), Resolution.NameService.OF_SYSTEM);
    }

    StaticDiscovery(Path hostsFile, Resolution.NameService names) {
        this.hostsFile = hostsFile;
        this.names = names;
    }

    @Override
    public String id() {
        return "static";
    }

    @Override
    public String summary() {
        return "nodes that are listed: in settings, in a file or in /etc/hosts";
    }

    @Override
    public List<Setting> settings() {
        return NodeList.SETTINGS;
    }

    @Override
    public boolean supports(Feature feature) {
        return feature == Feature.LEAVING;
    }

    @Override
    public Announcement announce(AnnounceRequest request) throws SciabcException {
        throw new SciabcException(
                "static cannot announce this machine",
                "nobody hears of a list but who reads it",
                "list this machine on the manager, or announce it with another backend, such as --discovery zeroconf");
    }

    @Override
    public void watch(WatchRequest request, SightingListener listener) throws SciabcException, InterruptedException {
        if (!request.interfaces().isEmpty()) {
            throw new SciabcException(
                    "static cannot use " + request.interfaces().get(0).name(),
                    "which network leads to a listed address is not its choice",
                    "leave out either '--interface' or static");
        }
        Duration patience = NodeList.patience(request.settings());
        ListSource lists = () -> NodeList.read(request.settings(), hostsFile);
        try (Resolution resolution = new Resolution(names)) {
            new StaticWatch(lists, resolution, patience, listener).run(request.limit());
        }
    }
}
