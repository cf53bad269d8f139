// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.watch;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.sciabc.cli.console.EventJson;
import org.sciabc.cli.console.RosterView;
import org.sciabc.cli.flow.Hostfiles;
import org.sciabc.roster.Claim;
import org.sciabc.roster.RosterEntry;
import org.sciabc.roster.RosterEvent;
import org.sciabc.roster.RosterListener;
import org.sciabc.roster.RosterStore;
import org.sciabc.spi.LocalProcesses;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.Notice;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.SciabcException;

/**
 * Follows a roster: shows it, stores it, keeps hostfiles true, and runs the person's command. What is slow (a disk, a
 * terminal, a command) is waited for on other threads than the one that watches.
 */
public final class Keeper implements RosterListener, AutoCloseable {
    /** How often a file that could not be written is tried again, and one that others may have changed is looked at. */
    static final Duration RETRY = Duration.ofSeconds(1);

    /**
     * What a list of an earlier watch keeps although it is not confirmed yet: a second for what is known to answer, and one
     * for what only discovery finds.
     */
    private static final Duration SETTLING = Duration.ofSeconds(2);

    private static final int MOST_FAILURES = 100;

    private static final Duration STORE_RHYTHM = Duration.ofSeconds(2);
    private static final Duration STORE_REFRESH = Duration.ofMinutes(1);

    private final Outputs outputs;
    private final RosterView view;
    private final InstantSource clock;
    private final Set<Claim.Key> known;
    private final List<KeptHostfile> files = new ArrayList<>();
    private final Optional<ChangeCommand> command;
    private final Worker showing;
    private final Worker keeping;
    private final Object lock = new Object();

    // What belongs to the watching thread.
    private final Set<String> failures = new HashSet<>();

    // What the watching thread leaves behind the lock.
    private final List<RosterEvent> unseen = new ArrayList<>();
    private List<RosterEntry> latest = List.of();
    private boolean latestConnected = true;

    // What belongs to the keeping thread.
    private final List<RosterEvent> unhandled = new ArrayList<>();
    private final Set<String> unlistable = new HashSet<>();
    private List<RosterEntry> entries = List.of();
    private boolean begun;
    private boolean connected = true;
    private boolean settled;
    private boolean stale;
    private Optional<String> storeProblem = Optional.empty();
    private Optional<String> unprepared = Optional.empty();
    private final long started = System.nanoTime();
    private long storedAt = started;

    /**
     * What is kept.
     *
     * @param hostfiles how nodes are listed
     * @param files the files, each with its form
     * @param store the roster on disk
     * @param cluster the cluster's name
     * @param onChange what runs after changes, for {@code sh -c}
     * @param processes what runs it
     */
    public record Outputs(
            Hostfiles hostfiles,
            List<HostfileTarget> files,
            RosterStore store,
            String cluster,
            Optional<String> onChange,
            LocalProcesses processes) {
        public Outputs {
            files = List.copyOf(files);
        }
    }

    /**
     * A keeper that has not begun.
     *
     * @param known what an earlier list may hold; until all of it is back, or has had time to come, no list gets shorter
     * @param clock what dates what is stored
     * @param onReaderGone is run when nobody reads what is shown any longer
     * @param broken is told of a defect on a thread of the keeper's, after which it keeps nothing
     */
    public Keeper(
            Outputs outputs,
            RosterView view,
            List<RosterEntry> known,
            InstantSource clock,
            Runnable onReaderGone,
            Consumer<RuntimeException> broken) {
        this.outputs = outputs;
        this.view = view;
        this.clock = clock;
        this.known = known.stream()
                .flatMap(entry -> entry.claims().stream())
                .filter(claim -> claim.standing() != Claim.Standing.LEFT)
                .map(Claim::key)
                .collect(Collectors.toSet());
        this.showing = new Worker("showing", Duration.ofSeconds(1), () -> show(view::tick, onReaderGone), broken);
        this.keeping = new Worker("keeping", RETRY, this::work, broken);
        this.command = outputs.onChange().map(line -> new ChangeCommand(line, outputs.processes(), this::notice));
        for (HostfileTarget target : outputs.files()) {
            files.add(new KeptHostfile(
                    target.file(), nodes -> outputs.hostfiles().text(nodes, target.dialect()), new FileNews()));
        }
    }

    /** Begins. */
    public void start() {
        showing.start();
        keeping.start();
        command.ifPresent(ChangeCommand::start);
    }

    @Override
    public void changed(List<RosterEvent> events, List<RosterEntry> all) {
        showing.post(() -> view.changed(events, all));
        synchronized (lock) {
            unseen.addAll(events);
            latest = all;
        }
        keeping.post(this::take);
    }

    @Override
    public void networks(List<String> interfaces) {
        synchronized (lock) {
            latestConnected = !interfaces.isEmpty();
        }
    }

    @Override
    public void listening(String backend, String place, String finding) {
        showing.post(() -> view.listening(backend, place, finding));
    }

    @Override
    public void notice(Notice notice) {
        showing.post(() -> view.notice(notice));
    }

    /** It is begun again, and may well fail again for the same reason: that is shown once. */
    @Override
    public void failed(SciabcException failure) {
        if (failures.size() < MOST_FAILURES && failures.add(String.valueOf(failure.getMessage()))) {
            showing.post(() -> view.failed(failure));
        }
    }

    /** Stores the roster, ends a command that runs, and leaves the hostfiles as they are. */
    @Override
    public void close() {
        keeping.post(this::store);
        keeping.close();
        if (command.isPresent()) {
            command.get().close();
        }
        showing.post(view::close);
        showing.close();
    }

    private void show(Runnable what, Runnable onReaderGone) {
        what.run();
        if (!view.isRead()) {
            onReaderGone.run();
        }
    }

    private void take() {
        synchronized (lock) {
            unhandled.addAll(unseen);
            unseen.clear();
            stale |= !entries.equals(latest);
            entries = latest;
        }
        begun = true;
        work();
    }

    private void work() {
        synchronized (lock) {
            connected = latestConnected;
        }
        if (!begun || isHeldBack()) {
            return;
        }
        keepFiles();
        handleEvents();
        Duration sinceStored = Duration.ofNanos(System.nanoTime() - storedAt);
        if (sinceStored.compareTo(stale ? STORE_RHYTHM : STORE_REFRESH) >= 0) {
            store();
        }
    }

    /** A list that an earlier watch left is believed until what it lists has had time to answer. */
    private boolean isHeldBack() {
        if (!settled) {
            Set<Claim.Key> there = usable().stream()
                    .flatMap(entry -> entry.claims().stream())
                    .map(Claim::key)
                    .collect(Collectors.toSet());
            boolean allBack = !known.isEmpty() && there.containsAll(known);
            boolean timeIsUp = System.nanoTime() - started >= SETTLING.toNanos();
            settled = allBack || timeIsUp || files.stream().noneMatch(KeptHostfile::listsAnything);
        }
        return !settled;
    }

    private List<RosterEntry> usable() {
        return entries.stream().filter(RosterEntry::isUsable).toList();
    }

    private void keepFiles() {
        if (files.isEmpty()) {
            return;
        }
        List<ReadyNode> nodes = outputs.hostfiles()
                .ready(usable().stream().map(RosterEntry::node).toList());
        long now = System.nanoTime();
        files.forEach(file -> file.keep(nodes, connected, now));
        tellUnprepared(nodes);
        outputs.files().forEach(target -> tellUnlistable(target, nodes));
    }

    /** Whoever runs the launcher by hand with one of the files needs more than the file. */
    private void tellUnprepared(List<ReadyNode> nodes) {
        Optional<String> problem = outputs.hostfiles().prepare(nodes).map(SciabcException::getMessage);
        if (problem.isPresent() && !problem.equals(unprepared)) {
            notice(Notice.warning("nothing but sciabc can launch on these nodes: " + problem.get()));
        }
        unprepared = problem;
    }

    private void tellUnlistable(HostfileTarget target, List<ReadyNode> nodes) {
        for (ReadyNode node : Hostfiles.unlistable(nodes, target.dialect())) {
            if (unlistable.add(target + " " + node.node().name())) {
                notice(Hostfiles.leftOut(List.of(node), target.dialect()));
            }
        }
    }

    private void handleEvents() {
        if (!unhandled.isEmpty()) {
            List<String> events = unhandled.stream().map(EventJson::of).toList();
            command.ifPresent(each -> each.after(events, environment()));
        }
        unhandled.clear();
    }

    private Map<String, String> environment() {
        List<String> names = usable().stream().map(entry -> entry.node().name()).toList();
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("SCIABC_CLUSTER", outputs.cluster());
        environment.put("SCIABC_NODES", NodeSet.of(names).toString());
        environment.put("SCIABC_NODE_COUNT", Integer.toString(names.size()));
        outputs.files().stream()
                .findFirst()
                .map(HostfileTarget::file)
                .map(Path::toAbsolutePath)
                .ifPresent(file -> environment.put("SCIABC_HOSTFILE", file.toString()));
        return environment;
    }

    private void store() {
        storedAt = System.nanoTime();
        stale = false;
        try {
            outputs.store().save(entries, clock.instant()).forEach(this::notice);
            storeProblem = Optional.empty();
        } catch (SciabcException failure) {
            Optional<String> problem = Optional.ofNullable(failure.getMessage());
            if (!problem.equals(storeProblem)) {
                storeProblem = problem;
                notice(Notice.warning("the roster is not kept for the next command: " + failure.getMessage()));
            }
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        }
    }

    private final class FileNews implements KeptHostfile.Ear {
        @Override
        public void lists(Path file, int nodes) {
            showing.post(() -> view.hostfile(file, nodes));
        }

        @Override
        public void notice(Notice notice) {
            Keeper.this.notice(notice);
        }
    }
}
