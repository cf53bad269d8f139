// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.verb;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.cli.Verb;
import org.sciabc.cli.option.NewPluginOptions;
import org.sciabc.cli.plugins.AddPlugin;
import org.sciabc.cli.plugins.CheckJars;
import org.sciabc.cli.plugins.ListPlugins;
import org.sciabc.cli.plugins.NewPlugin;
import org.sciabc.cli.plugins.PluginNames;
import org.sciabc.cli.plugins.RemovePlugin;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Similarity;
import org.sciabc.spi.Untrusted;

/** {@code sciabc plugins [check|add|remove|new]}. */
@Parameters(separators = "=")
public final class PluginsVerb implements Verb {
    private static final String SEE_HELP = "'sciabc help plugins' shows what it takes";

    /** What can be done, and the options that go with it. */
    private static final Map<String, Set<String>> ACTIONS = actions();

    @Parameter(description = "check FILE.jar | add FILE.jar | remove ID | new DIR")
    private List<String> words = new ArrayList<>();

    @Parameter(names = "--json", description = "print one JSON object (list, check)")
    private boolean json;

    @Parameter(
            names = {"-y", "--yes"},
            description = "replace another version without asking (add)")
    private boolean yes;

    @Parameter(names = "--dry-run", description = "say what would be changed and stop (add, remove)")
    private boolean dryRun;

    @ParametersDelegate
    private NewPluginOptions creation = new NewPluginOptions();

    @Override
    public int run(Session session) throws SciabcException, InterruptedException {
        String action = words.isEmpty() ? "list" : words.get(0);
        List<String> rest = words.isEmpty() ? List.of() : words.subList(1, words.size());
        check(action);
        try {
            return run(session, action, rest);
        } catch (CliFailure failure) {
            throw failure;
        } catch (SciabcException failure) {
            throw CliFailure.of(ExitCode.PLUGIN, failure);
        }
    }

    private int run(Session session, String action, List<String> rest) throws SciabcException, InterruptedException {
        switch (action) {
            case "check" -> {
                List<Path> jars = new ArrayList<>();
                for (String word : rest) {
                    jars.add(path(word));
                }
                require(!jars.isEmpty(), action, "FILE.jar");
                return new CheckJars(session, json).run(jars);
            }
            case "add" -> {
                require(rest.size() == 1, action, "FILE.jar");
                return new AddPlugin(session, yes, dryRun).run(path(rest.get(0)));
            }
            case "remove" -> {
                require(rest.size() == 1, action, "ID");
                return new RemovePlugin(session, dryRun).run(rest.get(0));
            }
            case "new" -> {
                require(rest.size() == 1, action, "DIR");
                PluginNames names = PluginNames.of(creation.kind(), creation.id(), creation.packageName());
                return new NewPlugin(session).run(path(rest.get(0)), names);
            }
            default -> {
                require(rest.isEmpty(), action, "no further words");
                return new ListPlugins(session, json).run();
            }
        }
    }

    private void check(String action) throws CliFailure {
        Set<String> taken = ACTIONS.get(action);
        if (taken == null) {
            String nearest = ACTIONS.keySet().stream()
                    .min(Comparator.comparingInt(candidate -> Similarity.distance(action, candidate)))
                    .orElse("list");
            throw CliFailure.usage(
                    "'plugins' cannot '" + Untrusted.line(action, 40) + "'",
                    "",
                    "did you mean 'sciabc plugins " + nearest + "'? " + SEE_HELP);
        }
        for (String option : given()) {
            if (!taken.contains(option)) {
                throw CliFailure.usage("'plugins " + action + "' takes no " + option, "", SEE_HELP);
            }
        }
    }

    private List<String> given() {
        List<String> given = new ArrayList<>(creation.given());
        if (json) {
            given.add("--json");
        }
        if (yes) {
            given.add("--yes");
        }
        if (dryRun) {
            given.add("--dry-run");
        }
        return given;
    }

    private static void require(boolean met, String action, String words) throws CliFailure {
        if (!met) {
            throw CliFailure.usage("'plugins " + action + "' takes " + words, "", SEE_HELP);
        }
    }

    private static Path path(String word) throws CliFailure {
        try {
            return Path.of(word).toAbsolutePath().normalize();
        } catch (InvalidPathException impossible) {
            throw CliFailure.usage("there can be no file '" + Untrusted.line(word, 80) + "'", "", "");
        }
    }

    private static Map<String, Set<String>> actions() {
        Map<String, Set<String>> actions = new LinkedHashMap<>();
        actions.put("list", Set.of("--json"));
        actions.put("check", Set.of("--json"));
        actions.put("add", Set.of("--yes", "--dry-run"));
        actions.put("remove", Set.of("--dry-run"));
        actions.put("new", Set.of("--kind", "--id", "--package"));
        return actions;
    }
}
