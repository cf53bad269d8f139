// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.util.List;
import java.util.Optional;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.BrowseRequest;
import org.sciabc.spi.Consent;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.ServiceListener;
import org.sciabc.spi.SightingListener;
import org.sciabc.spi.WatchRequest;

/** A discovery backend as the host hands it out. */
final class GuardedDiscovery extends GuardedComponent implements DiscoveryBackend {
    private final DiscoveryBackend backend;

    GuardedDiscovery(ComponentInfo info, DiscoveryBackend backend, PluginCalls calls) {
        super(info, backend, calls);
        this.backend = backend;
    }

    @Override
    public boolean supports(Feature feature) {
        return calls.answer("supports", () -> backend.supports(feature));
    }

    @Override
    public Optional<Consent> consent(WatchRequest request) throws SciabcException {
        return calls.attempt("consent", () -> backend.consent(request));
    }

    @Override
    public Announcement announce(AnnounceRequest request) throws SciabcException, InterruptedException {
        Announcement announcement = calls.work("announce", () -> backend.announce(request));
        return new GuardedAnnouncement(announcement, calls);
    }

    @Override
    public void watch(WatchRequest request, SightingListener listener) throws SciabcException, InterruptedException {
        calls.work("watch", () -> {
            backend.watch(request, listener);
            return true;
        });
    }

    @Override
    public void browse(BrowseRequest request, ServiceListener listener) throws SciabcException, InterruptedException {
        calls.work("browse", () -> {
            backend.browse(request, listener);
            return true;
        });
    }

    private record GuardedAnnouncement(Announcement announcement, PluginCalls calls) implements Announcement {
        @Override
        public List<String> told() {
            return calls.answer("told", announcement::told);
        }

        @Override
        public void close() {
            calls.close("close", announcement::close);
        }
    }
}
