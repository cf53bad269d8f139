// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
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

    private final Keeping keeping;
    private final ContractClassLoader contract = new ContractClassLoader(KeptPlugins.class.getClassLoader());
    private final Map<Path, Jar> jars = new HashMap<>();

    /** A jar as it was read; loaded when somebody wanted it. */
    private record Jar(Map<String, Object> file, JarContents contents, Optional<PluginJarLoader> loader) {}

    private enum Keeping {
        NOTHING,
        CONTENTS,
        CLASSES
    }

    private KeptPlugins(Keeping keeping) {
        this.keeping = keeping;
    }

    /** Keeps nothing, for a process that opens one host. */
    public static KeptPlugins none() {
        return new KeptPlugins(Keeping.NOTHING);
    }

    /** Keeps everything, as long as this object is there. */
    public static KeptPlugins forSeveralHosts() {
        return new KeptPlugins(Keeping.CLASSES);
    }

    /**
     * For a process that opens one host, in a moment: a thread of its own reads the jars in these folders, and what else of
     * Java has to be there before a plugin can be loaded, while the process does something else. Classes are not kept.
     */
    public static KeptPlugins readAhead(List<Path> folders) {
        KeptPlugins kept = new KeptPlugins(Keeping.CONTENTS);
        Thread thread = new Thread(() -> kept.read(folders), "plugins");
        thread.setDaemon(true);
        // The host meets it again, and says it as it says such things.
        thread.setUncaughtExceptionHandler((reading, broken) -> {});
        thread.start();
        return kept;
    }

    /** What is wrong with a jar is found, and said, by the host that opens later. */
    private void read(List<Path> folders) {
        List<JarContents> jars =
                PluginScan.of(folders, PlaceSafety.ofThisProcess(), this).jars();
        if (!jars.isEmpty()) {
            Pf4jForOnePlugin.prepare(jars.get(0), this);
        }
    }

    /** What a jar says of itself. */
    synchronized JarContents contents(Path jar) throws UnusablePluginException {
        Optional<Map<String, Object>> file = keeping == Keeping.NOTHING ? Optional.empty() : file(jar);
        Jar before = jars.get(jar);
        if (before != null && file.isPresent() && file.get().equals(before.file())) {
            return before.contents();
        }
        if (before != null) {
            jars.remove(jar);
            before.loader().ifPresent(KeptPlugins::abandon);
        }
        JarContents contents = JarContents.read(jar);
        file.ifPresent(present -> jars.put(jar, new Jar(present, contents, Optional.empty())));
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
    synchronized PluginJarLoader loader(JarContents contents, Supplier<PluginJarLoader> anew) {
        Path path = contents.info().jar();
        Jar jar = jars.get(path);
        if (keeping != Keeping.CLASSES || jar == null || !jar.contents().equals(contents)) {
            return anew.get();
        }
        PluginJarLoader loader = jar.loader().orElseGet(anew);
        jars.put(path, new Jar(jar.file(), jar.contents(), Optional.of(loader)));
        return loader;
    }

    /** A host does not use it any more, after all was well. */
    synchronized void release(PluginJarLoader loader) {
        if (!isKept(loader)) {
            abandon(loader);
        }
    }

    private boolean isKept(PluginJarLoader loader) {
        return jars.values().stream()
                .anyMatch(jar -> jar.loader().filter(each -> each == loader).isPresent());
    }

    /** Nothing good came out of it. */
    synchronized void discard(PluginJarLoader loader) {
        if (isKept(loader)) {
            jars.remove(loader.contents().info().jar());
        }
        abandon(loader);
    }

    /** A daemon that is still at its end may need one more class, and would say so in a stack trace. */
    private static void abandon(PluginJarLoader loader) {
        if (Containment.threadsOf(loader).isEmpty()) {
            loader.abandon();
        }
    }
}
