// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;

/**
 * Where files live: {@code SCIABC_HOME} for everything when it is set, the XDG base directories otherwise.
 *
 * @param configuration the configuration file; need not exist
 * @param configurationWasNamed whether a person named the file, so that it has to exist
 * @param state the folder that holds one folder a cluster
 * @param userPlugins the user's own plugins
 * @param distribution the unpacked distribution, where the launch script said so
 */
public record Folders(
        Path configuration, boolean configurationWasNamed, Path state, Path userPlugins, Optional<Path> distribution) {

    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    /** Finds the folders. */
    public static Folders of(Map<String, String> environment, Optional<Path> namedConfiguration) {
        Path home = home(environment);
        Optional<Path> one = path(environment, "SCIABC_HOME");
        Path config = one.orElse(path(environment, "XDG_CONFIG_HOME")
                .orElse(home.resolve(".config"))
                .resolve("sciabc"));
        Path state = one.map(folder -> folder.resolve("state"))
                .orElse(path(environment, "XDG_STATE_HOME")
                        .orElse(home.resolve(".local/state"))
                        .resolve("sciabc"));
        Path data = one.orElse(path(environment, "XDG_DATA_HOME")
                .orElse(home.resolve(".local/share"))
                .resolve("sciabc"));
        return new Folders(
                namedConfiguration.orElse(config.resolve("config.toml")),
                namedConfiguration.isPresent(),
                state,
                data.resolve("plugins"),
                Optional.ofNullable(System.getProperty("sciabc.home")).map(Path::of));
    }

    /** The folders in which plugins are looked for, the distribution's own first. */
    public List<Path> plugins() {
        return distribution
                .map(folder -> List.of(folder.resolve("plugins"), userPlugins))
                .orElse(List.of(userPlugins));
    }

    /**
     * The cluster's private folder, made when it is missing.
     *
     * @throws CliFailure when it cannot be made
     */
    public Path cluster(String name) throws CliFailure {
        Path folder = state.resolve(name);
        try {
            makeState();
            if (!Files.isDirectory(folder)) {
                Files.createDirectory(folder, PRIVATE);
            }
            return folder;
        } catch (IOException unwritable) {
            if (Files.isDirectory(folder)) {
                return folder;
            }
            throw new CliFailure(
                    ExitCode.CONFIGURATION,
                    "cannot make the folder " + folder,
                    Files.exists(state)
                            ? state + " is not a folder that you can write to"
                            : "its parent cannot be made",
                    "set SCIABC_HOME to a folder of your own");
        }
    }

    /** Makes the folder that holds them, for its owner alone: who may write to it could put another one in a cluster's place. */
    public void makeState() throws IOException {
        Path above = state.getParent();
        if (above != null) {
            Files.createDirectories(above);
        }
        if (!Files.isDirectory(state)) {
            Files.createDirectories(state, PRIVATE);
        }
    }

    /**
     * What {@code ~} means, which Java takes from the password file instead. After {@code sudo -E} it may be somebody else's,
     * where nothing of ours is to be written.
     */
    private static Path home(Map<String, String> environment) {
        Path ofAccount = Path.of(System.getProperty("user.home", "."));
        return Optional.ofNullable(environment.get("HOME"))
                .filter(text -> text.startsWith("/"))
                .map(Path::of)
                .filter(named -> Files.isDirectory(named) && isOwn(named, ofAccount))
                .orElse(ofAccount);
    }

    private static boolean isOwn(Path folder, Path ofAccount) {
        Path process = Path.of("/proc/self");
        try {
            return Files.getAttribute(folder, "unix:uid")
                    .equals(Files.getAttribute(Files.exists(process) ? process : ofAccount, "unix:uid"));
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static Optional<Path> path(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable))
                .filter(text -> !text.isEmpty())
                .map(text -> Path.of(text).toAbsolutePath());
    }
}
