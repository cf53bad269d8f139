// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.plugins;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.SourceVersion;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.Product;
import org.sciabc.plugin.ComponentKind;
import org.sciabc.spi.SpiVersion;
import org.sciabc.spi.Untrusted;

/**
 * What a new plugin and its parts are called.
 *
 * @param id of the plugin and of its one component
 */
public record PluginNames(ComponentKind kind, String id, String packageName) {
    /** It is the group in Maven, too, which takes no other letters. */
    private static final Pattern PACKAGE = Pattern.compile("[A-Za-z0-9_.]+");

    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    /**
     * Names for what was asked for on the command line.
     *
     * @param packageName absent: one below {@code org.example}
     */
    public static PluginNames of(Optional<String> kind, Optional<String> id, Optional<String> packageName)
            throws CliFailure {
        ComponentKind known = kind(kind);
        String name = id.filter(text -> ID.matcher(text).matches())
                .orElseThrow(() -> CliFailure.usage(
                        "'plugins new' takes --id NAME",
                        id.isEmpty() ? "" : "it cannot be '" + Untrusted.line(id.get(), 60) + "'",
                        "lower-case letters, digits and hyphens, beginning with a letter: people type it"));
        String wanted = packageName.orElseGet(() -> packageFor(name));
        boolean isPackage = SourceVersion.isName(wanted, SourceVersion.RELEASE_17);
        if (!isPackage || !PACKAGE.matcher(wanted).matches()) {
            throw CliFailure.usage(
                    "--package cannot be '" + Untrusted.line(wanted, 80) + "'",
                    isPackage
                            ? "Maven takes letters without accents, digits and underscores"
                            : "it is not the name of a Java package",
                    "for example --package org.example.inventory");
        }
        return new PluginNames(known, name, wanted);
    }

    private static ComponentKind kind(Optional<String> label) throws CliFailure {
        return Stream.of(ComponentKind.values())
                .filter(kind -> label.filter(kind.label()::equals).isPresent())
                .findFirst()
                .orElseThrow(() -> CliFailure.usage(
                        "'plugins new' takes --kind KIND",
                        label.isEmpty() ? "" : "there is no kind '" + Untrusted.line(label.get(), 60) + "'",
                        "the kinds are discovery, provisioner and launcher"));
    }

    private static String packageFor(String id) {
        String last = id.replace("-", "");
        return "org.example." + (SourceVersion.isName(last, SourceVersion.RELEASE_17) ? last : last + "plugin");
    }

    /** The class of the component, such as {@code RackListDiscovery}. */
    String className() {
        String camel = Arrays.stream(id.split("-", -1))
                .filter(part -> !part.isEmpty())
                .map(part -> Character.toUpperCase(part.charAt(0)) + part.substring(1))
                .collect(Collectors.joining());
        String label = kind.label();
        String name = camel + Character.toUpperCase(label.charAt(0)) + label.substring(1);
        // Which it implements, and imports by that name.
        return name.equals("JobLauncher") ? "JobsLauncher" : name;
    }

    /** The folders of the package, with a slash at the end. */
    String packageFolder() {
        return packageName.replace('.', '/') + "/";
    }

    /** A template with these names in place of its placeholders. */
    String fill(String template) {
        return template.replace("@id@", id)
                .replace("@kind@", kind.label())
                .replace("@title@", kind.title())
                .replace("@package@", packageName)
                .replace("@class@", className())
                .replace("@sciabc.version@", Product.version())
                .replace(
                        "@spi.range@",
                        range().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
    }

    /** This version of the SPI up to the next one that may break a plugin: until 1.0.0 that is the next minor version. */
    private static String range() {
        String[] numbers = SpiVersion.CURRENT.split("\\.", -1);
        int major = Integer.parseInt(numbers[0]);
        String next = major > 0 ? (major + 1) + ".0.0" : "0." + (Integer.parseInt(numbers[1]) + 1) + ".0";
        return ">=" + SpiVersion.CURRENT + " & <" + next;
    }
}
