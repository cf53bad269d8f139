// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.pf4j.AbstractPluginManager;
import org.pf4j.DefaultExtensionFactory;
import org.pf4j.DefaultPluginDescriptor;
import org.pf4j.DefaultVersionManager;
import org.pf4j.ExtensionFactory;
import org.pf4j.ExtensionFinder;
import org.pf4j.IndexedExtensionFinder;
import org.pf4j.Plugin;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginDescriptorFinder;
import org.pf4j.PluginFactory;
import org.pf4j.PluginLoader;
import org.pf4j.PluginRepository;
import org.pf4j.PluginRuntimeException;
import org.pf4j.PluginState;
import org.pf4j.PluginStatusProvider;
import org.pf4j.PluginWrapper;
import org.pf4j.RuntimeMode;
import org.pf4j.VersionManager;
import org.sciabc.spi.SpiVersion;

/**
 * pf4j for one plugin: each has a manager of its own, because a manager shows every plugin all the others and lets one
 * failure end the round.
 *
 * <p>pf4j calls the factory methods from its own constructor, when the fields below are not yet set: what they return may
 * look at fields only when it is used.
 */
final class Pf4jForOnePlugin extends AbstractPluginManager {
    private final JarContents jar;
    private final KeptPlugins kept;

    Pf4jForOnePlugin(JarContents jar, KeptPlugins kept) {
        super(List.of(jar.info().jar().toAbsolutePath().getParent()));
        this.jar = jar;
        this.kept = kept;
        setSystemVersion(SpiVersion.CURRENT);
    }

    /** Has the classes of pf4j loaded that every plugin needs, and nothing of this one. */
    static void prepare(JarContents jar, KeptPlugins kept) {
        new Pf4jForOnePlugin(jar, kept);
        // Which algorithms there are is found out once, and no plugin does without one.
        new SecureRandom();
    }

    /** Opens the class loader. Nothing of the plugin's code runs. */
    void load() {
        loadPlugin(jar.info().jar());
    }

    PluginJarLoader loader() {
        return (PluginJarLoader) getPluginClassLoader(jar.info().id());
    }

    /** Calls the plugin's {@code start}. */
    void start() throws Exception {
        if (startPlugin(jar.info().id()) != PluginState.STARTED) {
            throw new ExecutionException(getPlugin(jar.info().id()).getFailedException());
        }
    }

    /** Calls the plugin's {@code stop}. */
    void stop() {
        PluginWrapper plugin = getPlugin(jar.info().id());
        if (plugin.getPluginState() == PluginState.STARTED) {
            plugin.getPlugin().stop();
            plugin.setPluginState(PluginState.STOPPED);
        }
    }

    /** The host has looked at that already, see {@link SpiRange}: pf4j would only say it in its log. */
    @Override
    protected boolean isPluginValid(PluginWrapper plugin) {
        return true;
    }

    /** Without dependencies there is nothing to sort. */
    @Override
    protected void resolvePlugins() {
        for (PluginWrapper plugin : unresolvedPlugins) {
            if (plugin.getPluginState() == PluginState.CREATED) {
                plugin.setPluginState(PluginState.RESOLVED);
            }
        }
        resolvedPlugins.addAll(unresolvedPlugins);
        unresolvedPlugins.clear();
    }

    @Override
    public RuntimeMode getRuntimeMode() {
        return RuntimeMode.DEPLOYMENT;
    }

    @Override
    protected PluginDescriptorFinder createPluginDescriptorFinder() {
        return new PluginDescriptorFinder() {
            @Override
            public boolean isApplicable(Path path) {
                return true;
            }

            @Override
            public PluginDescriptor find(Path path) {
                PluginInfo info = jar.info();
                return new DefaultPluginDescriptor(
                        info.id(),
                        info.description().orElse(""),
                        jar.manifest().pluginClass().orElse(Plugin.class.getName()),
                        info.version(),
                        info.requires().orElse("*"),
                        info.provider().orElse(""),
                        info.license().orElse(""));
            }
        };
    }

    @Override
    protected PluginLoader createPluginLoader() {
        return new PluginLoader() {
            @Override
            public boolean isApplicable(Path path) {
                return true;
            }

            @Override
            public ClassLoader loadPlugin(Path path, PluginDescriptor descriptor) {
                return kept.loader(
                        jar, () -> new PluginJarLoader(Pf4jForOnePlugin.this, descriptor, jar, kept.contract()));
            }
        };
    }

    /** pf4j's own returns null where it fails. */
    @Override
    protected PluginFactory createPluginFactory() {
        return wrapper -> {
            try {
                return wrapper.getPluginClassLoader()
                        .loadClass(wrapper.getDescriptor().getPluginClass())
                        .asSubclass(Plugin.class)
                        .getConstructor()
                        .newInstance();
            } catch (ReflectiveOperationException e) {
                throw new PluginRuntimeException(e);
            }
        };
    }

    @Override
    protected ExtensionFactory createExtensionFactory() {
        return new DefaultExtensionFactory();
    }

    @Override
    protected ExtensionFinder createExtensionFinder() {
        return new IndexedExtensionFinder(this);
    }

    @Override
    protected VersionManager createVersionManager() {
        return new DefaultVersionManager();
    }

    /** Plugins are neither enabled nor disabled, and pf4j's files about that are not written. */
    @Override
    protected PluginStatusProvider createPluginStatusProvider() {
        return new PluginStatusProvider() {
            @Override
            public boolean isPluginDisabled(String pluginId) {
                return false;
            }

            @Override
            public void disablePlugin(String pluginId) {}

            @Override
            public void enablePlugin(String pluginId) {}
        };
    }

    /** The host looks through the folders. */
    @Override
    protected PluginRepository createPluginRepository() {
        return new PluginRepository() {
            @Override
            public List<Path> getPluginPaths() {
                return List.of();
            }

            @Override
            public boolean deletePluginPath(Path path) {
                return false;
            }
        };
    }
}
