// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.sciabc.plugin.LoadedPlugin.LoadedComponent;
import org.sciabc.plugin.PluginProblem.Kind;
import org.sciabc.spi.Component;
import org.sciabc.spi.Durations;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;
import org.sciabc.spi.Untrusted;

/** Opens one plugin's class loader and creates its components; what goes wrong with one component spares the others. */
final class PluginLoading {
    private static final String CONTRACT = "see what Component demands of an implementation";

    private final JarContents jar;
    private final KeptPlugins kept;
    private final Pf4jForOnePlugin manager;
    private final Containment containment;
    private final Duration limit;
    private final Consumer<SciabcException> unclosed;
    private final List<PluginProblem> problems = new ArrayList<>();
    private final Map<PluginProblem, Throwable> causes = new HashMap<>();

    /**
     * The loading of that jar.
     *
     * @param unclosed takes what closing something of the plugin's throws, later on
     */
    PluginLoading(JarContents jar, KeptPlugins kept, Duration limit, Consumer<SciabcException> unclosed) {
        this.jar = jar;
        this.kept = kept;
        this.manager = new Pf4jForOnePlugin(jar, kept);
        this.containment = new Containment(jar.info().id(), limit);
        this.limit = limit;
        this.unclosed = unclosed;
    }

    /** What is wrong with the plugin although it was loaded. */
    List<PluginProblem> problems() {
        return List.copyOf(problems);
    }

    /** What the plugin threw, by the problem that was made of it. */
    Map<PluginProblem, Throwable> causes() {
        return Map.copyOf(causes);
    }

    LoadedPlugin load() throws UnusablePluginException, InterruptedException {
        PluginJarLoader loader = open();
        try {
            contained(loader, "it", () -> {
                manager.start();
                return true;
            });
            List<LoadedComponent> components = create(loader);
            checkThreads();
            checkDeclaration(components);
            return new LoadedPlugin(jar, manager, containment, components);
        } catch (UnusablePluginException | InterruptedException e) {
            stop(loader, e);
            kept.discard(loader);
            throw e;
        }
    }

    /** What was started before something else of the plugin failed has begun work of which nobody will want anything. */
    private void stop(PluginJarLoader loader, Exception failure) {
        if (jar.manifest().pluginClass().isEmpty()) {
            return;
        }
        try {
            containment.run(
                    () -> {
                        manager.stop();
                        return true;
                    },
                    loader);
        } catch (ExecutionException | TimeoutException broken) {
            failure.addSuppressed(broken);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private PluginJarLoader open() throws UnusablePluginException {
        SpiRange.require(jar.info());
        try {
            manager.load();
            return manager.loader();
        } catch (UncheckedIOException e) {
            throw unusable(Kind.UNREADABLE, "is not a jar, or is damaged", "build or download it again");
        }
    }

    private List<LoadedComponent> create(PluginJarLoader loader) throws UnusablePluginException, InterruptedException {
        List<LoadedComponent> components = new ArrayList<>();
        Optional<UnusablePluginException> first = Optional.empty();
        for (String className : jar.extensions()) {
            try {
                contained(loader, className, () -> create(loader, className)).forEach(components::add);
            } catch (UnusablePluginException e) {
                problems.add(e.problem());
                first = first.or(() -> Optional.of(e));
            }
        }
        if (components.isEmpty() && first.isPresent()) {
            problems.remove(first.get().problem());
            throw first.get();
        }
        return List.copyOf(components);
    }

    private List<LoadedComponent> create(PluginJarLoader loader, String className)
            throws UnusablePluginException, ReflectiveOperationException {
        if (!loader.contains(className)) {
            throw unusable(
                    Kind.STALE_INDEX,
                    "lists the extension " + className + ", which is not in the jar (renamed or removed since)",
                    "build it again from clean sources: mvn clean verify");
        }
        Class<?> type = loader.loadClass(className);
        Set<ComponentKind> kinds = kinds(type);
        if (kinds.isEmpty() || !isCreatable(type)) {
            throw unusable(
                    Kind.NOT_A_COMPONENT,
                    "lists the extension " + className
                            + ", which is not a public class that implements one of the SPIs and has a public"
                            + " constructor without parameters",
                    CONTRACT);
        }
        Component component = (Component) type.getConstructor().newInstance();
        return describe(component, className, kinds, new PluginCalls(jar.info(), loader, unclosed));
    }

    private List<LoadedComponent> describe(
            Component component, String className, Set<ComponentKind> kinds, PluginCalls calls)
            throws UnusablePluginException {
        String id = component.id();
        String summary = component.summary();
        List<Setting> settings = component.settings();
        // Plugins need not be compiled with nullness checks.
        if (id == null
                || summary == null
                || settings == null
                || settings.stream().anyMatch(Objects::isNull)) {
            throw invalid(className, "answers null about its id, summary or settings");
        }
        if (!Offer.isComponentId(id)) {
            throw invalid(className, "has the id '" + Untrusted.line(id, 60) + "'");
        }
        Set<String> keys = new HashSet<>();
        for (Setting setting : settings) {
            if (!keys.add(setting.key())) {
                throw invalid(className, "declares the setting '" + setting.key() + "' twice");
            }
        }
        return kinds.stream()
                .map(kind -> new ComponentInfo(
                        jar.info(), new Offer(kind, id), Untrusted.line(summary, 200), List.copyOf(settings)))
                .map(info -> new LoadedComponent(info, GuardedComponent.of(info, component, calls)))
                .toList();
    }

    private void checkThreads() {
        List<String> threads = containment.leftThreads();
        if (!threads.isEmpty()) {
            problems.add(PluginProblem.warning(
                            Kind.THREADS,
                            jar.info().jar(),
                            "starts threads while it is loaded: " + String.join(", ", threads),
                            "a component may start threads when it is used, not when it is created")
                    .in(jar.info().id()));
        }
    }

    private void checkDeclaration(List<LoadedComponent> components) {
        if (jar.info().declared().isEmpty()) {
            return;
        }
        Set<Offer> declared = Set.copyOf(jar.info().declared().get());
        Set<Offer> there = new HashSet<>();
        components.forEach(component -> there.add(component.info().offer()));
        if (problems.isEmpty() && !declared.equals(there)) {
            problems.add(PluginProblem.warning(
                            Kind.UNTRUE_DECLARATION,
                            jar.info().jar(),
                            "declares " + sorted(declared) + " and has " + sorted(there),
                            "mend " + PluginManifest.COMPONENTS + " in its manifest: components are looked for by it")
                    .in(jar.info().id()));
        }
    }

    private <T> T contained(PluginJarLoader loader, String subject, Callable<T> work)
            throws UnusablePluginException, InterruptedException {
        try {
            return containment.run(work, loader);
        } catch (TimeoutException e) {
            throw unusable(
                    Kind.HANGS,
                    "did not come back within " + Durations.format(limit) + " while " + subject + " was created"
                            + e.getMessage(),
                    "tell the plugin's author: " + CONTRACT);
        } catch (ExecutionException e) {
            Throwable thrown = e.getCause() == null ? e : e.getCause();
            if (thrown instanceof UnusablePluginException unusable) {
                throw unusable;
            }
            Failure failure = Failure.of(thrown);
            PluginProblem problem = PluginProblem.unusable(
                            failure.kind(), jar.info().jar(), failure.cause(), failure.fix())
                    .in(jar.info().id());
            causes.put(problem, thrown);
            throw new UnusablePluginException(problem, thrown);
        }
    }

    private UnusablePluginException invalid(String className, String cause) {
        return unusable(Kind.INVALID_COMPONENT, "its component " + className + " " + cause, CONTRACT);
    }

    private UnusablePluginException unusable(Kind kind, String cause, String fix) {
        return new UnusablePluginException(
                PluginProblem.unusable(kind, jar.info().jar(), cause, fix)
                        .in(jar.info().id()));
    }

    private static Set<ComponentKind> kinds(Class<?> type) {
        Set<ComponentKind> kinds = new TreeSet<>();
        for (ComponentKind kind : ComponentKind.values()) {
            if (kind.type().isAssignableFrom(type)) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    private static boolean isCreatable(Class<?> type) {
        if (!Modifier.isPublic(type.getModifiers()) || Modifier.isAbstract(type.getModifiers())) {
            return false;
        }
        for (var constructor : type.getConstructors()) {
            if (constructor.getParameterCount() == 0) {
                return true;
            }
        }
        return false;
    }

    private static String sorted(Set<Offer> offers) {
        return offers.isEmpty()
                ? "none"
                : String.join(
                        ", ", offers.stream().map(Offer::toString).sorted().toList());
    }
}
