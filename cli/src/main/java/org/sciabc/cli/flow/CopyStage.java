// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.sciabc.cli.console.Progress;
import org.sciabc.cli.console.Terminal;
import org.sciabc.provision.Copied;
import org.sciabc.provision.CopyTree;
import org.sciabc.provision.CopyWatching;
import org.sciabc.provision.Crowd;
import org.sciabc.provision.Distribution;
import org.sciabc.provision.Fetching;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.SciabcException;

/** Copies files to nodes or from them, and says what was copied. */
public final class CopyStage {
    private static final int WIDTH = 32;

    private final Terminal terminal;
    private final Reach reach;
    private final String cluster;
    private final boolean asJson;

    /**
     * A stage.
     *
     * @param asJson whether what was copied is printed as an object instead of told
     */
    public CopyStage(Setup setup, Reach reach, boolean asJson) {
        this.terminal = setup.session().terminal();
        this.reach = reach;
        this.cluster = setup.cluster();
        this.asJson = asJson;
    }

    /** Copies to the nodes; returns the exit status. */
    public int copy(List<Node> nodes, CopyTree tree, String destination) throws InterruptedException {
        return report(
                nodes, watching -> new Distribution(reach.access(), crowd()).copy(nodes, tree, destination, watching));
    }

    /** Copies from the nodes; returns the exit status. */
    public int fetch(List<Node> nodes, List<String> sources, Path destination) throws InterruptedException {
        return report(
                nodes, watching -> new Fetching(reach.access(), crowd()).fetch(nodes, sources, destination, watching));
    }

    private static Crowd crowd() {
        return new Crowd(WIDTH, Crowd.NO_LIMIT);
    }

    /** What went to or from a node; often enough for an eye. */
    private static final class Moved {
        private static final long RHYTHM_NANOS = 250_000_000;

        private long bytes;
        private long shown = System.nanoTime();

        /** All bytes by now, where they are to be shown. */
        synchronized OptionalLong add(long more) {
            bytes += more;
            if (System.nanoTime() - shown < RHYTHM_NANOS) {
                return OptionalLong.empty();
            }
            shown = System.nanoTime();
            return OptionalLong.of(bytes);
        }
    }

    /** The work on all nodes. */
    @FunctionalInterface
    private interface Round {
        List<Crowd.Result<Copied>> run(CopyWatching watching) throws InterruptedException;
    }

    private int report(List<Node> nodes, Round round) throws InterruptedException {
        Copies copies = new Copies();
        List<Crowd.Result<Copied>> results;
        try (copies) {
            results = round.run(copies);
        } catch (InterruptedException interrupted) {
            report(copies.soFar(nodes));
            throw interrupted;
        }
        return report(results);
    }

    /** Shows which nodes are at work; where nothing can be drawn over, what was copied is said in the end. */
    private final class Copies extends EndedSoFar<Copied> implements CopyWatching, AutoCloseable {
        private final Map<Node, Moved> moved = new ConcurrentHashMap<>();
        private final Optional<Progress> progress =
                terminal.canRedraw() ? Optional.of(new Progress(terminal, System::nanoTime)) : Optional.empty();

        @Override
        public void began(Node node) {
            progress.ifPresent(shown -> shown.doing(node.name(), "copying"));
        }

        @Override
        public void moved(Node node, long bytes) {
            if (progress.isPresent() && ended(node).isEmpty()) {
                moved.computeIfAbsent(node, first -> new Moved())
                        .add(bytes)
                        .ifPresent(all -> progress.get().doing(node.name(), "copying, " + size(all)));
            }
        }

        @Override
        public void ended(Crowd.Result<Copied> result) {
            super.ended(result);
            progress.ifPresent(shown ->
                    shown.done(result.node().name(), result instanceof Crowd.Done<Copied> ? "copied" : "not copied"));
        }

        @Override
        public void close() {
            progress.ifPresent(Progress::close);
        }
    }

    private int report(List<Crowd.Result<Copied>> results) {
        Map<Copied, List<String>> alike = new LinkedHashMap<>();
        Map<Node, SciabcException> failures = new LinkedHashMap<>();
        for (Crowd.Result<Copied> result : results) {
            if (result instanceof Crowd.Done<Copied> done) {
                alike.computeIfAbsent(done.value(), first -> new ArrayList<>())
                        .add(done.node().name());
            } else if (result instanceof Crowd.Failed<Copied> failed) {
                failures.put(failed.node(), failed.reason());
            }
        }
        if (asJson) {
            terminal.json(json(results));
        } else {
            alike.forEach((copied, names) -> terminal.say(NodeSet.of(names) + ": " + told(copied)));
        }
        Preparation.report(failures, terminal);
        return Preparation.status(failures.size(), results.size());
    }

    private static String told(Copied copied) {
        String same = copied.same() == 0 ? "" : copied.same() + " the same already";
        if (copied.files() == 0) {
            return "nothing to copy" + (same.isEmpty() ? "" : ", " + same);
        }
        return copied.files() + (copied.files() == 1 ? " file" : " files") + " copied (" + size(copied.bytes())
                + (copied.resumed() == 0 ? "" : ", of which " + size(copied.resumed()) + " had come before") + ")"
                + (same.isEmpty() ? "" : ", " + same);
    }

    private static String size(long bytes) {
        if (bytes < 1_000) {
            return bytes + " B";
        }
        return bytes < 1_000_000
                ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
                : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    private String json(List<Crowd.Result<Copied>> results) {
        JsonStringWriter json =
                JsonWriter.string().object().value("cluster", cluster).array("nodes");
        for (Crowd.Result<Copied> result : results) {
            json.object().value("name", result.node().name());
            if (result instanceof Crowd.Done<Copied> done) {
                json.value("files", done.value().files())
                        .value("bytes", done.value().bytes())
                        .value("same", done.value().same())
                        .value("resumed", done.value().resumed());
            } else if (result instanceof Crowd.Failed<Copied> failed) {
                json.value("what", failed.reason().what())
                        .value("why", failed.reason().why());
            }
            json.end();
        }
        return json.end().end().done();
    }
}
