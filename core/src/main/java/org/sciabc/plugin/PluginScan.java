// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pf4j.DefaultVersionManager;
import org.sciabc.plugin.LoadedPlugin.LoadedComponent;
import org.sciabc.plugin.PluginProblem.Kind;
import org.sciabc.spi.NodeSet;

/**
 * What the folders hold: each plugin once, and what is wrong with the rest.
 *
 * @param jars in the order of the folders, then of the jars' names
 */
record PluginScan(List<JarContents> jars, List<PluginProblem> problems) {

    static PluginScan of(List<Path> folders, PlaceSafety safety) {
        return of(folders, safety, KeptPlugins.none());
    }

    static PluginScan of(List<Path> folders, PlaceSafety safety, KeptPlugins kept) {
        Map<String, JarContents> byId = new LinkedHashMap<>();
        List<PluginProblem> problems = new ArrayList<>();
        for (Path folder : folders) {
            for (JarContents jar : pluginsIn(folder, safety, kept, problems)) {
                JarContents earlier = byId.put(jar.info().id(), jar);
                if (earlier != null) {
                    problems.add(hidden(earlier, jar));
                }
            }
        }
        List<JarContents> jars = List.copyOf(byId.values());
        problems.addAll(doublyDeclared(jars));
        return new PluginScan(jars, List.copyOf(problems));
    }

    /** Each plugin in one folder once. */
    private static Collection<JarContents> pluginsIn(
            Path folder, PlaceSafety safety, KeptPlugins kept, List<PluginProblem> problems) {
        Map<String, JarContents> byId = new LinkedHashMap<>();
        for (Path path : jarsIn(folder, safety, problems)) {
            try {
                requireSafe(path, safety);
                JarContents jar = kept.contents(path);
                problems.addAll(jar.warnings());
                JarContents first = byId.putIfAbsent(jar.info().id(), jar);
                if (first != null) {
                    byId.put(jar.info().id(), better(first, jar, problems));
                }
            } catch (UnusablePluginException e) {
                problems.add(e.problem());
            }
        }
        return byId.values();
    }

    static PluginProblem duplicate(LoadedComponent loser, LoadedComponent winner) {
        return duplicate(
                loser.info().plugin(), winner.info().plugin(), winner.info().offer());
    }

    private static PluginProblem duplicate(PluginInfo loser, PluginInfo winner, Offer offer) {
        return PluginProblem.unusable(
                        Kind.DUPLICATE_COMPONENT,
                        loser.jar(),
                        "also has the " + offer.kind().title() + " '" + offer.id() + "', and that of plugin "
                                + winner.id() + " (" + winner.jar().getFileName() + ") is used",
                        "remove one of the two plugins, or rename the component")
                .in(loser.id());
    }

    private static List<PluginProblem> doublyDeclared(List<JarContents> jars) {
        Map<Offer, PluginInfo> first = new LinkedHashMap<>();
        List<PluginProblem> found = new ArrayList<>();
        for (JarContents jar : jars) {
            for (Offer offer : jar.info().declared().orElse(List.of())) {
                PluginInfo winner = first.putIfAbsent(offer, jar.info());
                if (winner != null) {
                    found.add(duplicate(jar.info(), winner, offer));
                }
            }
        }
        return found;
    }

    private static JarContents better(JarContents first, JarContents second, List<PluginProblem> problems) {
        boolean newer = isNewer(second.info().version(), first.info().version());
        JarContents winner = newer ? second : first;
        problems.add(shadowed(newer ? first : second, winner));
        return winner;
    }

    private static PluginProblem shadowed(JarContents loser, JarContents winner) {
        return PluginProblem.unusable(
                        Kind.DUPLICATE_PLUGIN,
                        loser.info().jar(),
                        "is plugin " + loser.info().id() + " " + loser.info().version() + " once more, and "
                                + winner.info().version() + " from "
                                + winner.info().jar() + " is used",
                        "remove the one that you do not want")
                .in(loser.info().id());
    }

    /** What a user has put into a folder of their own takes the place of what everybody has: meant so, and no mistake. */
    private static PluginProblem hidden(JarContents loser, JarContents winner) {
        return PluginProblem.warning(
                        Kind.DUPLICATE_PLUGIN,
                        loser.info().jar(),
                        "has plugin " + loser.info().id() + " " + loser.info().version() + ", and "
                                + winner.info().version() + " from "
                                + winner.info().jar() + " is used instead",
                        "'sciabc plugins remove " + loser.info().id() + "' brings it back")
                .in(loser.info().id());
    }

    private static boolean isNewer(String candidate, String other) {
        try {
            return new DefaultVersionManager().compareVersions(candidate, other) > 0;
        } catch (RuntimeException notSemantic) {
            return NodeSet.NATURAL_ORDER.compare(candidate, other) > 0;
        }
    }

    private static void requireSafe(Path jar, PlaceSafety safety) throws UnusablePluginException {
        Optional<PluginProblem> unsafe = safety.judge(jar);
        if (unsafe.isPresent()) {
            throw new UnusablePluginException(unsafe.get());
        }
    }

    private static List<Path> jarsIn(Path folder, PlaceSafety safety, List<PluginProblem> problems) {
        if (!Files.exists(folder)) {
            return List.of();
        }
        Optional<PluginProblem> unsafe = safety.judge(folder);
        if (unsafe.isPresent()) {
            problems.add(unsafe.get());
            return List.of();
        }
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (entry.toString().endsWith(".jar")) {
                    jars.add(entry);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            problems.add(PluginProblem.unusable(
                    Kind.UNREADABLE,
                    folder,
                    "is not a folder that can be read",
                    "see that it is one, and that you may read it"));
        }
        jars.sort(null);
        return jars;
    }
}
