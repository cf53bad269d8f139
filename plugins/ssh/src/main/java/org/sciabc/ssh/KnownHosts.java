// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.SciabcException;

/**
 * The host keys that the cluster trusts, in the format of OpenSSH. A node that has an identity is known by it
 * ({@code sciabc-ID}) and by its address; one without by its address alone. Identity first: on a network that hands out
 * addresses, tomorrow another node has this one.
 *
 * <p>Loops rather than streams where every connection comes past, here and in the classes around it: the lambdas of a plugin
 * are made anew in each process, a millisecond each, because the JVM's archives hold those of its own class loaders only.
 */
final class KnownHosts {
    private static final String ALIAS = "sciabc-";

    /**
     * What threads of this process are about to write, by file: the first one that gets there writes for all of them. Many
     * new nodes at once would otherwise bring the file to the disk as often as there are nodes.
     */
    private static final Map<Path, Set<KnownHostsLine>> WAITING = new ConcurrentHashMap<>();

    private final Path file;
    private final Path usersFile;

    /** What is known about a key that a node presents. */
    sealed interface Verdict {}

    /** It is the node's key. */
    record Trusted() implements Verdict {}

    /** Nothing is known about this node's key. */
    record Unknown() implements Verdict {}

    /** Another key is known for this node, under this name. */
    record Changed(HostKey known, String name) implements Verdict {}

    /**
     * The known hosts of a cluster.
     *
     * @param stateFolder the cluster's folder
     * @param userFolder the person's own {@code .ssh}; read only
     */
    KnownHosts(Path stateFolder, Path userFolder) {
        this.file = stateFolder.resolve("known_hosts");
        this.usersFile = userFolder.resolve("known_hosts");
    }

    /** Where the cluster's keys are. */
    Path file() {
        return file;
    }

    /** The name by which OpenSSH is to look a node up: the one that is known, its identity's where both are. */
    String lookUpName(Node node, Endpoint endpoint) throws SciabcException {
        if (node.id().isPresent()) {
            String alias = alias(node.id().get());
            if (!about(linesAbout(node, endpoint), Set.of(alias)).isEmpty()) {
                return alias;
            }
        }
        return endpoint.knownHostsName();
    }

    /** Whether the cluster has a key of this node, so that OpenSSH can verify it; not whether it is the right one. */
    boolean isKnown(Node node, Endpoint endpoint) throws SciabcException {
        List<KnownHostsLine> lines = linesAbout(node, endpoint);
        if (node.id().isPresent()
                && !about(lines, Set.of(alias(node.id().get()))).isEmpty()) {
            return true;
        }
        for (KnownHostsLine line : about(lines, Set.of(endpoint.knownHostsName()))) {
            if (!belongsToAnother(line, node)) {
                return true;
            }
        }
        return false;
    }

    /** The keys by which this node is known: to be asked for before others. */
    List<HostKey> keysOf(Node node, Endpoint endpoint) throws SciabcException {
        List<KnownHostsLine> lines = linesAbout(node, endpoint);
        List<HostKey> ofIdentity =
                node.id().isPresent() ? keysOf(lines, Set.of(alias(node.id().get()))) : List.of();
        return ofIdentity.isEmpty() ? keysOf(lines, Set.of(endpoint.knownHostsName())) : ofIdentity;
    }

    /** What to think of the key that was presented there as this node's. */
    Verdict verdict(Node node, Endpoint endpoint, HostKey presented) throws SciabcException {
        List<KnownHostsLine> lines = linesAbout(node, endpoint);
        if (node.id().isPresent()) {
            String alias = alias(node.id().get());
            List<HostKey> ofIdentity = keysOf(lines, Set.of(alias));
            if (!ofIdentity.isEmpty()) {
                return ofIdentity.contains(presented) ? new Trusted() : new Changed(ofIdentity.get(0), alias);
            }
        }
        List<KnownHostsLine> ofAddress = about(lines, Set.of(endpoint.knownHostsName()));
        for (KnownHostsLine line : ofAddress) {
            if (line.key().equals(presented)) {
                return new Trusted();
            }
        }
        for (KnownHostsLine line : ofAddress) {
            if (!belongsToAnother(line, node)) {
                return new Changed(line.key(), endpoint.knownHostsName());
            }
        }
        return usersFileHas(endpoint, presented) ? new Trusted() : new Unknown();
    }

    /** Trusts a key from now on. What is known already is not written again. */
    void remember(Node node, Endpoint endpoint, HostKey key) throws SciabcException, InterruptedException {
        Set<String> names = new TreeSet<>();
        names.add(endpoint.knownHostsName());
        if (node.id().isPresent()) {
            names.add(alias(node.id().get()));
        }
        KnownHostsLine line = new KnownHostsLine(List.copyOf(names), key);
        if (isKnown(linesAbout(node, endpoint), line)) {
            return;
        }
        Set<KnownHostsLine> waiting = WAITING.computeIfAbsent(file, path -> ConcurrentHashMap.newKeySet());
        waiting.add(line);
        try {
            AtomicFile.ownerOnlyAt(file).update(present -> with(waiting, present.orElse("")));
        } finally {
            waiting.remove(line);
        }
    }

    private static String with(Set<KnownHostsLine> waiting, String present) {
        List<KnownHostsLine> known = new ArrayList<>(parse(present));
        StringBuilder text = new StringBuilder(present);
        if (!present.isEmpty() && !present.endsWith("\n")) {
            text.append('\n');
        }
        for (KnownHostsLine line : waiting) {
            if (!isKnown(known, line)) {
                known.add(line);
                text.append(line).append('\n');
            }
        }
        return known.size() == parse(present).size() ? present : text.toString();
    }

    private static boolean isKnown(List<KnownHostsLine> lines, KnownHostsLine wanted) {
        for (String name : wanted.names()) {
            if (!keysOf(lines, Set.of(name)).contains(wanted.key())) {
                return false;
            }
        }
        return true;
    }

    /** A line of an address that was written for a node with an identity says nothing about one with another identity. */
    private static boolean belongsToAnother(KnownHostsLine line, Node node) {
        return node.id().isPresent()
                && line.names().stream()
                        .anyMatch(name -> name.startsWith(ALIAS)
                                && !name.equals(alias(node.id().get())));
    }

    private static String alias(NodeId id) {
        return ALIAS + id.value();
    }

    private static List<HostKey> keysOf(List<KnownHostsLine> lines, Set<String> names) {
        List<HostKey> keys = new ArrayList<>();
        for (KnownHostsLine line : about(lines, names)) {
            keys.add(line.key());
        }
        return keys;
    }

    private static List<KnownHostsLine> about(List<KnownHostsLine> lines, Set<String> names) {
        List<KnownHostsLine> about = new ArrayList<>();
        for (KnownHostsLine line : lines) {
            if (line.isAbout(names)) {
                about.add(line);
            }
        }
        return about;
    }

    /** Lines that may be about this node; those of hundreds of other nodes are not taken apart. */
    private List<KnownHostsLine> linesAbout(Node node, Endpoint endpoint) throws SciabcException {
        String address = endpoint.knownHostsName();
        String alias = node.id().isPresent() ? alias(node.id().get()) : address;
        List<KnownHostsLine> lines = new ArrayList<>();
        for (String line : AtomicFile.at(file).read().orElse("").split("\n", -1)) {
            if (line.contains(address) || line.startsWith("|") || line.contains(alias)) {
                Optional<KnownHostsLine> parsed = KnownHostsLine.parse(line);
                if (parsed.isPresent()) {
                    lines.add(parsed.get());
                }
            }
        }
        return lines;
    }

    private static List<KnownHostsLine> parse(String text) {
        return text.lines().flatMap(line -> KnownHostsLine.parse(line).stream()).toList();
    }

    /** A courtesy, and only that: what cannot be read there is not known. */
    private boolean usersFileHas(Endpoint endpoint, HostKey presented) {
        try (Stream<String> lines = Files.lines(usersFile, StandardCharsets.ISO_8859_1)) {
            List<String> relevant =
                    lines.filter(line -> line.contains(presented.base64())).toList();
            return relevant.stream().noneMatch(line -> line.startsWith("@"))
                    && relevant.stream()
                            .flatMap(line -> KnownHostsLine.parse(line).stream())
                            .anyMatch(line -> line.isAbout(Set.of(endpoint.knownHostsName())));
        } catch (IOException | java.io.UncheckedIOException unreadable) {
            return false;
        }
    }
}
