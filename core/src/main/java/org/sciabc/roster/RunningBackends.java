// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Notice;
import org.sciabc.spi.WatchRequest;

/**
 * The backends of a watch: each runs as long as the watch does, is begun anew with other interfaces when they change, and
 * again after a while when it fails. Belongs to one thread; times are those of {@link System#nanoTime}.
 */
final class RunningBackends implements AutoCloseable {
    /** What the contract gives a backend to obey an interruption. */
    private static final long OBEDIENCE = Duration.ofSeconds(1).toNanos();

    private static final long FIRST_PAUSE = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofSeconds(30).toNanos();

    private final String cluster;
    private final Path stateFolder;
    private final Sightings sightings;
    private final Consumer<Notice> notices;
    private final List<Place> places;
    private List<LocalInterface> interfaces = List.of();

    /** One backend's place. */
    private static final class Place {
        final Watch.Source source;
        Optional<BackendThread> running = Optional.empty();
        Optional<BackendThread> ending = Optional.empty();
        long endingSince;
        long pause = FIRST_PAUSE;
        long startAt;
        long startedAt;

        Place(Watch.Source source, long now) {
            this.source = source;
            this.startAt = now;
        }

        boolean needsInterfaces() {
            return source.isToldInterfaces();
        }
    }

    RunningBackends(Watch.Request request, String cluster, Sightings sightings, Consumer<Notice> notices, long now) {
        this.cluster = cluster;
        this.stateFolder = request.stateFolder();
        this.sightings = sightings;
        this.notices = notices;
        this.places =
                request.sources().stream().map(source -> new Place(source, now)).toList();
    }

    /** Uses these interfaces from now on. */
    void use(List<LocalInterface> chosen, long now) {
        if (!chosen.equals(interfaces)) {
            interfaces = chosen;
            places.stream().filter(Place::needsInterfaces).forEach(place -> {
                place.running.ifPresent(BackendThread::dismiss);
                place.ending = place.running.or(() -> place.ending);
                place.running = Optional.empty();
                place.endingSince = now;
                place.startAt = now;
            });
        }
    }

    /** Begins what is to run and does not. */
    void tick(long now) {
        for (Place place : places) {
            if (place.ending.isPresent() && now - place.endingSince > OBEDIENCE) {
                notices.accept(Notice.warning("discovery through "
                        + place.source.backend().id() + " did not stop when the network changed and was left behind"));
                place.ending = Optional.empty();
            }
            boolean possible = !place.needsInterfaces() || !interfaces.isEmpty();
            boolean idle = place.running.isEmpty() && place.ending.isEmpty();
            if (idle && possible && now - place.startAt >= 0) {
                place.startedAt = now;
                place.running = Optional.of(BackendThread.start(place.source.backend(), request(place), sightings));
            }
        }
    }

    /** Takes it that a run has failed; it ends, too. Returns whether that matters to anybody. */
    boolean failed(Sightings.Failed failed) {
        boolean matters = isRunning(failed.run());
        if (matters) {
            notices.accept(Notice.warning(failed.failure().getMessage()
                    + failed.failure().hint().map(hint -> " (" + hint + ")").orElse("")));
        }
        return matters;
    }

    /** Takes it that a run has ended; returns whether it was not told to. */
    boolean ended(BackendThread run, long now) {
        boolean byItself = isRunning(run);
        for (Place place : places) {
            if (place.running.filter(run::equals).isPresent()) {
                place.running = Optional.empty();
                boolean wasFine = now - place.startedAt > LONGEST_PAUSE;
                place.pause = wasFine ? FIRST_PAUSE : place.pause;
                place.startAt = now + place.pause;
                place.pause = Math.min(LONGEST_PAUSE, place.pause * 2);
            }
            if (place.ending.filter(run::equals).isPresent()) {
                place.ending = Optional.empty();
            }
        }
        return byItself;
    }

    @Override
    public void close() {
        List<BackendThread> runs = new ArrayList<>();
        places.forEach(place -> place.running.ifPresent(runs::add));
        runs.forEach(BackendThread::dismiss);
    }

    private boolean isRunning(BackendThread run) {
        return places.stream()
                .anyMatch(place -> place.running.filter(run::equals).isPresent());
    }

    private WatchRequest request(Place place) {
        return new WatchRequest(
                cluster,
                place.source.settings(),
                place.needsInterfaces() ? interfaces : List.of(),
                stateFolder,
                Optional.empty());
    }
}
