// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.sciabc.spi.NetworkService;
import org.sciabc.spi.Notice;
import org.sciabc.spi.ServiceListener;

/** Keeps what a backend reports of services. Safe to use from any thread. */
public final class RecordingServices implements ServiceListener {
    private final List<NetworkService> found = new CopyOnWriteArrayList<>();
    private final Map<String, String> places = new ConcurrentHashMap<>();

    /** Has recorded nothing yet. */
    public RecordingServices() {}

    @Override
    public void type(String type, String networkInterface) {
        // An instance says its type, too.
    }

    @Override
    public void found(NetworkService service) {
        found.add(service);
    }

    @Override
    public void listening(String place, String finding) {
        places.put(place, finding);
    }

    @Override
    public void notice(Notice notice) {
        // No test asks for it.
    }

    /**
     * What was found so far.
     *
     * @return in the order in which it came
     */
    public List<NetworkService> found() {
        return List.copyOf(found);
    }

    /**
     * What was last said about each place that is listened on.
     *
     * @return findings by place
     */
    public Map<String, String> places() {
        return Map.copyOf(places);
    }
}
