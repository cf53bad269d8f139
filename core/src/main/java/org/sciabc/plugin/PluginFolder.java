// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.sciabc.plugin.PluginProblem.Severity;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Similarity;
import org.sciabc.spi.Untrusted;

/**
 * One folder of plugins, to put plugins into and to take them out of. Nothing of a plugin's code runs.
 *
 * @param path the folder; it need not exist until a plugin is added
 */
public record PluginFolder(Path path) {
    private static final long LARGEST_JAR = 512L << 20;
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-r--r--");

    /**
     * Examines a jar that is to be added. Nothing is changed.
     *
     * @throws UnusablePluginException when the host would refuse it
     * @throws SciabcException when the file or the folder cannot be read, or others may write to the folder
     */
    public PluginAddition examine(Path jar) throws SciabcException {
        String digest = digest(read(jar));
        JarReport report = PluginJarCheck.examine(jar);
        for (PluginProblem problem : report.problems()) {
            if (problem.severity() == Severity.UNUSABLE) {
                throw new UnusablePluginException(problem);
            }
        }
        PluginInfo plugin = report.plugin().orElseThrow();
        requireOwnPlace(plugin.id());
        return new PluginAddition(report, plugin, find(plugin.id()), digest);
    }

    /**
     * Adds what was examined. When {@link PluginAddition#replaced} is there, calling this means yes.
     *
     * @return the jar's new place, {@code ID.jar} in this folder
     * @throws SciabcException when it cannot be written, or when the file or the folder changed since
     */
    public Path add(PluginAddition addition) throws SciabcException {
        String id = addition.plugin().id();
        byte[] content = read(addition.plugin().jar());
        if (!digest(content).equals(addition.digest())) {
            throw changed(id, addition.plugin().jar() + " was changed since it was examined");
        }
        if (!find(id).equals(addition.replaced())) {
            throw changed(id, "another version of it came into " + path + " meanwhile");
        }
        requireOwnPlace(id);
        create();
        Path target = jarOf(id);
        new AtomicFile(target, Optional.of(FILE)).write(content);
        for (Path former : jarsOf(id)) {
            if (!former.getFileName().equals(target.getFileName())) {
                delete(former);
            }
        }
        return target;
    }

    /** Somebody may have dropped a plugin into the folder under the name of another one. */
    private void requireOwnPlace(String id) throws SciabcException {
        Path target = jarOf(id);
        for (PluginInfo other : plugins()) {
            if (other.jar().getFileName().equals(target.getFileName())
                    && !other.id().equals(id)) {
                throw new SciabcException(
                        "cannot add plugin " + id,
                        target + " holds the plugin " + other.id(),
                        "give that file another name, or remove it: 'sciabc plugins remove " + other.id() + "'");
            }
        }
    }

    /** The place of a plugin that is added, {@code ID.jar} in this folder. */
    public Path jarOf(String id) {
        return path.resolve(id + ".jar");
    }

    /**
     * Takes a plugin out, with every jar here that has it.
     *
     * @param name the plugin's id, or the name of a jar's file, when the jar is so broken that its id cannot be read
     * @return the jars that were deleted
     * @throws SciabcException when there is no such plugin here, or a jar cannot be deleted
     */
    public List<Path> remove(String name) throws SciabcException {
        List<Path> jars = jarsOf(name);
        if (jars.isEmpty()) {
            throw unknown(name, List.of(this));
        }
        for (Path jar : jars) {
            delete(jar);
        }
        return jars;
    }

    /** The plugins that are in this folder and look usable. */
    public List<PluginInfo> plugins() throws SciabcException {
        return scan().jars().stream().map(JarContents::info).toList();
    }

    private PluginScan scan() throws SciabcException {
        PluginScan scan = PluginScan.of(List.of(path), PlaceSafety.ofThisProcess());
        for (PluginProblem problem : scan.problems()) {
            if (problem.place().equals(path)) {
                throw new SciabcException("cannot use the folder " + path, "it " + problem.cause(), problem.fix());
            }
        }
        return scan;
    }

    private Optional<PluginInfo> find(String id) throws SciabcException {
        return plugins().stream().filter(plugin -> plugin.id().equals(id)).findFirst();
    }

    /**
     * The jars here that have the plugin of that id, or that are called so.
     *
     * @throws SciabcException when the folder cannot be used
     */
    public List<Path> jarsOf(String name) throws SciabcException {
        PluginScan scan = scan();
        Stream<Path> usable = scan.jars().stream()
                .map(JarContents::info)
                .filter(plugin -> plugin.id().equals(name))
                .map(PluginInfo::jar);
        Stream<Path> others = scan.problems().stream()
                .filter(problem -> problem.plugin().filter(name::equals).isPresent()
                        || problem.place().endsWith(name))
                .map(PluginProblem::place);
        return Stream.concat(usable, others).distinct().sorted().toList();
    }

    /** What to say when none of these folders has the plugin. */
    public static SciabcException unknown(String name, List<PluginFolder> folders) throws SciabcException {
        String shown = Untrusted.line(name, 60);
        List<String> known = new ArrayList<>();
        for (PluginFolder folder : folders) {
            folder.plugins().forEach(plugin -> known.add(plugin.id()));
        }
        List<String> nearestFirst = known.stream()
                .sorted(Comparator.comparingInt(candidate -> Similarity.distance(shown, candidate)))
                .toList();
        String places = String.join(
                " and ",
                folders.stream().map(folder -> folder.path().toString()).toList());
        return new SciabcException(
                "no plugin '" + shown + "' in " + places,
                nearestFirst.isEmpty() ? "there is none" : "there are " + String.join(", ", nearestFirst),
                "");
    }

    private static SciabcException changed(String id, String why) {
        return new SciabcException("cannot add plugin " + id, why, "look at it with 'sciabc plugins', and try again");
    }

    /** Only the owner may write, whatever the umask: a folder that others may write to is refused. */
    private void create() throws SciabcException {
        try {
            if (!Files.isDirectory(path)) {
                Path parent = path.toAbsolutePath().getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                Files.createDirectory(path, attributes());
            }
        } catch (IOException e) {
            throw new SciabcException(
                    "cannot create the folder " + path,
                    "writing there is not possible",
                    "see that you may write to the folder above it",
                    e);
        }
    }

    private FileAttribute<?>[] attributes() {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(FOLDER)} : new FileAttribute<?>[0];
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] read(Path jar) throws SciabcException {
        try {
            if (Files.size(jar) > LARGEST_JAR) {
                throw new SciabcException("cannot add " + jar, "it is larger than " + (LARGEST_JAR >> 20) + " MiB", "");
            }
            return Files.readAllBytes(jar);
        } catch (IOException e) {
            throw new SciabcException(
                    "cannot read " + jar,
                    Files.exists(jar) ? "you have no right to, or it is not a file" : "there is no such file",
                    "",
                    e);
        }
    }

    private static void delete(Path jar) throws SciabcException {
        try {
            Files.deleteIfExists(jar);
        } catch (IOException e) {
            throw new SciabcException("cannot remove " + jar, "writing to its folder is not possible", "", e);
        }
    }
}
