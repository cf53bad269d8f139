// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.SciabcException;

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
     * By what a node is known as the one that a copy is of.
     *
     * @param machine the id of its installation, as the node states it
     * @param hostKey the SHA-256 fingerprint of the host key by which the node was verified; absent where that is not known
     */
    record Owner(Node node, String machine, Optional<String> hostKey) {
        static Owner of(Node node, Facts facts, Optional<String> hostKey) {
            return new Owner(node, facts.machine().machineId().orElse(JournalCopy.UNKNOWN), hostKey);
        }
    }

    /** By what a copy was filed. */
    private enum Filing {
        /** By the id that the node has. */
        ID,
        /** By its name alone. */
        NAME,
        /** By its name and an id that the node, which has none, does not have. */
        ANOTHER_ID
    }

    /** A copy and where it is. */
    private record Filed(Path file, JournalCopy copy, Filing filing) {
        boolean isSameJournal(JournalCopy other, Owner owner) {
            return copy.place().equals(other.place()) && canBeOf(owner);
        }

        /**
         * Anybody can take the name of a node, and state its machine's id, which all of its accounts can read and cloned cards
         * share: with these alone he would have root put there what he likes. So a copy that says a host key is of who has
         * that key, and one of before they were kept, where it was filed by an id, of who has the id. One of a machine that
         * nobody can tell from others is of a node that has the id, and of no other one of the name.
         */
        boolean canBeOf(Owner owner) {
            boolean isVerified =
                    copy.hostKey().isPresent() ? copy.hostKey().equals(owner.hostKey()) : filing != Filing.ANOTHER_ID;
            return isVerified
                    && copy.machine().equals(owner.machine())
                    && (filing == Filing.ID || !copy.machine().equals(JournalCopy.UNKNOWN));
        }
    }

    /**
     * Keeps a copy in place of the one before; one without entries goes. The copy of another machine stays.
     *
     * @throws SciabcException when it cannot be written
     */
    public void keep(Node node, JournalCopy copy) throws SciabcException {
        Owner owner = new Owner(node, copy.machine(), copy.hostKey());
        List<Filed> filed = filed(node);
        try {
            Path file = file(owner, copy, filed);
            if (!copy.numbers().isEmpty()) {
                Files.createDirectories(
                        file.getParent(),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                AtomicFile.ownerOnlyAt(file).write(copy.text());
            }
            for (Filed before : filed) {
                boolean isThis = before.file().equals(file);
                if (before.isSameJournal(copy, owner)
                        && (!isThis || copy.numbers().isEmpty())) {
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
    List<JournalCopy> of(Owner owner) {
        Map<String, JournalCopy> copies = new TreeMap<>();
        filed(owner.node()).stream()
                .filter(each -> each.canBeOf(owner))
                // One of before keys were kept may have stayed where a session had no id to find it by: it is the older
                // one.
                .sorted(Comparator.comparing(each -> each.copy().hostKey().isEmpty()))
                .forEach(each -> copies.putIfAbsent(each.copy().place(), each.copy()));
        return List.copyOf(copies.values());
    }

    /** The copy of one journal. */
    Optional<JournalCopy> of(Owner owner, String place) {
        return of(owner).stream().filter(copy -> copy.place().equals(place)).findFirst();
    }

    /** The accounts that there may be copies for, whoever of the name they are of. */
    List<String> accounts(Node node) {
        return filed(node).stream()
                .map(each -> each.copy().place())
                .filter(place -> !place.equals(JournalCopy.SYSTEM))
                .distinct()
                .toList();
    }

    /** Whether there is the copy of a journal of another machine, and none of this one: it may have the name by now. */
    boolean hasOnlyOfAnother(Owner owner) {
        List<String> places = of(owner).stream().map(JournalCopy::place).toList();
        return filed(owner.node()).stream()
                .anyMatch(each -> !places.contains(each.copy().place()));
    }

    /**
     * Keeps nothing of a node any longer: it is as it was. Copies of another machine of the name stay.
     *
     * @throws SciabcException when a file cannot be deleted
     */
    void drop(Owner owner) throws SciabcException {
        try {
            for (Filed each : filed(owner.node())) {
                if (each.canBeOf(owner)) {
                    delete(each);
                }
            }
        } catch (IOException undeletable) {
            throw cannotKeep(owner.node(), undeletable);
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
                String word = words.length == 2 ? words[1] : "";
                if (!id.isEmpty() && word.equals(id)) {
                    read(own, copy -> Filing.ID, byId);
                } else if (words[0].equals(node.name())) {
                    read(own, copy -> isOfTheMachine(word, copy) ? Filing.NAME : Filing.ANOTHER_ID, byName);
                }
            }
        } catch (IOException | SciabcException unreadable) {
            // Then the nodes' own have to do: they mostly do.
            return List.of();
        }
        byName.removeIf(each -> !id.isEmpty() && each.filing() == Filing.ANOTHER_ID);
        byId.addAll(byName);
        return byId;
    }

    /** Before host keys were kept the machine's id was all of the word. */
    private static boolean isOfTheMachine(String word, JournalCopy copy) {
        return word.isEmpty() || word.equals(copy.machine()) || word.equals(copy.machineWord());
    }

    /** One that cannot be read is none. */
    private static void read(Path own, Function<JournalCopy, Filing> filing, List<Filed> to)
            throws IOException, SciabcException {
        try (Stream<Path> files = Files.list(own)) {
            for (Path file : files.sorted().toList()) {
                Optional<String> place = JournalCopy.placeOf(file.getFileName().toString());
                if (place.isPresent()) {
                    AtomicFile.at(file)
                            .read()
                            .flatMap(text -> JournalCopy.parse(place.get(), text))
                            .filter(copy -> !copy.numbers().isEmpty())
                            .ifPresent(copy -> to.add(new Filed(file, copy, filing.apply(copy))));
                }
            }
        }
    }

    private Path file(Owner owner, JournalCopy copy, List<Filed> filed) {
        Node node = owner.node();
        Optional<Path> before = filed.stream()
                .filter(each -> each.isSameJournal(copy, owner))
                .filter(each -> each.filing() == Filing.ID || node.id().isEmpty())
                .map(Filed::file)
                .findFirst();
        if (before.isPresent()) {
            return before.get();
        }
        Path own = folder.resolve(
                        node.name() + node.id().map(id -> "@" + id.value()).orElse(""))
                .resolve(copy.fileName());
        boolean taken = filed.stream().anyMatch(each -> each.file().equals(own));
        return taken ? folder.resolve(node.name() + "@" + copy.machineWord()).resolve(copy.fileName()) : own;
    }
}
