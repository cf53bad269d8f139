// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;

/**
 * The roster on disk, for the next command to begin with: {@code roster.json} in the cluster's state folder. Several
 * processes may save at once; each adds what it knows.
 */
public final class RosterStore {
    private static final Duration MEMORY = Duration.ofDays(30);
    private static final Duration YESTERDAY = Duration.ofDays(1);

    private final Path file;

    /** What was stored. */
    public record Stored(List<RosterEntry> entries, List<Notice> notices) {
        public Stored {
            entries = List.copyOf(entries);
            notices = List.copyOf(notices);
        }
    }

    /** The store in that folder, which must exist. */
    public RosterStore(Path stateFolder) {
        this.file = stateFolder.resolve("roster.json");
    }

    /**
     * Reads what was stored; nothing, when nothing was. Content that cannot be read is set aside, and told.
     *
     * @throws SciabcException when the file is there and the system does not let it be read
     */
    public Stored load() throws SciabcException {
        Optional<String> text = AtomicFile.at(file).read();
        return text.isEmpty() ? new Stored(List.of(), List.of()) : parsed(text.get());
    }

    /**
     * Stores these, and keeps what others stored meanwhile of other nodes. Who went more than a month ago is forgotten.
     *
     * @return what is worth telling
     * @throws SciabcException when the file cannot be written
     * @throws InterruptedException when the thread was interrupted while another process was writing
     */
    public List<Notice> save(List<RosterEntry> entries, Instant now) throws SciabcException, InterruptedException {
        List<Notice> notices = new ArrayList<>();
        AtomicFile.ownerOnlyAt(file).update(present -> {
            Stored stored = present.isEmpty() ? new Stored(List.of(), List.of()) : parsed(present.get());
            notices.addAll(stored.notices());
            return RosterJson.write(kept(joined(stored.entries(), entries, now), now));
        });
        return notices;
    }

    private Stored parsed(String text) throws SciabcException {
        try {
            return new Stored(RosterJson.read(text), List.of());
        } catch (RosterJson.MalformedException damage) {
            return new Stored(List.of(), List.of(setAside(damage)));
        }
    }

    private Notice setAside(RosterJson.MalformedException damage) throws SciabcException {
        Path aside = file.resolveSibling(file.getFileName() + ".damaged");
        try {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new SciabcException(
                    "cannot read " + file, damage.getMessage(), "remove the file: it is made again", failure);
        }
        return Notice.warning("the roster in " + file + " could not be read (" + damage.getMessage()
                + ") and was set aside as " + aside.getFileName() + ": nodes have to be discovered again");
    }

    private static List<RosterEntry> joined(List<RosterEntry> stored, List<RosterEntry> fresh, Instant now) {
        Map<Claim.Key, RosterEntry> storedByClaim = new HashMap<>();
        stored.forEach(entry -> entry.claims().forEach(claim -> storedByClaim.put(claim.key(), entry)));
        Set<RosterEntry> superseded = new HashSet<>();
        List<RosterEntry> joined = new ArrayList<>();
        for (RosterEntry entry : fresh) {
            List<RosterEntry> same = entry.claims().stream()
                    .flatMap(claim -> Optional.ofNullable(storedByClaim.get(claim.key())).stream())
                    .distinct()
                    .toList();
            superseded.addAll(same);
            joined.add(withClaimsOf(same, entry, now));
        }
        stored.stream().filter(entry -> !superseded.contains(entry)).forEach(joined::add);
        return joined;
    }

    /** Another command may have used another backend: what that one saw of the node is kept. */
    private static RosterEntry withClaimsOf(List<RosterEntry> stored, RosterEntry entry, Instant now) {
        Map<Claim.Key, Claim> byKey = new LinkedHashMap<>();
        Stream.concat(entry.claims().stream(), stored.stream().flatMap(same -> same.claims().stream()))
                .forEach(claim -> byKey.merge(claim.key(), claim, (known, same) -> known.knownSince(same.firstSeen())));
        List<Claim> all = byKey.values().stream().sorted(Claim.OLDEST_FIRST).toList();
        List<Claim> claims =
                all.stream().filter(claim -> !isReplaced(claim, all, now)).toList();
        return new RosterEntry(entry.node(), entry.state(), entry.since(), entry.lastAnswer(), claims);
    }

    /** A backend may call each start of a node something else, as JGroups does: of such, yesterday's say nothing any more. */
    private static boolean isReplaced(Claim claim, List<Claim> all, Instant now) {
        return claim.standing() != Claim.Standing.CURRENT
                && claim.lastSeen().isBefore(now.minus(YESTERDAY))
                && all.stream()
                        .anyMatch(other -> other.lastSeen().isAfter(claim.lastSeen())
                                && other.key().backend().equals(claim.key().backend())
                                && other.networkInterface().equals(claim.networkInterface()));
    }

    private static List<RosterEntry> kept(List<RosterEntry> entries, Instant now) {
        return entries.stream()
                .filter(entry -> entry.lastSeen().isAfter(now.minus(MEMORY)))
                .sorted(Comparator.comparing(RosterEntry::lastSeen).reversed())
                .limit(Roster.MOST_ENTRIES)
                .sorted(RosterEntry.BY_NAME)
                .toList();
    }
}
