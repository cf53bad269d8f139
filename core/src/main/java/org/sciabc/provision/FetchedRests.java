// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.sciabc.provision.FetchedFiles.Wanted;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.SciabcException;

/**
 * What is to be fetched from a node in one stream: the rests of files that were cut off, then whole files. Which beginnings are
 * those of the node's files it is asked only where there are any.
 */
final class FetchedRests {
    private static final long ANSWER = 100;

    private final List<Wanted> rests;
    private final List<Wanted> whole;

    private FetchedRests(List<Wanted> rests, List<Wanted> whole) {
        this.rests = rests;
        this.whole = whole;
    }

    static FetchedRests of(NodeConnection connection, List<Wanted> wanted, LocalParts parts, Deadline deadline)
            throws SciabcException, InterruptedException {
        List<Wanted> whole = new ArrayList<>();
        List<Wanted> begun = new ArrayList<>();
        for (Wanted file : wanted) {
            Wanted found = file.isLarge() ? withBeginning(file, parts) : file;
            (found.beginning().isPresent() ? begun : whole).add(found);
        }
        List<Wanted> rests = new ArrayList<>();
        List<String> sums = begun.isEmpty() ? List.of() : sums(connection, begun, deadline);
        for (int number = 0; number < begun.size(); number++) {
            Wanted file = begun.get(number);
            if (sums.get(number).equals(file.beginning().orElseThrow().sum())) {
                rests.add(file);
            } else {
                whole.add(without(file, parts));
            }
        }
        return new FetchedRests(rests, whole);
    }

    private static Wanted withBeginning(Wanted file, LocalParts parts) throws SciabcException {
        try {
            return file.with(parts.take(file.target(), file.size()));
        } catch (IOException failure) {
            throw Fetching.unwritable(file.target(), failure);
        }
    }

    private static Wanted without(Wanted file, LocalParts parts) throws SciabcException {
        try {
            parts.drop(file.beginning().orElseThrow());
            return file.with(Optional.empty());
        } catch (IOException failure) {
            throw Fetching.unwritable(file.target(), failure);
        }
    }

    private static List<String> sums(NodeConnection connection, List<Wanted> begun, Deadline deadline)
            throws SciabcException, InterruptedException {
        String script = NodeScripts.of(NodeScripts.BASE) + NodeScripts.functions("sum_of_input", "sum_beginnings")
                + "sum_beginnings\n";
        String list = begun.stream()
                .map(file -> file.here() + " " + file.path() + "/\n")
                .collect(Collectors.joining());
        List<String> sums = CopyAnswer.of(connection, script, bytes(list), begun.size() * ANSWER, deadline)
                .all("beginning");
        if (sums.size() != begun.size()) {
            throw new SciabcException("cannot copy", "the node did not say all of what it has", "");
        }
        return sums;
    }

    /** How many bytes need not come. */
    long spared() {
        return rests.stream().mapToLong(Wanted::here).sum();
    }

    /** One command for all of them: a command for each takes longer than most files do. */
    void fetch(NodeConnection connection, LocalParts parts, Deadline deadline)
            throws SciabcException, InterruptedException {
        List<Wanted> all = new ArrayList<>(rests);
        all.addAll(whole);
        if (all.isEmpty()) {
            return;
        }
        String script = rests.stream()
                .map(file -> "tail -c +" + (file.here() + 1) + " -- " + ShellText.quote(file.path()) + " || exit 1\n")
                .collect(Collectors.joining());
        String names = whole.stream().map(file -> file.path() + "\0").collect(Collectors.joining());
        RemoteCommand command = RemoteCommand.of(script + (whole.isEmpty() ? "" : "exec xargs -0 cat --"))
                .within(deadline.left());
        try (FetchedFiles files = new FetchedFiles(all, parts)) {
            try {
                connection.run(command, new CommandStreams(bytes(names), files, OutputStream.nullOutputStream()));
            } catch (SciabcException broken) {
                throw files.why().orElse(broken);
            }
            files.requireAll();
        } catch (IOException full) {
            throw Fetching.unwritable(all.get(0).target(), full);
        }
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
