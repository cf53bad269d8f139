// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.cli.config.Configuration;
import org.sciabc.cli.config.Configuration.Placed;
import org.sciabc.cli.config.NetworkProfile;
import org.sciabc.cli.network.ProfileChoice;
import org.sciabc.cli.network.SystemNetwork;
import org.sciabc.cli.option.NetworkOptions;
import org.sciabc.plugin.ComponentInfo;
import org.sciabc.plugin.ComponentKind;
import org.sciabc.plugin.PluginHost;
import org.sciabc.plugin.PluginHostRequest;
import org.sciabc.plugin.PluginInfo;
import org.sciabc.plugin.PluginProblem;
import org.sciabc.roster.LocalInterfaces;
import org.sciabc.roster.WatchdogSettings;
import org.sciabc.spi.Component;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Node;
import org.sciabc.spi.Provisioner;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;
import org.sciabc.spi.SettingException;
import org.sciabc.spi.Settings;
import org.sciabc.spi.Similarity;
import org.sciabc.spi.Untrusted;

/** What command line and configuration say together: the cluster, the networks, and the components in use. */
public final class Setup implements AutoCloseable {
    private static final String WATCHDOG = "watchdog";
    private static final int MISTYPED = 2;
    private static final Pattern CLUSTER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,31}");

    private final Session session;
    private final NetworkOptions network;
    private final Optional<NetworkProfile> profile;
    private final Configuration configuration;
    private final PluginHost plugins;
    private final PluginComplaints complaints;
    private final String cluster;

    private final Map<String, Map<String, String>> given;

    private Setup(
            Session session,
            NetworkOptions network,
            Optional<NetworkProfile> profile,
            Configuration configuration,
            PluginHost plugins,
            PluginComplaints complaints)
            throws CliFailure {
        this.session = session;
        this.network = network;
        this.profile = profile;
        this.configuration = configuration;
        this.plugins = plugins;
        this.complaints = complaints;
        this.cluster = cluster(session, configuration);
        this.given = network.settings();
    }

    /** Reads the configuration and looks through the plugin folders; loads no plugin. */
    public static Setup open(Session session, NetworkOptions network) throws SciabcException {
        Configuration file = Configuration.read(session.folders());
        Optional<NetworkProfile> profile = profile(session, network);
        profile.ifPresent(applying -> session.terminal().detail("network profile '" + applying.name() + "' applies"));
        Configuration configuration = profile.map(file::on).orElse(file);
        PluginHostRequest request = PluginHostRequest.of(session.folders().plugins())
                .withStray(session.terminal().err())
                .keeping(session.plugins());
        PluginHost plugins = PluginHost.open(request);
        PluginComplaints complaints = new PluginComplaints(session.terminal());
        complaints.sayUnusable(plugins.problems());
        Setup setup = new Setup(session, network, profile, configuration, plugins, complaints);
        setup.requireKnownComponents();
        if (setup.given.containsKey(WATCHDOG) || configuration.settings().containsKey(WATCHDOG)) {
            // Whether or not this verb watches anything: a mistake there is not to be found in the middle of a job.
            setup.watchdog();
        }
        return setup;
    }

    /** A setting of nobody's would be silently without effect. Who else there may be is known only where all plugins say it. */
    private void requireKnownComponents() throws CliFailure {
        if (given.isEmpty() && configuration.settings().isEmpty()) {
            return;
        }
        List<PluginInfo> all = plugins.plugins();
        boolean isTold = all.stream().allMatch(plugin -> plugin.declared().isPresent())
                && plugins.problems().stream()
                        .noneMatch(problem -> problem.severity() == PluginProblem.Severity.UNUSABLE);
        if (all.isEmpty() || !isTold) {
            return;
        }
        Set<String> known = new TreeSet<>(Set.of(WATCHDOG));
        all.forEach(plugin -> plugin.declared().orElseThrow().forEach(offer -> known.add(offer.id())));
        for (String id : given.keySet()) {
            if (!known.contains(id) && !isUndeclared(id)) {
                throw CliFailure.usage(
                        "there is no '" + Untrusted.line(id, 40) + "' to set anything of", "", nearest(id, known));
            }
        }
        for (var each : configuration.settings().entrySet()) {
            String id = each.getKey();
            // One that is far from any other may be of a plugin that only another machine has, or that was removed.
            if (!known.contains(id)
                    && !each.getValue().isEmpty()
                    && known.stream().anyMatch(other -> Similarity.distance(id, other) <= MISTYPED)
                    && !isUndeclared(id)) {
                throw new CliFailure(
                        ExitCode.CONFIGURATION,
                        "cannot use the configuration",
                        each.getValue().values().iterator().next().place() + ": there is no '" + Untrusted.line(id, 40)
                                + "' to set anything of",
                        nearest(id, known));
            }
        }
    }

    /** Whether it is a component that a plugin has without saying so in its manifest; which only loading it tells. */
    private boolean isUndeclared(String id) throws CliFailure {
        return called(id).findAny().isPresent();
    }

    /** The components of that id, of whichever kind; loads all plugins. */
    private Stream<ComponentInfo> called(String id) throws CliFailure {
        try {
            return plugins.describe().stream()
                    .filter(component -> component.offer().id().equals(id));
        } catch (SciabcException unusable) {
            throw CliFailure.of(ExitCode.PLUGIN, unusable);
        }
    }

    private static String nearest(String id, Set<String> known) {
        String likely = known.stream()
                .min(Comparator.comparingInt(candidate -> Similarity.distance(id, candidate)))
                .orElseThrow();
        return "did you mean '" + likely + "'? there are " + String.join(", ", known);
    }

    /**
     * The network profile that applies at this moment; looks at the network only when there are profiles.
     *
     * @throws CliFailure when several fit equally well, or none is of the name that was given
     */
    public static Optional<NetworkProfile> profile(Session session, NetworkOptions network) throws CliFailure {
        Configuration file = Configuration.read(session.folders());
        return file.networks().isEmpty() && network.profile().isEmpty()
                ? Optional.empty()
                : choose(session, file, network.profile()).profile();
    }

    private static ProfileChoice choose(Session session, Configuration file, Optional<String> named) throws CliFailure {
        try {
            return ProfileChoice.of(
                    file.networks(), SystemNetwork.of(session.environment()).look(), named);
        } catch (CliFailure failure) {
            throw failure;
        } catch (SciabcException failure) {
            throw CliFailure.of(ExitCode.UNAVAILABLE, failure);
        }
    }

    /** The run that this is for. */
    public Session session() {
        return session;
    }

    /** What the configuration file says. */
    public Configuration configuration() {
        return configuration;
    }

    /** The network profile that applied when this was opened. */
    public Optional<NetworkProfile> profile() {
        return profile;
    }

    /** The plugins. */
    public PluginHost plugins() {
        return plugins;
    }

    /** The cluster's name. */
    public String cluster() {
        return cluster;
    }

    /** The cluster's private folder. */
    public Path stateFolder() throws CliFailure {
        return session.folders().cluster(cluster);
    }

    /** The networks of this machine that may be used. */
    public List<LocalInterface> interfaces() throws SciabcException {
        return LocalInterfaces.enumerate().choose(interfaceSelectors());
    }

    /** The names and ranges of networks that were given or configured; empty where there were none. */
    public List<String> interfaceSelectors() {
        return network.interfaces().isEmpty() ? configuration.interfaces() : network.interfaces();
    }

    /** Whether the command line names networks. */
    public boolean namesInterfaces() {
        return !network.interfaces().isEmpty();
    }

    /** The discovery backends in use: those that were named, else configured, else zeroconf. */
    public List<Chosen<DiscoveryBackend>> backends(List<String> named) throws SciabcException {
        List<Chosen<DiscoveryBackend>> chosen = new ArrayList<>();
        List<String> ids = backendNames(named);
        sayUnused(ComponentKind.DISCOVERY, ids);
        for (String id : ids) {
            chosen.add(choose(DiscoveryBackend.class, id));
        }
        return List.copyOf(chosen);
    }

    /** What they are called; loads none. */
    public List<String> backendNames(List<String> named) {
        List<String> ids = !named.isEmpty()
                ? named
                : configuration.discovery().isEmpty() ? List.of("zeroconf") : configuration.discovery();
        return ids.stream().map(String::strip).distinct().toList();
    }

    /** The job, where whoever is at this machine may run it on nodes that these backends find; empty means none does. */
    public LaunchRequest.Job permitted(LaunchRequest.Job job, List<String> backends) throws CliFailure {
        return JobsOfRoot.of(job, System.getProperty("user.name", ""), backends);
    }

    /** The provisioner in use: the one that was named, else configured, else ssh. */
    public Chosen<Provisioner> provisioner(Optional<String> named) throws SciabcException {
        Chosen<Provisioner> chosen =
                choose(Provisioner.class, named.or(configuration::provisioner).orElse("ssh"));
        sayUnused(ComponentKind.PROVISIONER, List.of(chosen.component().id()));
        return chosen;
    }

    /** The same of a command that lets nobody name one. */
    Chosen<Provisioner> provisioner() throws SciabcException {
        return choose(Provisioner.class, configuration.provisioner().orElse("ssh"));
    }

    /** The launcher in use: the one that was named, else configured, else Open MPI. */
    public Chosen<JobLauncher> launcher(Optional<String> named) throws SciabcException {
        String id = named.or(configuration::launcher).orElse("openmpi");
        sayUnused(ComponentKind.LAUNCHER, List.of(id));
        return choose(JobLauncher.class, id);
    }

    private void sayUnused(ComponentKind kind, List<String> used) throws CliFailure {
        new UnusedSettings(session.terminal(), network).say(plugins.plugins(), kind, used);
    }

    @Override
    public void close() {
        plugins.close();
        complaints.sayMisbehaviour(plugins);
    }

    /** How closely nodes are watched. */
    public WatchdogSettings watchdog() throws SciabcException {
        Settings settings = settings(WATCHDOG, WATCHDOG, WatchdogSettings.declared());
        try {
            return WatchdogSettings.of(settings);
        } catch (SciabcException impossible) {
            throw CliFailure.of(ExitCode.CONFIGURATION, impossible);
        }
    }

    private <T extends Component> Chosen<T> choose(Class<T> type, String id) throws SciabcException {
        T component = component(type, id);
        return new Chosen<>(component, settings("plugin " + component.id(), component.id(), component.settings()));
    }

    private <T extends Component> T component(Class<T> type, String id) throws CliFailure {
        try {
            return plugins.component(type, id);
        } catch (SciabcException unusable) {
            throw CliFailure.of(ExitCode.PLUGIN, unusable);
        }
    }

    private Settings settings(String called, String id, List<Setting> declared) throws SciabcException {
        Map<String, Placed> configured =
                new LinkedHashMap<>(configuration.settings().getOrDefault(id, Map.of()));
        Map<String, String> typed = new LinkedHashMap<>(given.getOrDefault(id, Map.of()));
        Set<String> others = keysOfOthers(id, declared, configured.keySet(), typed.keySet());
        configured.keySet().removeAll(others);
        typed.keySet().removeAll(others);
        for (var entry : configured.entrySet()) {
            checkConfigured(called, declared, entry.getKey(), entry.getValue());
        }
        Map<String, String> all = new LinkedHashMap<>();
        configured.forEach((key, placed) -> all.put(key, placed.text()));
        all.putAll(typed);
        try {
            return Settings.of(declared, all);
        } catch (SettingException refused) {
            throw CliFailure.usage(
                    called + ": " + refused.what(),
                    refused.why(),
                    refused.hint().orElse(""));
        }
    }

    /**
     * Which of the keys only another component of that id declares: what finds nodes and what runs jobs there may well be
     * called the same. Plugins are loaded for it only where there are such keys and there may be such a component.
     */
    private Set<String> keysOfOthers(String id, List<Setting> declared, Set<String> configured, Set<String> typed)
            throws CliFailure {
        Set<String> unknown = new HashSet<>(configured);
        unknown.addAll(typed);
        declared.forEach(setting -> unknown.remove(setting.key()));
        if (!unknown.isEmpty() && mayShare(id)) {
            unknown.retainAll(called(id)
                    .flatMap(component -> component.settings().stream())
                    .map(Setting::key)
                    .collect(Collectors.toSet()));
            return unknown;
        }
        return Set.of();
    }

    private boolean mayShare(String id) {
        List<PluginInfo> all = plugins.plugins();
        return all.stream().anyMatch(plugin -> plugin.declared().isEmpty())
                || all.stream()
                                .flatMap(plugin -> plugin.declared().orElseThrow().stream())
                                .filter(offer -> offer.id().equals(id))
                                .count()
                        > 1;
    }

    /** A setting from the file is refused together with its place. */
    private static void checkConfigured(String called, List<Setting> declared, String key, Placed value)
            throws CliFailure {
        try {
            Settings.of(declared, Map.of(key, value.text()));
        } catch (SettingException refused) {
            throw new CliFailure(
                    ExitCode.CONFIGURATION,
                    "cannot use the configuration",
                    value.place() + ": " + called + ": " + refused.getMessage(),
                    refused.hint().orElse(""));
        }
    }

    /** The cluster that command line or configuration name. */
    public static String cluster(Session session, Configuration configuration) throws CliFailure {
        String name = session.cluster().or(configuration::cluster).orElse(Node.DEFAULT_CLUSTER);
        if (!CLUSTER.matcher(name).matches()) {
            throw CliFailure.usage(
                    "a cluster cannot be called '" + Untrusted.line(name, 40) + "'",
                    "its name has at most 32 letters, digits, hyphens and underscores, and begins with a letter or digit",
                    "");
        }
        return name;
    }
}
