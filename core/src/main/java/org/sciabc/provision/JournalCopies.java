// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * The manager's copies of the nodes' journals, for nodes that lose theirs: a folder a node in the cluster's private folder,
 * and in it a file for each journal. The folder is called by the node's name and, where it has one, its id: {@code NAME@ID}. Two
 * machines may have had the same name.
 */
public final class JournalCopies {
    private final Path folder;

    /**
     * The copies of a cluster.
     *
     * @param stateFolder the cluster's private folder on the manager
     */
    public JournalCopies(Path stateFolder) {
        this.folder = stateFolder.resolve("journals");
    }

    /**
     * A copy and where it is.
     *
     * @param byId whether it was filed by the id that the node has, and not only by its name
     */
    private record Filed(Path file, JournalCopy copy, boolean byId) {
        boolean isSameJournal(JournalCopy other) {
            return copy.place().equals(other.place()) && copy.machine().equals(other.machine());
        }

        /** One of a machine that nobody can tell from others is of a node that has the id, and of no other one of the name. */
        boolean canBeOf(Facts facts) {
            return copy.canBeOf(facts) && (byId || isOfAKnownMachine());
        }

        boolean isOfAKnownMachine() {
            return !copy.machine().equals(JournalCopy.UNKNOWN);
        }
    }

    /**
     * Keeps a copy in place of the one before; one without entries goes. The copy of another machine stays.
     *
     * @throws SciabcException when it cannot be written
     */
    public void keep(Node node, JournalCopy copy) throws SciabcException {
        List<Filed> filed = filed(node);
        try {
            Path file = file(node, copy, filed);
            if (!copy.numbers().isEmpty()) {
                Files.createDirectories(
                        file.getParent(),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                AtomicFile.ownerOnlyAt(file).write(copy.text());
            }
            for (Filed before : filed) {
                boolean isThis = before.file().equals(file);
                if (before.isSameJournal(copy) && (isThis ? copy.numbers().isEmpty() : before.isOfAKnownMachine())) {
                    delete(before);
                }
            }
        } catch (IOException unwritable) {
            throw cannotKeep(node, unwritable);
        }
    }

    private SciabcException cannotKeep(Node node, IOException unwritable) {
        return new SciabcException(
                "cannot keep a copy of the journal of " + node.name(), "cannot write to " + folder, "", unwritable);
    }

    private static void delete(Filed filed) throws IOException {
        Files.deleteIfExists(filed.file());
        try {
            Files.deleteIfExists(filed.file().getParent());
        } catch (DirectoryNotEmptyException others) {
            // The copy of another journal of the node is there.
        }
    }

    /** The copies that there are of a node's journals, one of each. */
    List<JournalCopy> of(Node node, Facts facts) {
        Map<String, JournalCopy> copies = new TreeMap<>();
        filed(node).stream()
                .filter(each -> each.canBeOf(facts))
                .forEach(each -> copies.putIfAbsent(each.copy().place(), each.copy()));
        return List.copyOf(copies.values());
    }

    /** The copy of one journal. */
    Optional<JournalCopy> of(Node node, Facts facts, String place) {
        return of(node, facts).stream()
                .filter(copy -> copy.place().equals(place))
                .findFirst();
    }

    /** Whether there is the copy of a journal of another machine, and none of this one: it may have the name by now. */
    boolean hasOnlyOfAnother(Node node, Facts facts) {
        List<String> places = of(node, facts).stream().map(JournalCopy::place).toList();
        return filed(node).stream()
                .anyMatch(each -> !places.contains(each.copy().place()));
    }

    /**
     * Keeps nothing of a node any longer: it is as it was. Copies of another machine of the name stay.
     *
     * @throws SciabcException when a file cannot be deleted
     */
    public void drop(Node node, Facts facts) throws SciabcException {
        try {
            for (Filed each : filed(node)) {
                if (each.canBeOf(facts)) {
                    delete(each);
                }
            }
        } catch (IOException undeletable) {
            throw cannotKeep(node, undeletable);
        }
    }

    /** Those that were filed by the node's id, and then those by its name: before it had an id, or where it has none now. */
    private List<Filed> filed(Node node) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Filed> byId = new ArrayList<>();
        List<Filed> byName = new ArrayList<>();
        String id = node.id().map(NodeId::value).orElse("");
        try (Stream<Path> folders = Files.list(folder)) {
            for (Path own : folders.sorted().toList()) {
                String[] words = own.getFileName().toString().split("@", 2);
                String key = words.length == 2 ? words[1] : "";
                if (!id.isEmpty() && key.equals(id)) {
                    read(own, true, byId);
                } else if (words[0].equals(node.name())) {
                    List<Filed> all = new ArrayList<>();
                    read(own, false, all);
                    all.stream()
                            .filter(each -> id.isEmpty()
                                    || key.isEmpty()
                                    || key.equals(each.copy().machine()))
                            .forEach(byName::add);
                }
            }
        } catch (IOException | SciabcException unreadable) {
            // Then the nodes' own have to do: they mostly do.
            return List.of();
        }
        byId.addAll(byName);
        return byId;
    }

    /** One that cannot be read is none. */
    private static void read(Path own, boolean byId, List<Filed> to) throws IOException, SciabcException {
        try (Stream<Path> files = Files.list(own)) {
            for (Path file : files.sorted().toList()) {
                String place = file.getFileName().toString();
                if (Untrusted.user(place).isPresent()) {
                    AtomicFile.at(file)
                            .read()
                            .flatMap(text -> JournalCopy.parse(place, text))
                            .filter(copy -> !copy.numbers().isEmpty())
                            .ifPresent(copy -> to.add(new Filed(file, copy, byId)));
                }
            }
        }
    }

    private Path file(Node node, JournalCopy copy, List<Filed> filed) {
        Optional<Path> before = filed.stream()
                .filter(each -> each.isSameJournal(copy))
                .filter(each -> each.byId() || (node.id().isEmpty() && each.isOfAKnownMachine()))
                .map(Filed::file)
                .findFirst();
        if (before.isPresent()) {
            return before.get();
        }
        Path own = folder.resolve(
                        node.name() + node.id().map(id -> "@" + id.value()).orElse(""))
                .resolve(copy.place());
        boolean taken = filed.stream().anyMatch(each -> each.file().equals(own));
        return taken ? folder.resolve(node.name() + "@" + copy.machine()).resolve(copy.place()) : own;
    }
}
