// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.watch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.Durations;
import org.sciabc.spi.Notice;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.SciabcException;

/**
 * One hostfile that is kept true: written when what it is to say changes, and again when somebody else has changed it. A
 * file that cannot be written is tried again and again. Belongs to one thread.
 */
final class KeptHostfile {
    /** Long enough not to fill a terminal, short enough for somebody who comes back to it. */
    private static final Duration REMINDER = Duration.ofSeconds(30);

    private final Path file;
    private final Function<List<ReadyNode>, String> dialect;
    private final Ear ear;
    private Optional<String> problem = Optional.empty();
    private boolean lookedAt;
    private boolean keptForUs;
    private long toldAt;

    /** Who hears what becomes of the file. */
    interface Ear {
        /** It lists so many nodes: it was written, or said so already when it was first looked at. */
        void lists(Path file, int nodes);

        void notice(Notice notice);
    }

    /**
     * A file.
     *
     * @param dialect the text that lists nodes
     */
    KeptHostfile(Path file, Function<List<ReadyNode>, String> dialect, Ear ear) {
        this.file = file;
        this.dialect = dialect;
        this.ear = ear;
    }

    /** Whether there are nodes in it that others may be using. */
    boolean listsAnything() {
        try {
            return AtomicFile.at(file)
                    .read()
                    .filter(text -> !text.equals(dialect.apply(List.of())) && !text.isBlank())
                    .isPresent();
        } catch (SciabcException unreadable) {
            return false;
        }
    }

    /**
     * Makes the file list these nodes, unless it does.
     *
     * @param connected whether this machine has a network: without one, no node that is missing proves anything, and a
     *     list is not emptied
     * @param now nanoseconds of a clock that never jumps
     */
    void keep(List<ReadyNode> nodes, boolean connected, long now) {
        String text = dialect.apply(nodes);
        try {
            Optional<String> present = AtomicFile.at(file).read();
            boolean wouldEmpty = nodes.isEmpty() && !connected && listsAnything();
            if (wouldEmpty) {
                tellKept();
            } else if (!present.equals(Optional.of(text))) {
                AtomicFile.at(file).write(text);
                ear.lists(file, nodes.size());
            } else if (!lookedAt) {
                ear.lists(file, nodes.size());
            }
            lookedAt = true;
            keptForUs = wouldEmpty;
            problem.ifPresent(before -> ear.notice(Notice.info(file + " can be written again, and is true")));
            problem = Optional.empty();
        } catch (SciabcException failure) {
            tell(failure, now);
        }
    }

    private void tellKept() {
        if (!keptForUs) {
            ear.notice(Notice.warning("this machine has no network: " + file + " is kept as it was"));
        }
    }

    private void tell(SciabcException failure, long now) {
        String text = failure.why().isEmpty() ? failure.what() : failure.what() + ": " + failure.why();
        boolean isNew = !problem.equals(Optional.of(text));
        if (isNew || now - toldAt >= REMINDER.toNanos()) {
            toldAt = now;
            problem = Optional.of(text);
            ear.notice(Notice.warning(
                    text + "; the watch goes on, and tries again every " + Durations.format(Keeper.RETRY)));
        }
    }
}
