// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.spi.BrowseRequest;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.NetworkService;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.ServiceListener;

/** Lists what a network announces, through one backend. */
public final class ServicesStage {
    /** What a backend may take besides: it has two seconds to find out that D-Bus refuses, and one to end. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Setup setup;
    private final Chosen<DiscoveryBackend> backend;

    public ServicesStage(Setup setup, Chosen<DiscoveryBackend> backend) {
        this.setup = setup;
        this.backend = backend;
    }

    /**
     * What was seen.
     *
     * @param types the kinds of service, those without an instance included
     * @param services the instances, sorted by kind, name and interface
     * @param listening for each place that was listened on, what was observed there
     */
    public record Listing(List<String> types, List<NetworkService> services, Map<String, String> listening) {}

    /** Looks for that long; notices go to the terminal. */
    public Listing run(Duration limit) throws SciabcException, InterruptedException {
        List<LocalInterface> interfaces = DiscoverStage.interfacesFor(setup, backend);
        Collector collector = new Collector();
        FutureTask<Boolean> looking = new FutureTask<>(() -> {
            backend.component().browse(new BrowseRequest(backend.settings(), interfaces, limit), collector);
            return true;
        });
        Thread thread = new Thread(looking, "services-" + backend.component().id());
        thread.setDaemon(true);
        thread.start();
        try {
            looking.get(limit.plus(PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            setup.session().terminal().warning(backend.component().id() + " did not stop in time and was left behind");
        } catch (ExecutionException failed) {
            throw failure(Optional.<Throwable>ofNullable(failed.getCause()).orElse(failed));
        } finally {
            thread.interrupt();
        }
        return collector.listing();
    }

    private static SciabcException failure(Throwable cause) {
        if (cause instanceof SciabcException said) {
            return said;
        }
        CliFailure defect = new CliFailure(
                ExitCode.SOFTWARE,
                "cannot list services",
                String.valueOf(cause.getMessage()),
                "--stacktrace shows where");
        defect.initCause(cause);
        return defect;
    }

    private final class Collector implements ServiceListener {
        private final Map<String, NetworkService> services = new TreeMap<>(NodeSet.NATURAL_ORDER);
        private final TreeSet<String> types = new TreeSet<>();
        private final Map<String, String> listening = new LinkedHashMap<>();

        @Override
        public synchronized void type(String type, String networkInterface) {
            types.add(type);
        }

        @Override
        public synchronized void found(NetworkService service) {
            types.add(service.type());
            services.put(service.type() + "\n" + service.name() + "\n" + service.networkInterface(), service);
        }

        @Override
        public synchronized void listening(String place, String finding) {
            listening.put(Objects.requireNonNull(place), Objects.requireNonNull(finding));
        }

        @Override
        public void notice(Notice notice) {
            setup.session().terminal().notice(notice);
        }

        synchronized Listing listing() {
            List<NetworkService> sorted = new ArrayList<>(services.values());
            sorted.sort(Comparator.comparing(NetworkService::type));
            return new Listing(List.copyOf(types), sorted, new LinkedHashMap<>(listening));
        }
    }
}
