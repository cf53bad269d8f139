// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.console.Terminal;
import org.sciabc.provision.Outcome;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;

/** What nodes said while they were made ready, whole, in a file each, for whoever wonders afterwards. */
final class OutputFiles {
    private final Place place;
    private final Terminal terminal;
    private final Map<Node, Path> kept = new ConcurrentHashMap<>();

    /** Finds the cluster's private folder. */
    interface Place {
        Path stateFolder() throws CliFailure;
    }

    OutputFiles(Place place, Terminal terminal) {
        this.place = place;
        this.terminal = terminal;
    }

    /** Keeps it in place of what the node said the last time, which would mislead: also when it said nothing now. */
    void keep(Outcome outcome) {
        Node node = outcome.node();
        try {
            Path folder = Files.createDirectories(place.stateFolder().resolve("output"));
            Path file = folder.resolve(node.name() + ".txt");
            if (outcome.output().isEmpty()) {
                Files.deleteIfExists(file);
                return;
            }
            AtomicFile.ownerOnlyAt(file).write(String.join("\n", outcome.output()) + "\n");
            kept.put(node, file);
            terminal.detail(node.name() + ": what it said is in " + file);
        } catch (IOException | SciabcException unwritable) {
            terminal.detail("what " + node.name() + " said is not kept: it cannot be written");
        }
    }

    /** Where that is; empty where the node said nothing. */
    Optional<Path> of(Node node) {
        return Optional.ofNullable(kept.get(node));
    }
}
