// SPDX-License-Identifier: GPL-3.0-or-later
package org.example.inventory;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.pf4j.Extension;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.Durations;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;
import org.sciabc.spi.SightingListener;
import org.sciabc.spi.WatchRequest;

/**
 * Finds the nodes that are listed in a JSON document on a web server: an asset database, a rack's controller, or the output
 * of {@code sciabc discover --json} on another machine.
 */
@Extension
public final class HttpInventoryDiscovery implements DiscoveryBackend {
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final String SET_IT = "--set http-inventory.url=http://HOST/nodes.json";

    @Override
    public String id() {
        return "http-inventory";
    }

    @Override
    public String summary() {
        return "finds nodes in a JSON document that a web server hands out";
    }

    @Override
    public List<Setting> settings() {
        return List.of(
                Setting.optionalText("url", "where the document is, http or https"),
                Setting.duration("every", Duration.ofSeconds(10), "how often it is read again"),
                Setting.duration("timeout", Duration.ofSeconds(5), "how long one answer may take"));
    }

    /** The list says when a node goes; it is written by somebody else, and which networks it covers is not ours to say. */
    @Override
    public boolean supports(Feature feature) {
        return feature == Feature.LEAVING;
    }

    @Override
    public Announcement announce(AnnounceRequest request) throws SciabcException {
        throw new SciabcException(
                "http-inventory cannot announce this machine",
                "the document is written by the one who runs the server",
                "add this machine there, or use another --discovery");
    }

    @Override
    public void watch(WatchRequest request, SightingListener listener) throws SciabcException, InterruptedException {
        refuse(request.interfaces());
        URI url = url(request.settings().optionalText("url"));
        Watch watch = new Watch(url, new InventorySightings(request.cluster(), listener), listener);
        watch.run(
                bounded("every", request.settings().duration("every")),
                bounded("timeout", request.settings().duration("timeout")),
                request.limit());
    }

    /** Reading without a pause would burden somebody else's server, and a day is as good as never. */
    private static Duration bounded(String key, Duration given) throws SciabcException {
        if (given.compareTo(SHORTEST) < 0 || given.compareTo(LONGEST) > 0) {
            throw new SciabcException(
                    "http-inventory." + key + " cannot be " + Durations.format(given),
                    "it is between " + Durations.format(SHORTEST) + " and " + Durations.format(LONGEST),
                    "");
        }
        return given;
    }

    private static void refuse(List<LocalInterface> interfaces) throws SciabcException {
        if (!interfaces.isEmpty()) {
            throw new SciabcException(
                    "http-inventory cannot use " + interfaces.get(0).name() + " only",
                    "it reads a document, and looks at no network itself",
                    "leave out either '--interface' or http-inventory");
        }
    }

    private static URI url(Optional<String> given) throws SciabcException {
        if (given.isEmpty()) {
            throw new SciabcException("http-inventory does not know where the document is", "it has no url", SET_IT);
        }
        try {
            URI url = URI.create(given.get());
            boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (web && url.getHost() != null && url.getUserInfo() == null) {
                return url;
            }
        } catch (IllegalArgumentException malformed) {
            // Refused below, like any other that is of no use.
        }
        throw new SciabcException(
                "http-inventory cannot use its url", "it is not an http or https address without a password", SET_IT);
    }
}
