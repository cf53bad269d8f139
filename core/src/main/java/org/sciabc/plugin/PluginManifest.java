// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.regex.Pattern;
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

    private static final Pattern ID = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,63}");
    private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}");
    private static final Pattern CLASS_NAME = Pattern.compile("[\\p{Alnum}_$]+(\\.[\\p{Alnum}_$]+)*");

    static PluginManifest parse(Path jar, Attributes attributes) throws UnusablePluginException {
        String id = text(attributes, ManifestPluginDescriptorFinder.PLUGIN_ID)
                .orElseThrow(() -> problem(
                        Kind.NOT_A_PLUGIN,
                        jar,
                        "has no Plugin-Id in its manifest: it is not a plugin",
                        "take it out of the folder; if you built it as a plugin, see that the build writes Plugin-Id"));
        require(jar, ID, ManifestPluginDescriptorFinder.PLUGIN_ID, id);
        String version = text(attributes, ManifestPluginDescriptorFinder.PLUGIN_VERSION)
                .orElseThrow(() -> problem(
                        Kind.MANIFEST,
                        jar,
                        "has no Plugin-Version in its manifest",
                        "its build has to write Plugin-Version"));
        require(jar, VERSION, ManifestPluginDescriptorFinder.PLUGIN_VERSION, version);
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
            require(jar, CLASS_NAME, ManifestPluginDescriptorFinder.PLUGIN_CLASS, pluginClass.get());
        }
        return read(jar, attributes, id, version, pluginClass);
    }

    private static PluginManifest read(
            Path jar, Attributes attributes, String id, String version, Optional<String> pluginClass) {
        Optional<String> components = text(attributes, COMPONENTS);
        PluginInfo info = new PluginInfo(
                id,
                version,
                jar,
                text(attributes, ManifestPluginDescriptorFinder.PLUGIN_PROVIDER),
                text(attributes, ManifestPluginDescriptorFinder.PLUGIN_DESCRIPTION),
                text(attributes, ManifestPluginDescriptorFinder.PLUGIN_LICENSE),
                text(attributes, ManifestPluginDescriptorFinder.PLUGIN_REQUIRES),
                components.flatMap(Offer::parseAll));
        List<PluginProblem> warnings = new ArrayList<>();
        if (info.requires().isEmpty()) {
            warnings.add(PluginProblem.warning(
                    Kind.SPI_VERSION,
                    jar,
                    "does not say which versions of the SPI it was built for",
                    "its manifest should have Plugin-Requires, such as >=" + SpiVersion.CURRENT));
        }
        if (components.isPresent() && info.declared().isEmpty()) {
            warnings.add(PluginProblem.warning(
                    Kind.MANIFEST,
                    jar,
                    "declares components that cannot be read (" + COMPONENTS + ": " + components.get() + ")",
                    "the form is KIND:ID, KIND:ID with the kinds discovery, provisioner, launcher"));
        }
        text(attributes, Attributes.Name.CLASS_PATH.toString())
                .ifPresent(classPath -> warnings.add(PluginProblem.warning(
                        Kind.NOT_SELF_CONTAINED,
                        jar,
                        "names jars beside it, which are not looked at (Class-Path: " + classPath + ")",
                        "its build has to put what it needs into its own jar")));
        return new PluginManifest(
                info,
                pluginClass,
                warnings.stream().map(warning -> warning.in(id)).toList());
    }

    private static Optional<String> text(Attributes attributes, String name) {
        return Optional.ofNullable(attributes.getValue(name))
                .map(value -> Untrusted.line(value, 300))
                .filter(value -> !value.isEmpty());
    }

    private static void require(Path jar, Pattern form, String name, String value) throws UnusablePluginException {
        if (!form.matcher(value).matches()) {
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
