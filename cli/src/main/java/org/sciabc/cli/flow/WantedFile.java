// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.cli.flow.AnnounceInstallation.Wanted;
import org.sciabc.cli.option.NetworkOptions;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.Node;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.RequirementsRequest;
import org.sciabc.spi.SciabcException;

/** Decides which file makes this machine announce itself: Avahi's where Avahi can do all that is wanted, else a unit. */
public final class WantedFile {
    private static final int ROOT = 0;
    private static final int OTHERS_WRITE = 0022;
    private static final int STICKY = 01000;

    private final Setup setup;
    private final AnnounceInstallation installation;
    private final NetworkOptions network;

    public WantedFile(Setup setup, AnnounceInstallation installation, NetworkOptions network) {
        this.setup = setup;
        this.installation = installation;
        this.network = network;
    }

    /**
     * The file.
     *
     * @param backends the backends to be found through
     * @param self this machine
     * @param named the backends as the command line named them
     * @throws SciabcException when neither fits
     */
    public Wanted choose(List<Chosen<DiscoveryBackend>> backends, Node self, List<String> named)
            throws SciabcException {
        boolean everywhere =
                setup.interfaceSelectors().isEmpty() && network.settings().isEmpty();
        if (backends.size() == 1 && everywhere) {
            Optional<String> content = avahiContent(backends.get(0), self);
            if (content.isPresent()) {
                return Wanted.avahi(content.get());
            }
        }
        if (!installation.hasSystemd()) {
            throw new CliFailure(
                    ExitCode.UNAVAILABLE,
                    "cannot install the announcement",
                    "no avahi-daemon runs here that could do it, nor systemd",
                    "start 'sciabc announce' with whatever starts services here");
        }
        return unit(self, named);
    }

    /** What the backend wants Avahi to announce, when Avahi runs. */
    private Optional<String> avahiContent(Chosen<DiscoveryBackend> backend, Node self) throws SciabcException {
        List<Requirement> requirements = backend.component()
                .requirements(new RequirementsRequest(setup.cluster(), backend.settings(), setup.stateFolder()));
        boolean runs = requirements.stream()
                .filter(Requirement.Service.class::isInstance)
                .map(service -> ((Requirement.Service) service).name())
                .allMatch(installation::isRunning);
        return requirements.stream()
                .filter(Requirement.FileContent.class::isInstance)
                .map(Requirement.FileContent.class::cast)
                .filter(file -> runs && file.path().equals(AnnounceInstallation.AVAHI_FILE))
                .map(file -> filled(file.content(), self))
                .findFirst();
    }

    private String filled(String content, Node self) {
        Map<String, String> values = Map.of(
                "id", self.id().map(String::valueOf).orElse(""),
                "cluster", setup.cluster(),
                "user", self.user().orElse(""),
                "port", Integer.toString(self.port()),
                "cores",
                        text(
                                self.hardware().cores().isPresent(),
                                () -> self.hardware().cores().getAsInt()),
                "memory",
                        text(
                                self.hardware().memoryBytes().isPresent(),
                                () -> self.hardware().memoryBytes().getAsLong()),
                "arch", self.hardware().arch().orElse(""),
                "os", self.hardware().os().orElse(""),
                "hostkey", self.hostKey().orElse(""),
                "avahi-host", avahiHost(self.name()));
        String filled = content;
        for (var value : values.entrySet()) {
            filled = filled.replace("@sciabc." + value.getKey() + "@", value.getValue());
        }
        return filled;
    }

    /** As the placeholder of {@link Requirement.FileContent} has it. */
    private static String avahiHost(String name) {
        String host = name.split("\\.", 2)[0];
        return host.length() > 34 ? host.substring(0, 34) : "%h";
    }

    private static String text(boolean known, java.util.function.Supplier<Number> value) {
        return known ? value.get().toString() : "";
    }

    private Wanted unit(Node self, List<String> named) throws SciabcException {
        Session session = setup.session();
        if (!network.settings().isEmpty()) {
            throw CliFailure.usage(
                    "--set does not go with --install",
                    "everybody on this machine can read the command line of a service",
                    "put the settings into the configuration file "
                            + session.folders().configuration());
        }
        Path distribution = session.folders()
                .distribution()
                .orElseThrow(() -> CliFailure.usage(
                        "cannot install the announcement", "this is not an unpacked distribution", ""));
        Optional<String> java = javaHome(session.environment(), System.getProperty("java.home", "/usr"));
        String runner = session.environment().getOrDefault("SUDO_USER", System.getProperty("user.name", "root"));
        if (runner.equals("root")) {
            requireOwner(ROOT, distribution, java.map(Path::of));
        }
        List<String> command = new ArrayList<>(List.of(
                distribution.resolve("bin/sciabc").toString(),
                "announce",
                "--user=" + self.user().orElse("root"),
                "--ssh-port=" + self.port()));
        session.cluster().ifPresent(cluster -> command.add("--cluster=" + cluster));
        if (!named.isEmpty()) {
            command.add("--discovery=" + String.join(",", named));
        }
        network.interfaces().forEach(each -> command.add("--interface=" + each));
        network.profile().ifPresent(profile -> command.add("--network=" + profile));
        if (session.folders().configurationWasNamed()) {
            command.add("--config=" + session.folders().configuration().toAbsolutePath());
        }
        // Under sudo, these folders are root's, and the unit runs as somebody else.
        Stream<String> folders = session.environment().containsKey("SUDO_USER")
                ? Stream.empty()
                : Stream.of("XDG_CONFIG_HOME", "XDG_STATE_HOME");
        Stream<String> others = Stream.concat(Stream.of("SCIABC_HOME"), folders)
                .filter(session.environment()::containsKey)
                .map(name -> name + "=" + session.environment().get(name));
        List<String> environment =
                Stream.concat(java.map("JAVA_HOME="::concat).stream(), others).toList();
        return Wanted.unit(setup.cluster(), runner, command, environment);
    }

    /**
     * The Java to name in a unit, which is the running one: where the environment named it, or where only the PATH of a person
     * leads to it. Without links, which others may lead elsewhere later.
     */
    static Optional<String> javaHome(Map<String, String> environment, String running) {
        return Optional.ofNullable(environment.get("JAVA_HOME"))
                .filter(home -> isSame(
                        Path.of(home).resolve("bin/java"), Path.of(running).resolve("bin/java")))
                .map(home -> running)
                .or(() -> Optional.of(running).filter(home -> !home.startsWith("/usr/") && !home.equals("/usr")));
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException absent) {
            return false;
        }
    }

    /**
     * Sees to it that what root runs at every start is nobody else's to change or to replace.
     *
     * @throws CliFailure when somebody else could
     */
    static void requireOwner(int owner, Path distribution, Optional<Path> java) throws CliFailure {
        Path script = distribution.resolve("bin/sciabc");
        List<Path> files = Stream.concat(
                        Stream.of(script, distribution.resolve("lib"), distribution.resolve("plugins")),
                        java.map(home -> home.resolve("bin/java")).stream())
                .filter(Files::exists)
                .toList();
        for (Path file : files) {
            Optional<Path> foreign = foreignOnTheWayTo(file, owner);
            if (foreign.isPresent()) {
                throw new CliFailure(
                        ExitCode.CONFIGURATION,
                        "cannot install the announcement",
                        "it would run as root, and " + foreign.get() + " does not belong to root alone",
                        "as the account that it belongs to, run 'sudo " + script
                                + " announce --install': then it runs as that account");
            }
        }
    }

    private static Optional<Path> foreignOnTheWayTo(Path file, int owner) {
        Path path = file;
        try {
            for (path = file.toRealPath(); path != null; path = path.getParent()) {
                int mode = (int) Files.getAttribute(path, "unix:mode");
                boolean othersMayReplace = (mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0;
                if (!Files.getAttribute(path, "unix:uid").equals(owner) || othersMayReplace) {
                    return Optional.of(path);
                }
            }
            return Optional.empty();
        } catch (IOException unknown) {
            return Optional.of(path);
        }
    }
}
