// SPDX-License-Identifier: GPL-3.0-or-later
package @package@;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.pf4j.Extension;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.SightingListener;
import org.sciabc.spi.Subnet;
import org.sciabc.spi.Untrusted;
import org.sciabc.spi.WatchRequest;

/** Finds the nodes that its own setting lists: something to replace. */
@Extension
public final class @class@ implements DiscoveryBackend {
    @Override
    public String id() {
        return "@id@";
    }

    @Override
    public String summary() {
        return "finds the nodes that a setting lists";
    }

    /** A person sets it with {@code --set @id@.nodes=node1=10.0.3.12}, or in the configuration below {@code [settings.@id@]}. */
    @Override
    public List<Setting> settings() {
        return List.of(Setting.list("nodes", "the nodes, each as NAME=ADDRESS"));
    }

    /** What is not supported has to be refused: see {@link #announce} and {@link #watch}. */
    @Override
    public boolean supports(Feature feature) {
        return false;
    }

    @Override
    public Announcement announce(AnnounceRequest request) throws SciabcException {
        throw new SciabcException(
                "@id@ cannot announce this machine",
                "it can only find others",
                "announce it with another --discovery");
    }

    @Override
    public void watch(WatchRequest request, SightingListener listener) throws SciabcException, InterruptedException {
        if (!request.interfaces().isEmpty()) {
            throw new SciabcException(
                    "@id@ cannot use " + request.interfaces().get(0).name() + " only",
                    "it does not choose among networks",
                    "leave out either '--interface' or @id@");
        }
        List<String> listed = request.settings().list("nodes");
        listener.listening("settings", listed.size() + " nodes");
        for (String entry : listed) {
            Node node = node(entry);
            listener.sighted(new Sighting.Seen(node.name(), node, Optional.empty()));
        }
        if (request.limit().isEmpty()) {
            awaitInterruption();
        }
    }

    private static Node node(String entry) throws SciabcException {
        int equals = Math.max(0, entry.indexOf('='));
        Optional<String> name = Untrusted.nodeName(entry.substring(0, equals));
        Optional<Subnet> address = Subnet.parse(entry.substring(equals).replaceFirst("^=", ""));
        if (name.isEmpty() || address.isEmpty()) {
            throw new SciabcException(
                    "@id@ cannot use the node '" + Untrusted.line(entry, 60) + "'", "it is not NAME=ADDRESS", "");
        }
        return Node.of(name.get(), List.of(address.get().base()));
    }

    /**
     * A watch without a limit never ends by itself. One with a limit ends as soon as the list has been reported: staying to
     * the limit would make every command last as long. A backend that waits for answers of others has to stay.
     */
    private static void awaitInterruption() throws InterruptedException {
        new CountDownLatch(1).await();
    }
}
