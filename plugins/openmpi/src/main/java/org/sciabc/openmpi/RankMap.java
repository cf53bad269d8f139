// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sciabc.spi.ReadyNode;

/**
 * Which rank runs on which node, as {@code mpirun --display-map} says on standard output before the job begins. Read by the
 * thread of standard output; asked by that of standard error, too, which may be earlier.
 */
final class RankMap {
    private static final long PATIENCE_SECONDS = 2;
    private static final Pattern TITLE = Pattern.compile("\\s*=+\\s+JOB MAP\\s+=+\\s*");
    private static final Pattern BEGINNING = Pattern.compile(" Data for JOB \\S+ offset .*");
    private static final Pattern WITHIN =
            Pattern.compile(" Data for JOB \\[\\d+,\\d+\\] offset \\d+ Total slots allocated \\d+$");
    private static final Pattern END = Pattern.compile("\\s*={20,}\\s*");
    private static final Pattern NODE = Pattern.compile("\\s*Data for node: (\\S+)\\s.*");
    private static final Pattern RANK = Pattern.compile("\\s*Process (OMPI )?jobid: .* Process rank: (\\d+)\\b.*");

    private final Map<String, String> namesByAddress;
    private final Optional<String> thisMachine;
    private final Map<Integer, String> nodes = new ConcurrentHashMap<>();
    private final CountDownLatch complete = new CountDownLatch(1);
    private String current = "";
    private boolean inMap;
    private volatile boolean writesSpace;

    private RankMap(Map<String, String> namesByAddress, Optional<String> thisMachine) {
        this.namesByAddress = namesByAddress;
        this.thisMachine = thisMachine;
    }

    static RankMap of(List<ReadyNode> nodes) {
        Map<String, String> names = new HashMap<>();
        nodes.forEach(node ->
                names.put(HostfileAddress.of(node).getHostAddress(), node.node().name()));
        List<String> local = nodes.stream()
                .filter(node -> isLocal(node.address()))
                .map(node -> node.node().name())
                .toList();
        return new RankMap(names, local.size() == 1 ? Optional.of(local.get(0)) : Optional.empty());
    }

    private static boolean isLocal(InetAddress address) {
        try {
            return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException unknown) {
            return false;
        }
    }

    /** Whether a line of standard output is a part of the map, and not the job's. Open MPI 4 has every node print it. */
    boolean takes(String line) {
        if (!inMap) {
            inMap = TITLE.matcher(line).matches() || BEGINNING.matcher(line).matches();
            // Maps are set off by empty lines, those of other nodes at any time. What the job writes has a tag.
            return inMap || line.isEmpty();
        }
        if (line.startsWith("[")) {
            return false;
        }
        if (END.matcher(line).matches()) {
            inMap = false;
            complete.countDown();
        }
        Matcher node = NODE.matcher(line);
        Matcher rank = RANK.matcher(line);
        if (node.matches()) {
            // mpirun calls its own machine by its host name, whatever the hostfile says.
            current = namesByAddress.getOrDefault(node.group(1), thisMachine.orElse(node.group(1)));
        } else if (rank.matches()) {
            writesSpace = rank.group(1) == null;
            nodes.put(Integer.parseInt(rank.group(2)), current);
        }
        return true;
    }

    /**
     * Where in a line of the job a map begins, which Open MPI 4 puts behind what has no end yet; -1 when none does. From there
     * on, lines are taken.
     */
    int beginsWithin(String line) {
        Matcher beginning = WITHIN.matcher(line);
        if (!beginning.find()) {
            return -1;
        }
        inMap = true;
        return beginning.start();
    }

    /** The map will not come any more. */
    void ended() {
        complete.countDown();
    }

    /** Whether this version writes a space between its tag and what the job wrote: 5 does, 4 does not. */
    boolean writesSpace() {
        return writesSpace;
    }

    /** The node of a rank. */
    Optional<String> node(int rank) {
        try {
            if (!complete.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return Optional.empty();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        return Optional.ofNullable(nodes.get(rank));
    }
}
