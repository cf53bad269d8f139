// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.plugins;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.cli.console.Questions;
import org.sciabc.cli.console.Terminal;
import org.sciabc.plugin.JarReport;
import org.sciabc.plugin.Offer;
import org.sciabc.plugin.PluginAddition;
import org.sciabc.plugin.PluginFolder;
import org.sciabc.plugin.PluginInfo;
import org.sciabc.plugin.PluginJarCheck;
import org.sciabc.spi.SciabcException;

/** {@code sciabc plugins add}: examines a jar, shows what it is, and copies it to where plugins are looked for. */
public final class AddPlugin {
    private final Terminal terminal;
    private final PluginPlaces places;
    private final boolean agreed;
    private final boolean dryRun;

    /**
     * Adding to the folders of this run.
     *
     * @param agreed whether replacing another version was agreed to beforehand
     * @param dryRun whether to stop before anything is changed
     */
    public AddPlugin(Session session, boolean agreed, boolean dryRun) {
        this.terminal = session.terminal();
        this.places = PluginPlaces.of(session.folders());
        this.agreed = agreed;
        this.dryRun = dryRun;
    }

    /** The result is the exit status. */
    public int run(Path jar) throws SciabcException, InterruptedException {
        JarReport first = PluginJarCheck.examine(jar);
        if (!first.isUsable()) {
            show(first);
            return ExitCode.PLUGIN;
        }
        // Examined once more, together with its digest: what is copied is what was found good, and not what came after.
        PluginFolder folder = places.placeFor(first.plugin().orElseThrow().id());
        PluginAddition addition = folder.examine(jar);
        show(addition.report());
        PluginInfo plugin = addition.plugin();
        Optional<PluginInfo> replaced = addition.replaced();
        replaced.ifPresent(former -> terminal.say("replaces " + PluginText.name(former) + "  " + former.jar()));
        nameHidden(plugin, folder);
        nameRivals(plugin);
        if (dryRun) {
            terminal.say("would be copied to " + folder.jarOf(plugin.id()));
            return ExitCode.OK;
        }
        if (replaced.isPresent()
                && !new Questions(terminal, agreed)
                        .agrees(
                                "Replace " + PluginText.name(replaced.get()) + " by " + plugin.version() + "?",
                                "--yes")) {
            throw new CliFailure(ExitCode.PLUGIN, "nothing was changed", "you did not agree", "");
        }
        Path added = folder.add(addition);
        terminal.say("added; a plugin runs with your rights, so keep it only if you trust who made it");
        terminal.out().println(added);
        return ExitCode.OK;
    }

    private void show(JarReport report) {
        PluginText.print(terminal.err(), report);
        report.problems().forEach(problem -> PluginText.print(terminal, problem));
    }

    /** A plugin of the distribution stays where it is, and is not used while the user's own is there. */
    private void nameHidden(PluginInfo plugin, PluginFolder folder) throws SciabcException {
        for (PluginFolder other : places.having(plugin.id())) {
            if (!other.equals(folder)) {
                terminal.say("will be used instead of the one in " + other.path());
            }
        }
    }

    /** Of two plugins with the same component only one can be asked for by its name. */
    private void nameRivals(PluginInfo plugin) throws SciabcException {
        Set<Offer> offers = Set.copyOf(plugin.declared().orElse(List.of()));
        for (PluginFolder folder : places.all()) {
            for (PluginInfo other : folder.plugins()) {
                for (Offer offer : other.declared().orElse(List.of())) {
                    if (!other.id().equals(plugin.id()) && offers.contains(offer)) {
                        terminal.warning("plugin " + PluginText.name(other) + " also has the "
                                + offer.kind().title() + " '" + offer.id() + "': only one of them is used");
                    }
                }
            }
        }
    }
}
