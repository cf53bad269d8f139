// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.zip.ZipFile;
import org.pf4j.Plugin;
import org.sciabc.plugin.JarReport.Extension;
import org.sciabc.plugin.PluginProblem.Kind;
import org.sciabc.plugin.PluginProblem.Severity;

/**
 * Examines a jar without running any of its code: everything that the host would refuse, and what its classes refer to. What
 * they do by reflection cannot be seen this way.
 */
public final class PluginJarCheck {
    private final JarContents jar;
    private final ClassSource classes;
    private final Set<PluginProblem> problems = new LinkedHashSet<>();

    private PluginJarCheck(JarContents jar, ClassSource classes) {
        this.jar = jar;
        this.classes = classes;
    }

    /** Examines that file. Never fails: what is wrong is in the report. */
    public static JarReport examine(Path path) {
        try {
            JarContents contents = JarContents.read(path);
            try (JarFile file = new JarFile(path.toFile(), false, ZipFile.OPEN_READ, Runtime.version())) {
                PluginJarCheck check = new PluginJarCheck(contents, ClassSource.of(file));
                check.problems.addAll(contents.warnings());
                check.checkContent();
                check.checkRange();
                List<Extension> extensions = check.checkExtensions();
                check.checkPluginClass();
                check.checkReferences();
                return check.report(extensions);
            }
        } catch (UnusablePluginException e) {
            return new JarReport(path, Optional.empty(), List.of(), List.of(e.problem()));
        } catch (IOException | RuntimeException e) {
            PluginProblem damaged = PluginProblem.unusable(
                    Kind.UNREADABLE, path, "is damaged: its content cannot be unpacked", "build or download it again");
            return new JarReport(path, Optional.empty(), List.of(), List.of(damaged));
        }
    }

    private JarReport report(List<Extension> extensions) {
        List<PluginProblem> sorted = problems.stream()
                .sorted(Comparator.comparing(PluginProblem::severity))
                .toList();
        return new JarReport(jar.info().jar(), Optional.of(jar.info()), extensions, sorted);
    }

    private void checkContent() {
        classes.damaged()
                .ifPresent(entry -> add(
                        Severity.UNUSABLE,
                        Kind.UNREADABLE,
                        "is damaged: " + entry + " does not hold what the jar says",
                        "build or download it again"));
    }

    private void checkRange() {
        try {
            SpiRange.require(jar.info());
        } catch (UnusablePluginException e) {
            problems.add(e.problem());
        }
    }

    private List<Extension> checkExtensions() {
        List<Extension> extensions = new ArrayList<>();
        Set<ComponentKind> there = EnumSet.noneOf(ComponentKind.class);
        for (String className : jar.extensions()) {
            String name = className.replace('.', '/');
            Optional<ClassFile> found = classes.find(name);
            if (found.isEmpty()) {
                add(
                        Severity.UNUSABLE,
                        Kind.STALE_INDEX,
                        "lists the extension " + className + ", which is not in the jar (renamed or removed since)",
                        "build it again from clean sources: mvn clean verify");
                continue;
            }
            Ancestry ancestry = Ancestry.of(name, classes);
            there.addAll(ancestry.kinds());
            extensions.add(new Extension(className, ancestry.kinds()));
            checkExtension(className, found.get(), ancestry);
        }
        checkDeclared(there);
        return List.copyOf(extensions);
    }

    private void checkExtension(String className, ClassFile type, Ancestry ancestry) {
        if (ancestry.kinds().isEmpty()
                || !type.isPublic()
                || type.isAbstract()
                || !type.hasPublicConstructorWithoutParameters()) {
            add(
                    Severity.UNUSABLE,
                    Kind.NOT_A_COMPONENT,
                    "lists the extension " + className
                            + ", which is not a public class that implements one of the SPIs and has a public"
                            + " constructor without parameters",
                    "see what Component demands of an implementation");
        }
        List<String> missing = ancestry.missingMethods();
        if (!missing.isEmpty()) {
            add(
                    Severity.UNUSABLE,
                    Kind.SPI_VERSION,
                    className + " lacks what this version of the SPI demands: " + String.join(", ", missing),
                    "build it against this version, and say so with Plugin-Requires");
        }
    }

    private void checkDeclared(Set<ComponentKind> there) {
        Optional<List<Offer>> declared = jar.info().declared();
        if (declared.isEmpty()) {
            return;
        }
        Set<ComponentKind> kinds = EnumSet.noneOf(ComponentKind.class);
        declared.get().forEach(offer -> kinds.add(offer.kind()));
        if (!kinds.equals(there)) {
            add(
                    Severity.WARNING,
                    Kind.UNTRUE_DECLARATION,
                    "declares components of the kinds " + labels(kinds) + " and has " + labels(there),
                    "mend " + PluginManifest.COMPONENTS + " in its manifest: components are looked for by it");
        }
    }

    private void checkPluginClass() {
        Optional<String> pluginClass = jar.manifest().pluginClass();
        if (pluginClass.isEmpty() || pluginClass.get().equals(Plugin.class.getName())) {
            return;
        }
        String className = pluginClass.get();
        String name = className.replace('.', '/');
        Optional<ClassFile> type = classes.find(name);
        if (type.isEmpty()) {
            add(
                    Severity.UNUSABLE,
                    Kind.MISSING_CLASS,
                    "needs the class " + className + ", which is not in its jar",
                    "mend Plugin-Class in its manifest, or leave it out where nothing has to be started and stopped");
        } else if (!type.get().isPublic()
                || type.get().isAbstract()
                || !type.get().hasPublicConstructorWithoutParameters()
                || !Ancestry.isPlugin(name, classes)) {
            add(
                    Severity.UNUSABLE,
                    Kind.MANIFEST,
                    "has the Plugin-Class " + className + ", which is not a public class that extends pf4j's Plugin and"
                            + " has a public constructor without parameters",
                    "mend the class, or leave Plugin-Class out where nothing has to be started and stopped");
        }
    }

    private void checkReferences() {
        List<String> roots = new ArrayList<>(jar.extensions());
        jar.manifest().pluginClass().ifPresent(roots::add);
        problems.addAll(new References(jar.info(), classes).from(roots));
    }

    private void add(Severity severity, Kind kind, String cause, String fix) {
        problems.add(new PluginProblem(
                kind, severity, jar.info().jar(), Optional.of(jar.info().id()), cause, fix));
    }

    private static String labels(Set<ComponentKind> kinds) {
        return kinds.isEmpty()
                ? "none"
                : String.join(", ", kinds.stream().map(ComponentKind::label).toList());
    }
}
