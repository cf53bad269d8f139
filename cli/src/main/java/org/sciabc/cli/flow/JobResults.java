// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.IntStream;
import org.sciabc.cli.console.Terminal;
import org.sciabc.launch.RankPattern;
import org.sciabc.provision.Access;
import org.sciabc.provision.Copied;
import org.sciabc.provision.Crowd;
import org.sciabc.provision.Fetching;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.SciabcException;

/** Brings home what a job has written: by node, under the names that the files have in the folder of the job. */
final class JobResults {
    private static final int WIDTH = 32;

    private final Access access;
    private final Terminal terminal;
    private final String folder;
    private final Path destination;
    private final List<String> plain = new ArrayList<>();
    private final List<RankPattern> byRank = new ArrayList<>();
    private final Set<String> failed = new TreeSet<>();

    /**
     * Nothing is fetched yet.
     *
     * @param folder the folder of the job, in which patterns begin
     * @param destination gets a folder for each node
     */
    JobResults(Access access, Terminal terminal, String folder, Path destination) {
        this.access = access;
        this.terminal = terminal;
        this.folder = folder;
        this.destination = destination;
    }

    /**
     * These files, too.
     *
     * @throws SciabcException when it is no pattern
     */
    void add(String pattern) throws SciabcException {
        String inFolder = pattern.startsWith("./") ? pattern.substring(2) : pattern;
        String whole = inFolder.startsWith("/") ? inFolder : folder + "/" + inFolder;
        Optional<RankPattern> ofRanks = RankPattern.of(whole);
        ofRanks.ifPresentOrElse(byRank::add, () -> plain.add(whole));
    }

    /**
     * Fetches, and says what came and what could not be fetched.
     *
     * @param ranks how many processes the job had
     * @param limit how long one node may take
     * @return whether there was something, and all of it is home
     */
    boolean fetch(List<Node> nodes, int ranks, Duration limit) throws InterruptedException {
        Crowd crowd = new Crowd(WIDTH, limit);
        Tally tally = new Tally();
        if (!plain.isEmpty()) {
            tally.count(fetchTwice(crowd, nodes, plain, (path, name) -> Optional.of(below(path, name))));
        }
        for (RankPattern pattern : byRank) {
            Set<Integer> seen = new ConcurrentSkipListSet<>();
            tally.count(fetchTwice(crowd, nodes, List.of(pattern.glob()), (path, name) -> {
                Optional<RankPattern.Rank> rank = pattern.rank(path, ranks);
                rank.ifPresent(found -> seen.add(found.number()));
                return rank.map(found -> found.place(below(path, name)));
            }));
            sayMissing(pattern, seen, ranks);
        }
        return tally.isWhole();
    }

    /** The names of nodes where something may be that did not come. */
    Set<String> failed() {
        return Set.copyOf(failed);
    }

    /** A connection may have broken while a long job ran: what failed is tried once more over a new one. */
    private List<Crowd.Result<Copied>> fetchTwice(
            Crowd crowd, List<Node> nodes, List<String> patterns, Fetching.Placing placing)
            throws InterruptedException {
        Fetching fetching = new Fetching(access, crowd);
        List<Crowd.Result<Copied>> results =
                new ArrayList<>(fetching.fetchWhatIsThere(nodes, patterns, destination, placing));
        List<Crowd.Failed<Copied>> failures = Crowd.failures(results);
        if (!failures.isEmpty()) {
            List<Node> again = failures.stream().map(Crowd.Failed::node).toList();
            again.forEach(access::drop);
            results.removeAll(failures);
            results.addAll(fetching.fetchWhatIsThere(again, patterns, destination, placing));
        }
        return results;
    }

    private void sayMissing(RankPattern pattern, Set<Integer> seen, int ranks) {
        List<String> missing = IntStream.range(0, ranks)
                .filter(rank -> !seen.contains(rank))
                .mapToObj(rank -> "rank" + rank)
                .toList();
        if (!missing.isEmpty() && !seen.isEmpty()) {
            terminal.warning("no " + shown(pattern.text()) + " of " + NodeSet.of(missing) + " was found");
        }
    }

    /** As in the folder of the job, so that files of one name in several of its folders do not become one. */
    private String below(String path, String name) {
        boolean isBelow = path.startsWith(folder + "/")
                && List.of(path.split("/", -1)).stream().noneMatch(part -> part.equals("..") || part.equals("."));
        return isBelow ? path.substring(folder.length() + 1) : name;
    }

    private String shown(String pattern) {
        return pattern.startsWith(folder + "/") ? pattern.substring(folder.length() + 1) : pattern;
    }

    /** What came of several fetches from the same nodes. */
    private final class Tally {
        private final Set<String> from = new LinkedHashSet<>();
        private long files;

        void count(List<Crowd.Result<Copied>> results) {
            for (Crowd.Result<Copied> result : results) {
                String name = result.node().name();
                if (result instanceof Crowd.Done<Copied> done) {
                    long count = done.value().files() + done.value().same();
                    files += count;
                    if (count > 0) {
                        from.add(name);
                    }
                } else if (result instanceof Crowd.Failed<Copied> failure && failed.add(name)) {
                    terminal.error("cannot fetch the results of " + name + ": "
                            + failure.reason().getMessage());
                }
            }
        }

        boolean isWhole() {
            if (files > 0) {
                terminal.say("fetched " + files + (files == 1 ? " file" : " files") + " of "
                        + NodeSet.of(List.copyOf(from)) + " into " + destination);
            } else if (failed.isEmpty()) {
                List<String> patterns =
                        new ArrayList<>(plain.stream().map(each -> shown(each)).toList());
                byRank.forEach(pattern -> patterns.add(shown(pattern.text())));
                terminal.warning("there is nothing to fetch: no node has " + String.join(", ", patterns));
            }
            return files > 0 && failed.isEmpty();
        }
    }
}
