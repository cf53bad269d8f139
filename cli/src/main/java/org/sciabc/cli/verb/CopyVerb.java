// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.verb;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.cli.Verb;
import org.sciabc.cli.flow.CopyStage;
import org.sciabc.cli.flow.NodesInUse;
import org.sciabc.cli.flow.Reach;
import org.sciabc.cli.flow.Setup;
import org.sciabc.cli.option.DiscoveryOptions;
import org.sciabc.cli.option.NetworkOptions;
import org.sciabc.cli.option.ReachOptions;
import org.sciabc.provision.CopyTree;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/** {@code sciabc copy}. */
@Parameters(separators = "=")
public final class CopyVerb implements Verb {
    @Parameter(description = "[NODES] SOURCE... DESTINATION")
    private List<String> words = new ArrayList<>();

    @Parameter(names = "--fetch", description = "copy from the nodes, into a folder for each below the destination")
    private boolean fetch;

    @Parameter(names = "--hostfile", description = "FILE | the nodes of this file instead of those that are found")
    private @Nullable String hostfile;

    @Parameter(names = "--json", description = "print one JSON object")
    private boolean json;

    @ParametersDelegate
    private DiscoveryOptions discovery = new DiscoveryOptions();

    @ParametersDelegate
    private ReachOptions reaching = new ReachOptions();

    @ParametersDelegate
    private NetworkOptions network = new NetworkOptions();

    @Override
    public int run(Session session) throws SciabcException, InterruptedException {
        if (words.size() < 2) {
            throw CliFailure.usage(
                    "'copy' needs something to copy and a place for it",
                    "",
                    "for example: sciabc copy data/ programs/pi work/, or sciabc copy --fetch 'out/*.csv' results");
        }
        if (words.contains("")) {
            // Of a variable that is not set, as a rule: as a path it would be this whole folder, and on nodes the home
            // folder.
            throw CliFailure.usage("'copy' was given an empty word", "it names no nodes and no file", "");
        }
        requireNoPlace(fetch ? words.subList(0, words.size() - 1) : words.subList(words.size() - 1, words.size()));
        return fetch ? fetch(session) : copy(session);
    }

    /** What scp(1) and rsync(1) understand as a machine and a path there would become a folder of that name. */
    private void requireNoPlace(List<String> paths) throws CliFailure {
        for (String path : paths) {
            int colon = path.indexOf(':');
            if (path.matches("[^/]*:([/~].*)?")) {
                String node = colon == 0 ? "node[1-3]" : Untrusted.line(path.substring(0, colon), 40);
                throw CliFailure.usage(
                        "'" + Untrusted.line(path, 80) + "' is not a path on the nodes",
                        "what stands before a ':' would be a part of its name",
                        "nodes come first, and then paths: "
                                + (fetch
                                        ? "sciabc copy --fetch " + node + " 'out/*' results"
                                        : "sciabc copy " + node + " data /srv"));
            }
        }
    }

    private int copy(Session session) throws SciabcException, InterruptedException {
        boolean namesNodes = words.size() > 2 && !Files.exists(path(words.get(0)));
        List<Path> sources = new ArrayList<>();
        for (String source : words.subList(namesNodes ? 1 : 0, words.size() - 1)) {
            sources.add(path(source));
        }
        CopyTree tree = tree(sources);
        try (Setup setup = Setup.open(session, network);
                Reach reach = Reach.of(setup, reaching)) {
            List<Node> all = nodes(setup, reach);
            if (words.size() > 2 && !namesNodes && NodesInUse.areNamed(all, words.get(0))) {
                String word = Untrusted.line(words.get(0), 40);
                throw CliFailure.usage(
                        "'" + word + "' is a node, and a file here",
                        "",
                        "'./" + word + "' is the file, and '" + word + "," + word + "' the node");
            }
            List<Node> nodes = NodesInUse.selected(all, namesNodes ? words.subList(0, 1) : List.of());
            reach.askPasswords(nodes);
            return new CopyStage(setup, reach, json).copy(nodes, tree, words.get(words.size() - 1));
        }
    }

    private static CopyTree tree(List<Path> sources) throws CliFailure {
        try {
            return CopyTree.of(sources);
        } catch (SciabcException unusable) {
            throw CliFailure.of(ExitCode.USAGE, unusable);
        }
    }

    private int fetch(Session session) throws SciabcException, InterruptedException {
        Path destination = path(words.get(words.size() - 1));
        List<String> given = words.subList(0, words.size() - 1);
        try (Setup setup = Setup.open(session, network);
                Reach reach = Reach.of(setup, reaching)) {
            List<Node> all = nodes(setup, reach);
            boolean namesNodes = given.size() > 1 && NodesInUse.isAnyNamed(all, given.get(0));
            List<Node> nodes = NodesInUse.selected(all, namesNodes ? given.subList(0, 1) : List.of());
            reach.askPasswords(nodes);
            return new CopyStage(setup, reach, json)
                    .fetch(nodes, given.subList(namesNodes ? 1 : 0, given.size()), destination);
        }
    }

    private List<Node> nodes(Setup setup, Reach reach) throws SciabcException, InterruptedException {
        return NodesInUse.of(Optional.ofNullable(hostfile), setup, discovery, reach);
    }

    private static Path path(String word) throws CliFailure {
        try {
            return Path.of(word);
        } catch (InvalidPathException refused) {
            throw CliFailure.usage("'" + Untrusted.line(word, 80) + "' is not the name of a file", "", "");
        }
    }
}
