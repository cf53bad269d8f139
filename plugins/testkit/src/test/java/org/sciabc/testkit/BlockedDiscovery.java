// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.time.Duration;
import java.util.Map;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.SightingListener;
import org.sciabc.spi.WatchRequest;

/** A backend that waits for an answer, and neither looks at the time nor can be interrupted meanwhile. */
public class BlockedDiscovery extends MemoryDiscovery {
    /** Settings with which nothing answers. */
    static final Map<String, String> WITHOUT_ANSWERS = Map.of("tries", "0");

    @Override
    public void watch(WatchRequest request, SightingListener listener) throws SciabcException, InterruptedException {
        if (request.settings().number("tries") == 0) {
            BrokenDiscovery.linger(Duration.ofSeconds(2));
        }
        super.watch(request, listener);
    }
}
