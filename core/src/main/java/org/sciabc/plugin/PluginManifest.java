// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import org.pf4j.ManifestPluginDescriptorFinder;
import org.sciabc.plugin.PluginProblem.Kind;
import org.sciabc.spi.SpiVersion;
import org.sciabc.spi.Untrusted;

/**
 * The manifest of one jar, read into what it means for a plugin.
 *
 * @param pluginClass the class whose {@code start} and {@code stop} the plugin wants called
 * @param warnings what is wrong with it and can be lived with
 */
record PluginManifest(PluginInfo info, Optional<String> pluginClass, List<PluginProblem> warnings) {
    static final String COMPONENTS = "Sciabc-Components";

    private static final int LONGEST_NAME = 64;
    private static final int LONGEST_TEXT = 300;

    // Plain conditions rather than functions on Optional: linking each of those takes a third of a millisecond, at
    // every start.
    static PluginManifest parse(Path jar, Attributes attributes) throws UnusablePluginException {
        String id = required(jar, attributes, ManifestPluginDescriptorFinder.PLUGIN_ID, Kind.NOT_A_PLUGIN);
        String version = required(jar, attributes, ManifestPluginDescriptorFinder.PLUGIN_VERSION, Kind.MANIFEST);
        Optional<String> dependencies = text(attributes, ManifestPluginDescriptorFinder.PLUGIN_DEPENDENCIES);
        if (dependencies.isPresent()) {
            throw problem(
                    Kind.NOT_SELF_CONTAINED,
                    jar,
                    "wants other plugins (Plugin-Dependencies: " + dependencies.get()
                            + "), and plugins do not see each other",
                    "its build has to put what it needs into its own jar");
        }
        Optional<String> pluginClass = text(attributes, ManifestPluginDescriptorFinder.PLUGIN_CLASS);
        if (pluginClass.isPresent()) {
            requireUsable(jar, ManifestPluginDescriptorFinder.PLUGIN_CLASS, pluginClass.get());
        }
        Optional<String> components = text(attributes, COMPONENTS);
        PluginInfo info = new PluginInfo(
                id,
                version,
                jar,
                text(attributes, ManifestPluginDescriptorFinder.PLUGIN_PROVIDER),
                text(attributes, ManifestPluginDescriptorFinder.PLUGIN_DESCRIPTION),
                text(attributes, ManifestPluginDescriptorFinder.PLUGIN_LICENSE),
                text(attributes, ManifestPluginDescriptorFinder.PLUGIN_REQUIRES),
                components.isPresent() ? Offer.parseAll(components.get()) : Optional.empty());
        return new PluginManifest(
                info, pluginClass, warnings(info, components, text(attributes, Attributes.Name.CLASS_PATH.toString())));
    }

    private static List<PluginProblem> warnings(
            PluginInfo info, Optional<String> components, Optional<String> classPath) {
        List<PluginProblem> warnings = new ArrayList<>();
        if (info.requires().isEmpty()) {
            warnings.add(PluginProblem.warning(
                            Kind.SPI_VERSION,
                            info.jar(),
                            "does not say which versions of the SPI it was built for",
                            "its manifest should have Plugin-Requires, such as >=" + SpiVersion.CURRENT)
                    .in(info.id()));
        }
        if (components.isPresent() && info.declared().isEmpty()) {
            warnings.add(PluginProblem.warning(
                            Kind.MANIFEST,
                            info.jar(),
                            "declares components that cannot be read (" + COMPONENTS + ": " + components.get() + ")",
                            "the form is KIND:ID, KIND:ID with the kinds discovery, provisioner, launcher")
                    .in(info.id()));
        }
        if (classPath.isPresent()) {
            warnings.add(PluginProblem.warning(
                            Kind.NOT_SELF_CONTAINED,
                            info.jar(),
                            "names jars beside it, which are not looked at (Class-Path: " + classPath.get() + ")",
                            "its build has to put what it needs into its own jar")
                    .in(info.id()));
        }
        return warnings;
    }

    private static String required(Path jar, Attributes attributes, String name, Kind kind)
            throws UnusablePluginException {
        Optional<String> value = text(attributes, name);
        if (value.isEmpty()) {
            throw problem(
                    kind,
                    jar,
                    "has no " + name + " in its manifest" + (kind == Kind.NOT_A_PLUGIN ? ": it is not a plugin" : ""),
                    "take it out of the folder, when it is a library; a plugin's build has to write " + name);
        }
        requireUsable(jar, name, value.get());
        return value.get();
    }

    /** Plain text is taken as it is: making text from anywhere harmless takes a while, and this is at every start. */
    private static Optional<String> text(Attributes attributes, String name) {
        String value = attributes.getValue(name);
        if (value == null || value.isBlank()) {
            return Optional.empty();
        }
        boolean plain = value.length() <= LONGEST_TEXT;
        for (int i = 0; plain && i < value.length(); i++) {
            plain = value.charAt(i) >= ' ' && value.charAt(i) <= '~';
        }
        return Optional.of(plain ? value.strip() : Untrusted.line(value, LONGEST_TEXT));
    }

    /** Letters, digits and a few signs, beginning with a letter or digit: what may become a part of a file's name. */
    private static void requireUsable(Path jar, String name, String value) throws UnusablePluginException {
        boolean usable = value.length() <= LONGEST_NAME || name.equals(ManifestPluginDescriptorFinder.PLUGIN_CLASS);
        for (int i = 0; usable && i < value.length(); i++) {
            char c = value.charAt(i);
            usable = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || (i > 0 && "._+-$".indexOf(c) >= 0);
        }
        if (!usable) {
            throw problem(
                    Kind.MANIFEST,
                    jar,
                    "has a " + name + " that cannot be used: '" + value + "'",
                    "its build has to write another " + name);
        }
    }

    private static UnusablePluginException problem(Kind kind, Path jar, String cause, String fix) {
        return new UnusablePluginException(PluginProblem.unusable(kind, jar, cause, fix));
    }
}
