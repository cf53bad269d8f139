// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.sciabc.spi.Requirement.PackageManager;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * Package files on the manager, for nodes without a way to a mirror. What lies in subfolders is for nodes that are called so:
 * by codename, distribution, version or architecture.
 */
public final class PackageFolder {
    private static final int DEEPEST = 4;

    private final Path folder;
    private final List<LocalPackage> files;
    private final Map<LocalPackage, OfferedPackage> offers = new ConcurrentHashMap<>();
    private final Map<LocalPackage, Optional<PackageDescription>> descriptions = new ConcurrentHashMap<>();

    private PackageFolder(Path folder, List<LocalPackage> files) {
        this.folder = folder;
        this.files = List.copyOf(files);
    }

    /**
     * Looks through a folder.
     *
     * @throws SciabcException when it is no folder, cannot be read, or holds no package
     */
    public static PackageFolder open(String name) throws SciabcException {
        try {
            Path folder = Path.of(name).toAbsolutePath().normalize();
            if (!Files.isDirectory(folder)) {
                throw refused(name, Files.exists(folder) ? "it is not a folder" : "there is no such folder");
            }
            try (Stream<Path> walk = Files.walk(folder, DEEPEST)) {
                List<LocalPackage> files = walk.filter(Files::isRegularFile)
                        .sorted()
                        .flatMap(file -> LocalPackage.of(file).stream())
                        .toList();
                if (files.isEmpty()) {
                    throw refused(name, "no file in it is a package");
                }
                return new PackageFolder(folder, files);
            }
        } catch (IOException | UncheckedIOException | InvalidPathException unreadable) {
            throw refused(name, "it cannot be read");
        }
    }

    /** The folder. */
    public Path folder() {
        return folder;
    }

    /** What subfolders may be called that are for this node, lower case. */
    static List<String> words(Facts facts) {
        List<String> words = new ArrayList<>();
        facts.machine().system().ifPresent(system -> {
            words.add(system.id());
            words.add(system.version());
            words.add(system.id() + "-" + system.version());
            words.add(system.codename());
        });
        words.add(architecture(facts));
        facts.machine().hardware().arch().ifPresent(words::add);
        return words.stream()
                .filter(word -> !word.isEmpty())
                .map(word -> word.toLowerCase(Locale.ROOT))
                .distinct()
                .toList();
    }

    /**
     * The files that can be installed on a node. Of files of one name it is the one in the deepest subfolder, and of several
     * versions the latest: all but apt install what they are given.
     */
    List<LocalPackage> fitting(PackageManager manager, Facts facts) {
        List<String> words = words(facts);
        Map<String, LocalPackage> byName = new LinkedHashMap<>();
        files.stream()
                .filter(file -> file.managers().contains(manager) && file.fits(architecture(facts)))
                .filter(file -> facts.machine().system().map(file::fits).orElse(true))
                .filter(file -> isFor(file, words))
                .filter(file -> description(file)
                        .map(own -> LocalPackage.isFor(own.architecture(), architecture(facts)))
                        .orElse(true))
                .forEach(file -> byName.merge(
                        manager == PackageManager.APT ? file.fileName() : file.name(), file, PackageFolder::preferred));
        return List.copyOf(byName.values());
    }

    private static LocalPackage preferred(LocalPackage one, LocalPackage other) {
        int order = PackageVersion.ORDER.compare(one.version(), other.version());
        boolean deeper = other.file().getNameCount() > one.file().getNameCount();
        return order < 0 || (order == 0 && deeper) ? other : one;
    }

    /** What a file tells of itself. One that is damaged tells nothing: whoever installs it says so. */
    private Optional<PackageDescription> description(LocalPackage file) {
        return descriptions.computeIfAbsent(file, unread -> {
            try {
                return unread.description();
            } catch (IOException damaged) {
                return Optional.empty();
            }
        });
    }

    /**
     * What these files need: for each of them one line a need, with those of them that satisfy it, by their numbers. A node
     * finds out from it which of them are needed there.
     */
    String needs(List<LocalPackage> offered) {
        Map<String, List<Integer>> providers = new HashMap<>();
        for (int number = 0; number < offered.size(); number++) {
            for (String provided : description(offered.get(number))
                    .map(PackageDescription::provides)
                    .orElse(Set.of())) {
                providers.computeIfAbsent(provided, first -> new ArrayList<>()).add(number);
            }
        }
        StringBuilder lines = new StringBuilder();
        for (int number = 0; number < offered.size(); number++) {
            Optional<PackageDescription> own = description(offered.get(number));
            if (offered.get(number).managers().contains(PackageManager.APT)) {
                continue;
            }
            if (own.isEmpty()) {
                lines.append(number).append(" unknown\n");
                continue;
            }
            for (String need : own.get().requires()) {
                String name = PackageDescription.withoutVersion(need);
                if (!own.get().provides().contains(name)) {
                    lines.append(number).append(" needs ").append(need);
                    providers
                            .getOrDefault(name, List.of())
                            .forEach(other -> lines.append(' ').append(other));
                    lines.append('\n');
                }
            }
        }
        return lines.toString();
    }

    /** What a node is told of a file; read once, whatever the number of nodes. */
    OfferedPackage offer(LocalPackage file) throws SciabcException {
        OfferedPackage known = offers.get(file);
        if (known == null) {
            known = OfferedPackage.read(file);
            offers.put(file, known);
        }
        return known;
    }

    private static String architecture(Facts facts) {
        return facts.software()
                .packageArchitecture()
                .or(() -> facts.machine().hardware().arch())
                .orElse("unknown");
    }

    private boolean isFor(LocalPackage file, List<String> words) {
        Optional<Path> parent =
                Optional.ofNullable(folder.relativize(file.file()).getParent());
        return parent.stream()
                .flatMap(path -> Stream.iterate(0, i -> i < path.getNameCount(), i -> i + 1)
                        .map(path::getName))
                .allMatch(name -> words.contains(name.toString().toLowerCase(Locale.ROOT)));
    }

    private static SciabcException refused(String name, String why) {
        return new SciabcException(
                "cannot take packages from '" + Untrusted.line(name, 200) + "'",
                why,
                "--packages-from takes a folder of .deb, .rpm, .pkg.tar.zst or .apk files");
    }
}
