// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What was read and loaded of plugins' jars, for a process that opens a {@link PluginHost} several times: to read a jar and to
 * load and link its classes is most of what a short command costs there. Components are created anew by each host; what a
 * plugin has in static fields stays. A jar counts as the same as long as the file does: a changed one is read and loaded again.
 *
 * <p>May be used by several threads.
 */
public final class KeptPlugins {
    private static final String SAME_FILE = "unix:dev,ino,size,lastModifiedTime,ctime";

    private final boolean keeps;
    private final ContractClassLoader contract = new ContractClassLoader(KeptPlugins.class.getClassLoader());
    private final Map<Path, Read> read = new HashMap<>();
    private final Map<JarContents, PluginJarLoader> loaders = new IdentityHashMap<>();

    private record Read(Map<String, Object> file, JarContents contents) {}

    private KeptPlugins(boolean keeps) {
        this.keeps = keeps;
    }

    /** Keeps nothing, for a process that opens one host. */
    static KeptPlugins none() {
        return new KeptPlugins(false);
    }

    /** Keeps everything, as long as this object is there. */
    public static KeptPlugins forSeveralHosts() {
        return new KeptPlugins(true);
    }

    /** What a jar says of itself. */
    synchronized JarContents contents(Path jar) throws UnusablePluginException {
        Optional<Map<String, Object>> file = keeps ? file(jar) : Optional.empty();
        Read before = read.get(jar);
        if (before != null && file.isPresent() && file.get().equals(before.file())) {
            return before.contents();
        }
        if (before != null) {
            read.remove(jar);
            PluginJarLoader loader = loaders.remove(before.contents());
            if (loader != null) {
                abandon(loader);
            }
        }
        JarContents contents = JarContents.read(jar);
        file.ifPresent(present -> read.put(jar, new Read(present, contents)));
        return contents;
    }

    /** Absent where a file system does not tell enough. */
    private static Optional<Map<String, Object>> file(Path jar) {
        try {
            return Optional.of(Files.readAttributes(jar, SAME_FILE));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException unknown) {
            return Optional.empty();
        }
    }

    /** The parent of all plugins' class loaders. */
    ContractClassLoader contract() {
        return contract;
    }

    /** The class loader of a jar. */
    synchronized PluginJarLoader loader(JarContents jar, Supplier<PluginJarLoader> anew) {
        return keeps ? loaders.computeIfAbsent(jar, any -> anew.get()) : anew.get();
    }

    /** A host does not use it any more, after all was well. */
    void release(PluginJarLoader loader) {
        if (!keeps) {
            abandon(loader);
        }
    }

    /** Nothing good came out of it. */
    synchronized void discard(PluginJarLoader loader) {
        loaders.values().remove(loader);
        loader.abandon();
    }

    /** A daemon that is still at its end may need one more class, and would say so in a stack trace. */
    private static void abandon(PluginJarLoader loader) {
        if (Containment.threadsOf(loader).isEmpty()) {
            loader.abandon();
        }
    }
}
