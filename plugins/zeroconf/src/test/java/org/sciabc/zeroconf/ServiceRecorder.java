// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.sciabc.spi.NetworkService;
import org.sciabc.spi.Notice;
import org.sciabc.spi.ServiceListener;

/** Keeps what a look for services reports. */
final class ServiceRecorder implements ServiceListener {
    private final Map<String, NetworkService> services = new LinkedHashMap<>();
    private final Set<String> types = new LinkedHashSet<>();
    private final Map<String, String> findings = new LinkedHashMap<>();
    private final List<Notice> notices = new ArrayList<>();
    private final CountDownLatch listening = new CountDownLatch(1);

    @Override
    public synchronized void type(String type, String networkInterface) {
        types.add(type);
    }

    @Override
    public synchronized void found(NetworkService service) {
        services.put(service.type() + " " + service.name(), service);
    }

    @Override
    public void listening(String place, String finding) {
        synchronized (this) {
            findings.put(place, finding);
        }
        listening.countDown();
    }

    @Override
    public synchronized void notice(Notice notice) {
        notices.add(notice);
    }

    void awaitListening() throws InterruptedException {
        listening.await();
    }

    /** The instance of this type and name. */
    synchronized NetworkService service(String typeAndName) {
        return Optional.ofNullable(services.get(typeAndName))
                .orElseThrow(() -> new AssertionError(typeAndName + " is not among " + services.keySet()));
    }

    synchronized Set<String> types() {
        return Set.copyOf(types);
    }

    synchronized Map<String, String> findings() {
        return Map.copyOf(findings);
    }

    synchronized List<Notice> notices() {
        return List.copyOf(notices);
    }
}
