// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.sciabc.plugin.LoadedPlugin.LoadedComponent;
import org.sciabc.plugin.PluginProblem.Kind;
import org.sciabc.plugin.PluginProblem.Severity;
import org.sciabc.spi.Component;
import org.sciabc.spi.SciabcException;

/**
 * The plugins in some folders. Opening it reads what the jars say of themselves and runs none of their code; a plugin is
 * loaded when one of its components is asked for, and its components exist once. A broken plugin becomes a
 * {@link PluginProblem} and stops neither the others nor the program.
 *
 * <p>Of two jars with the same plugin the one in the later folder is used, in one folder the one with the higher version, then
 * the one whose name sorts first. Of two plugins with the same component the one that declares it in its manifest is used,
 * then the one whose jar comes first.
 *
 * <p>May be used by several threads; one loads at a time.
 */
public final class PluginHost implements AutoCloseable {
    private final PluginHostRequest request;
    private final List<JarContents> jars;
    /** Plugins print from threads of their own, while another thread loads one and holds this object's lock. */
    private final Set<PluginProblem> problems = Collections.synchronizedSet(new LinkedHashSet<>());

    private final Map<PluginProblem, Throwable> causes = new ConcurrentHashMap<>();
    private final Map<String, LoadedPlugin> loaded = new LinkedHashMap<>();
    private final Map<String, UnusablePluginException> unusable = new LinkedHashMap<>();

    private Optional<StrayOutput> stray = Optional.empty();

    private PluginHost(PluginHostRequest request, PluginScan scan) {
        this.request = request;
        this.jars = scan.jars();
        this.problems.addAll(scan.problems());
    }

    /** Looks through the folders. Never fails: what is wrong is in {@link #problems}. */
    public static PluginHost open(PluginHostRequest request) {
        return new PluginHost(request, PluginScan.of(request.folders(), PlaceSafety.ofThisProcess(), request.kept()));
    }

    /** What is there, in the order of the folders and of the jars' names; nothing is loaded for it. */
    public List<PluginInfo> plugins() {
        return jars.stream().map(JarContents::info).toList();
    }

    /** What is wrong, as far as it is known by now: loading a plugin may add to it. */
    public List<PluginProblem> problems() {
        synchronized (problems) {
            return List.copyOf(problems);
        }
    }

    /** What the plugin threw, where that is what is wrong: for whoever wants to see where in the plugin it was. */
    public Optional<Throwable> cause(PluginProblem problem) {
        return Optional.ofNullable(causes.get(problem));
    }

    /** Every component that can be used. Loads all plugins. */
    public synchronized List<ComponentInfo> describe() throws SciabcException {
        loadAll(jars.stream());
        return Stream.of(ComponentKind.values())
                .flatMap(kind -> usable(kind).stream())
                .map(LoadedComponent::info)
                .toList();
    }

    /**
     * The component with that id. Loads the plugins that declare it; where there is none, those that declare nothing, and
     * then the others.
     *
     * @throws UnusablePluginException when the plugin that declares it cannot be used
     * @throws UnknownComponentException when there is no such component
     */
    public synchronized <T extends Component> T component(Class<T> type, String id) throws SciabcException {
        Offer offer = new Offer(ComponentKind.of(type), id);
        for (JarContents jar : ranked(offer)) {
            Optional<LoadedComponent> found = load(jar).flatMap(plugin -> plugin.find(offer));
            if (found.isPresent()) {
                return type.cast(found.get().instance());
            }
        }
        throw missing(offer);
    }

    /** Every component of that kind, each id once, sorted by id. Loads the plugins that may offer some. */
    public synchronized <T extends Component> List<T> components(Class<T> type) throws SciabcException {
        ComponentKind kind = ComponentKind.of(type);
        loadAll(jars.stream().filter(jar -> jar.info().mayOffer(kind)));
        return usable(kind).stream()
                .map(component -> type.cast(component.instance()))
                .toList();
    }

    /** Stops what was loaded, the last one first. Components must not be used any more. */
    @Override
    public synchronized void close() {
        List<LoadedPlugin> backwards = new ArrayList<>(loaded.values());
        Collections.reverse(backwards);
        loaded.clear();
        backwards.forEach(this::stop);
        stray.ifPresent(StrayOutput::remove);
        stray = Optional.empty();
    }

    private void stop(LoadedPlugin plugin) {
        PluginJarLoader loader = plugin.manager().loader();
        try {
            if (plugin.jar().manifest().pluginClass().isPresent()) {
                plugin.containment()
                        .run(
                                () -> {
                                    plugin.manager().stop();
                                    return true;
                                },
                                loader);
            }
        } catch (ExecutionException e) {
            Throwable thrown = e.getCause() == null ? e : e.getCause();
            Failure failure = Failure.of(thrown);
            String cause = failure.cause() + " while it was stopped";
            causes.put(warn(plugin.jar(), failure.kind(), cause, failure.fix()), thrown);
        } catch (TimeoutException e) {
            warn(plugin.jar(), Kind.HANGS, "does not stop" + e.getMessage(), "tell the plugin's author");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            nameThreadsLeft(plugin.jar(), loader);
            request.kept().release(loader);
        }
    }

    private void nameThreadsLeft(JarContents jar, PluginJarLoader loader) {
        List<String> threads = Containment.keepingTheProgramAlive(loader);
        if (!threads.isEmpty()) {
            warn(
                    jar,
                    Kind.THREADS,
                    "leaves threads running that would keep the program alive: " + String.join(", ", threads),
                    "tell the plugin's author: its threads have to end when their work does");
        }
    }

    private void printed(PluginJarLoader loader) {
        warn(
                loader.contents(),
                Kind.PRINTS,
                "prints to standard output, which is for data; it was sent to standard error",
                "tell the plugin's author: results go through return values and listeners, words for people through notices");
    }

    private void unclosed(JarContents jar, SciabcException failure) {
        String cause = "broke down when what it had opened was closed: " + failure.why();
        causes.put(warn(jar, Kind.FAILED, cause, failure.hint().orElse("tell the plugin's author")), failure);
    }

    private PluginProblem warn(JarContents jar, Kind kind, String cause, String fix) {
        PluginProblem problem = PluginProblem.warning(kind, jar.info().jar(), cause, fix)
                .in(jar.info().id());
        problems.add(problem);
        return problem;
    }

    /** Those that declare it first, then those that declare nothing, then the others; otherwise in order. */
    private List<JarContents> ranked(Offer offer) {
        List<JarContents> ranked = new ArrayList<>();
        List<JarContents> silent = new ArrayList<>();
        List<JarContents> others = new ArrayList<>();
        for (JarContents jar : jars) {
            List<JarContents> place =
                    jar.info().declares(offer) ? ranked : jar.info().declared().isEmpty() ? silent : others;
            place.add(jar);
        }
        ranked.addAll(silent);
        ranked.addAll(others);
        return ranked;
    }

    private List<LoadedComponent> usable(ComponentKind kind) {
        Set<String> ids = new TreeSet<>();
        for (LoadedPlugin plugin : loaded.values()) {
            plugin.components().stream()
                    .map(component -> component.info().offer())
                    .filter(offer -> offer.kind() == kind)
                    .forEach(offer -> ids.add(offer.id()));
        }
        return ids.stream().map(id -> winner(new Offer(kind, id))).toList();
    }

    private LoadedComponent winner(Offer offer) {
        List<LoadedComponent> candidates = ranked(offer).stream()
                .flatMap(jar -> Stream.ofNullable(loaded.get(jar.info().id())))
                .flatMap(plugin -> plugin.find(offer).stream())
                .toList();
        LoadedComponent winner = candidates.get(0);
        candidates.stream().skip(1).forEach(loser -> problems.add(PluginScan.duplicate(loser, winner)));
        return winner;
    }

    private void loadAll(Stream<JarContents> which) throws SciabcException {
        for (JarContents jar : which.toList()) {
            load(jar);
        }
    }

    private Optional<LoadedPlugin> load(JarContents jar) throws SciabcException {
        String id = jar.info().id();
        if (loaded.containsKey(id) || unusable.containsKey(id)) {
            return Optional.ofNullable(loaded.get(id));
        }
        if (stray.isEmpty()) {
            stray = Optional.of(StrayOutput.install(request.stray(), this::printed));
        }
        PluginLoading loading =
                new PluginLoading(jar, request.kept(), request.limit(), failure -> unclosed(jar, failure));
        try {
            loaded.put(id, loading.load());
        } catch (UnusablePluginException e) {
            unusable.put(id, e);
            problems.add(e.problem());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SciabcException("cannot load plugin " + id, "interrupted", "", e);
        } finally {
            causes.putAll(loading.causes());
            problems.addAll(loading.problems());
        }
        return Optional.ofNullable(loaded.get(id));
    }

    private SciabcException missing(Offer offer) {
        Optional<UnusablePluginException> declaring = ranked(offer).stream()
                .filter(jar -> jar.info().declares(offer))
                .flatMap(jar -> Stream.ofNullable(unusable.get(jar.info().id())))
                .findFirst();
        if (declaring.isPresent()) {
            return declaring.get();
        }
        List<String> known = usable(offer.kind()).stream()
                .map(component -> component.info().offer().id())
                .toList();
        List<PluginProblem> broken = problems().stream()
                .filter(problem -> problem.severity() == Severity.UNUSABLE)
                .toList();
        return UnknownComponentException.of(offer.kind(), offer.id(), known, broken);
    }
}
