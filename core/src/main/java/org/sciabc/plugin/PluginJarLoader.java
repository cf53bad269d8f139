// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.pf4j.PluginClassLoader;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginManager;
import org.slf4j.LoggerFactory;

/**
 * Loads the classes of one plugin, and of nothing else, from its jar: its own first, then the JDK's and the contract's.
 *
 * <p>It reads the jar itself because what it inherits would fail on signature files that were left from a merged jar, follow
 * the manifest's {@code Class-Path} out of the plugin's folder, and leave calls of {@code System.exit} as they are.
 */
final class PluginJarLoader extends PluginClassLoader {
    private final JarContents contents;
    private final JarFile jar;
    private final URL location;
    private final ProtectionDomain domain;

    PluginJarLoader(PluginManager manager, PluginDescriptor descriptor, JarContents contents, ClassLoader contract) {
        super(manager, descriptor, contract);
        this.contents = contents;
        Path path = contents.info().jar();
        try {
            this.jar = new JarFile(path.toFile(), false, ZipFile.OPEN_READ, Runtime.version());
            this.location = path.toUri().toURL();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.domain = new ProtectionDomain(new CodeSource(location, (Certificate[]) null), null, this, null);
    }

    /** What it inherits looks through the jars that were added to it; there are none. */
    @Override
    public void addFile(File file) {
        throw new UnsupportedOperationException("a plugin is one jar");
    }

    @Override
    protected boolean shouldDelegateToParent(String className) {
        return ContractPackages.hold(className);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        JarEntry entry = jar.getJarEntry(name.replace('.', '/') + ".class");
        if (entry == null) {
            throw new ClassNotFoundException(name);
        }
        try (InputStream in = jar.getInputStream(entry)) {
            byte[] bytes = ExitCalls.refuse(in.readAllBytes());
            return defineClass(name, bytes, 0, bytes.length, domain);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    @Override
    public @Nullable URL findResource(String name) {
        JarEntry entry = jar.getJarEntry(name);
        if (entry == null) {
            return null;
        }
        try {
            return new URL("jar:" + location + "!/" + entry.getRealName());
        } catch (MalformedURLException e) {
            return null;
        }
    }

    @Override
    public Enumeration<URL> findResources(String name) {
        URL found = findResource(name);
        return Collections.enumeration(found == null ? List.of() : List.of(found));
    }

    /** What the jar says of itself. */
    JarContents contents() {
        return contents;
    }

    boolean contains(String className) {
        return jar.getJarEntry(className.replace('.', '/') + ".class") != null;
    }

    /** Closes it. Classes that are already there go on working; a failure to close leaves nothing to be done. */
    void abandon() {
        try {
            close();
        } catch (IOException e) {
            LoggerFactory.getLogger(PluginJarLoader.class).debug("cannot close {}", location, e);
        }
    }

    @Override
    public void close() throws IOException {
        super.close();
        jar.close();
    }
}
