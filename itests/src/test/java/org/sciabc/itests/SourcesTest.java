// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rules for the text of the sources, which no compiler looks at. */
class SourcesTest {

    private static final Pattern BAG = Pattern.compile(".*(Util|Utils|Helper|Manager|Common|Impl)\\.java");

    private static final Pattern OTHER_ROOM =
            Pattern.compile("\\borg\\.sciabc\\.(plugin|roster|provision|launch|cli)\\b");

    /** In pieces, or this file would break the rule itself. */
    private static final Pattern SWITCHED_OFF_OR_SLEEPING = Pattern.compile("@Dis" + "abled\\b|Thread\\.sl" + "eep\\(");

    private static final Set<String> WITH_COMMENTS = Set.of("java", "xml", "c", "py", "sh", "service");

    /** Imported as it was found: the node of 2016 that must still be understood. */
    private static final Set<String> IMPORTED = Set.of("sciabc-2016.service");

    private static final List<Path> FILES = new ArrayList<>();

    @BeforeAll
    static void findTheSources() throws IOException {
        Files.walkFileTree(Project.root(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name = folder.toFile().getName();
                return name.equals("target") || name.equals(".git") || name.equals(".idea")
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) {
                    FILES.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Test
    void noClassIsABagOfThings() {
        assertThat(some(java()))
                .filteredOn(file -> BAG.matcher(nameOf(file)).matches())
                .as("such a name says nothing, and takes in everything")
                .isEmpty();
    }

    @Test
    void pluginsSeeTheContractAndNothingElseOfTheCore() {
        Path plugins = Project.root().resolve("plugins");
        List<Path> sources = some(java().and(file -> file.startsWith(plugins))
                .and(file -> !file.startsWith(plugins.resolve("testkit")))
                .and(file -> plugins.relativize(file).subpath(1, 3).equals(Path.of("src/main"))));

        assertThat(sources).filteredOn(containing(OTHER_ROOM)).isEmpty();
    }

    @Test
    void testsAreAllOnAndNoneOfThemSleeps() {
        assertThat(some(java().and(file -> file.toString().contains("/src/test/"))))
                .filteredOn(containing(SWITCHED_OFF_OR_SLEEPING))
                .isEmpty();
    }

    @Test
    void whateverHasRoomForACommentSaysItsLicence() {
        List<Path> sources = some(file -> hasRoomForAComment(file) && !IMPORTED.contains(nameOf(file)));

        assertThat(sources)
                .filteredOn(file -> text(file)
                        .lines()
                        .limit(5)
                        .noneMatch(line -> line.contains("SPDX-License-Identifier: GPL-3.0-or-later")))
                .isEmpty();
    }

    private static boolean hasRoomForAComment(Path file) {
        String name = nameOf(file);
        String ending = name.substring(name.lastIndexOf('.') + 1);
        return WITH_COMMENTS.contains(ending)
                || name.equals("Dockerfile")
                || (name.equals(ending) && text(file).startsWith("#!"));
    }

    private static Predicate<Path> java() {
        return file -> nameOf(file).endsWith(".java");
    }

    private static Predicate<Path> containing(Pattern forbidden) {
        return file -> forbidden.matcher(text(file)).find();
    }

    /** The files that a rule is for; a rule for fewer than a handful has looked in the wrong place. */
    private static List<Path> some(Predicate<Path> chosen) {
        List<Path> files = FILES.stream().filter(chosen).toList();
        assertThat(files).hasSizeGreaterThan(20);
        return files;
    }

    private static String nameOf(Path file) {
        return file.toFile().getName();
    }

    private static String text(Path file) {
        try {
            // Not UTF-8: whatever the bytes are, they are characters, and the patterns are ASCII.
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
