// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.sciabc.spi.Untrusted;

/**
 * Something that is wrong with a plugin's jar, or with a folder of them: what was seen, and what mends it.
 *
 * @param kind which of the known troubles it is
 * @param severity whether the plugin is used all the same
 * @param place the jar, or the folder when it is about all of them
 * @param plugin the plugin's id, where it could be read
 * @param cause one line that fits behind {@code NAME.jar: }
 * @param fix one line, what to do about it
 */
public record PluginProblem(
        Kind kind, Severity severity, Path place, Optional<String> plugin, String cause, String fix) {

    /** Whether the plugin is used all the same. */
    public enum Severity {
        /** The plugin, or the component that the cause names, is not used. */
        UNUSABLE,
        /** It is used; its author or owner should know. */
        WARNING
    }

    /** The known troubles. Their labels are stable: scripts may rely on them. */
    public enum Kind {
        /** The folder, or a jar in it, can be changed by somebody else. */
        UNSAFE_PLACE,
        /** Not a jar, a damaged one, or one that may not be read. */
        UNREADABLE,
        /** An entry's name leads out of the jar. */
        UNSAFE_ENTRY,
        /** So much in so little that it can only be meant to fill memory. */
        BOMB,
        /** A jar, but of something else. */
        NOT_A_PLUGIN,
        /** The manifest has a value that cannot be used. */
        MANIFEST,
        /** It wants other plugins, or jars beside it. */
        NOT_SELF_CONTAINED,
        /** It was built for a version of the SPI that this program does not have. */
        SPI_VERSION,
        /** It was compiled for a newer Java. */
        JAVA_VERSION,
        /** It brings its own copy of the SPI, pf4j or slf4j. */
        BUNDLED_CONTRACT,
        /** Signature files of another jar. */
        SIGNATURE,
        /** No list of extensions in the jar. */
        NO_INDEX,
        /** The list of extensions names a class that is not there. */
        STALE_INDEX,
        /** An extension that implements none of the SPIs, or cannot be created at all. */
        NOT_A_COMPONENT,
        /** A class that it needs is missing. */
        MISSING_CLASS,
        /** It uses what belongs to the host alone. */
        HOST_INTERNALS,
        /** It failed while it was started or stopped, while a component was created, or when something of it was closed. */
        FAILED,
        /** It did not come back in time. */
        HANGS,
        /** A component's answers about itself break the contract. */
        INVALID_COMPONENT,
        /** The components that the manifest declares are not those that it has. */
        UNTRUE_DECLARATION,
        /** Two jars with the same plugin. */
        DUPLICATE_PLUGIN,
        /** Two plugins with the same component. */
        DUPLICATE_COMPONENT,
        /** It ends the program, or can. */
        EXITS,
        /** It prints to standard output. */
        PRINTS,
        /** It starts threads where it must not, or leaves them running. */
        THREADS;

        /** The stable name, such as {@code stale-index}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public PluginProblem {
        cause = Untrusted.line(cause, 600);
        fix = Untrusted.line(fix, 600);
    }

    /** The file name of the jar, or the folder. */
    public String placeName() {
        Path name = place.getFileName();
        return name == null || kind == Kind.UNSAFE_PLACE ? place.toString() : name.toString();
    }

    static PluginProblem unusable(Kind kind, Path place, String cause, String fix) {
        return new PluginProblem(kind, Severity.UNUSABLE, place, Optional.empty(), cause, fix);
    }

    static PluginProblem warning(Kind kind, Path place, String cause, String fix) {
        return new PluginProblem(kind, Severity.WARNING, place, Optional.empty(), cause, fix);
    }

    PluginProblem in(String pluginId) {
        return new PluginProblem(kind, severity, place, Optional.of(pluginId), cause, fix);
    }
}
