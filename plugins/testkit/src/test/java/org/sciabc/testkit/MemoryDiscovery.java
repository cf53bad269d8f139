// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.pf4j.Extension;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.Node;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.RequirementsRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.SightingListener;
import org.sciabc.spi.WatchRequest;

/** A backend that does all that it should, in a network that is a map. The broken ones inherit from it. */
@Extension
public class MemoryDiscovery implements DiscoveryBackend {
    /** What is announced, by the state folder that announcer and watcher share. */
    static final Map<Path, Map<String, Node>> NETWORKS = new ConcurrentHashMap<>();

    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    /** For the host. */
    public MemoryDiscovery() {}

    @Override
    public String id() {
        return "memory";
    }

    @Override
    public String summary() {
        return "finds what is announced in this JVM";
    }

    @Override
    public List<Setting> settings() {
        return List.of(Setting.number("tries", 1, "how often it tries"));
    }

    @Override
    public List<Requirement> requirements(RequirementsRequest request) {
        return List.of(new Requirement.Directory("~/memory", 0700, "it remembers"));
    }

    @Override
    public Announcement announce(AnnounceRequest request) throws SciabcException, InterruptedException {
        Map<String, Node> network = network(request.stateFolder());
        String name = request.self().name();
        network.put(name, request.self());
        return new Announcement() {
            @Override
            public List<String> told() {
                return List.of("name=" + name);
            }

            @Override
            public void close() {
                network.remove(name);
            }
        };
    }

    @Override
    public void watch(WatchRequest request, SightingListener listener) throws SciabcException, InterruptedException {
        long begin = System.nanoTime();
        Set<String> present = new HashSet<>();
        listener.listening("memory", "looking");
        while (!isOver(request.limit(), begin)) {
            look(network(request.stateFolder()), present, listener);
            pause();
        }
    }

    /** Looks once, and reports what has changed. */
    void look(Map<String, Node> network, Set<String> present, SightingListener listener) {
        Map<String, Node> now = new HashMap<>(network);
        now.forEach((name, node) -> {
            if (present.add(name)) {
                listener.sighted(new Sighting.Seen(source(name), reported(node), networkInterface()));
            }
        });
        for (String name : Set.copyOf(present)) {
            if (!now.containsKey(name)) {
                present.remove(name);
                listener.sighted(new Sighting.Lost(lostSource(name), Sighting.Reason.LEFT));
            }
        }
    }

    void pause() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
    }

    boolean isOver(Optional<Duration> limit, long begin) {
        return limit.isPresent() && System.nanoTime() - begin >= limit.get().toNanos();
    }

    Node reported(Node node) {
        return node;
    }

    String source(String name) {
        return name + "@memory";
    }

    String lostSource(String name) {
        return source(name);
    }

    Optional<String> networkInterface() {
        return Optional.empty();
    }

    static Map<String, Node> network(Path stateFolder) {
        return NETWORKS.computeIfAbsent(stateFolder, folder -> new ConcurrentHashMap<>());
    }
}
