// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.testkit.PluginJar;

/**
 * What plugins cost: whole processes of the real script, taking turns in one run, on one machine. Prints tables; no time fails
 * it. Run with {@code itests/run -Dit.test=PluginsBenchmark}.
 */
@Timeout(value = 4, unit = TimeUnit.HOURS)
class PluginsBenchmark {
    private static final int ROUNDS = 15;
    private static final int PLUGINS = 8;
    private static final long LARGE = 15L << 20;

    /** What the format adds to each entry besides its name, twice. */
    private static final long DIRECTORY_ENTRY = 76;

    @TempDir
    private Path folder;

    private LocalSciabc few;
    private LocalSciabc many;

    /** The same distribution twice: without plugins, and with eight, those that are shipped among them. */
    @BeforeEach
    void copyTheDistributionTwice() throws IOException {
        few = LocalSciabc.copiedTo(folder.resolve("few"), Files.createDirectory(folder.resolve("home-of-few")));
        many = LocalSciabc.copiedTo(folder.resolve("many"), Files.createDirectory(folder.resolve("home-of-many")));
        for (Path jar : jarsIn(few.sharedPlugins())) {
            Files.delete(jar);
        }
        for (int i = jarsIn(many.sharedPlugins()).size(); i < PLUGINS; i++) {
            FoundPlugin.of("found" + i).writeTo(many.sharedPlugins());
        }
    }

    @Test
    void eightPluginsBesideNone() {
        System.out.println("| median (least) of " + ROUNDS + " runs, ms | none | eight |");
        compare("version", "version");
        compare("plugins, which loads all", "plugins", "--json");
        FoundPlugin.of("used").writeTo(few.sharedPlugins());
        FoundPlugin.of("used").writeTo(many.sharedPlugins());
        compare("a verb that uses one, and others", "discover", "--discovery", "used", "--expect", "1");
    }

    @Test
    void examiningALargeJar() throws IOException {
        Path jar = largeJar();
        Command check = many.command("plugins", "check", jar.toString());
        many.run("plugins", "check", jar.toString()).succeeded();
        long[] times = new long[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            times[round] = millis(many, check);
        }
        System.out.printf(
                "| plugins check, %d KiB, %d entries | %s ms |%n", Files.size(jar) >> 10, entriesOf(jar), said(times));
    }

    private void compare(String name, String... arguments) {
        long[] without = new long[ROUNDS];
        long[] with = new long[ROUNDS];
        // The first run of a verb writes its class archive.
        millis(few, few.command(arguments));
        millis(many, many.command(arguments));
        for (int round = 0; round < ROUNDS; round++) {
            without[round] = millis(few, few.command(arguments));
            with[round] = millis(many, many.command(arguments));
        }
        System.out.printf("| %-34s | %12s | %12s |%n", name, said(without), said(with));
    }

    private static long millis(LocalSciabc sciabc, Command command) {
        return LocalCommand.run(sciabc.home(), command).duration().toMillis();
    }

    /** The median, and the least, which says more on a machine that has other things to do. */
    private static String said(long[] times) {
        Arrays.sort(times);
        assertThat(times[0]).isPositive();
        return times[times.length / 2] + " (" + times[0] + ")";
    }

    /** A right plugin with the content of the shipped ones around it, as often as it takes. */
    private Path largeJar() throws IOException {
        PluginJar jar = FoundPlugin.of("large");
        long size = 0;
        for (int copy = 0; size < LARGE; copy++) {
            for (Path shipped : jarsIn(Project.distribution().resolve("plugins"))) {
                size += addContent(jar, shipped, "copy" + copy + "/", LARGE - size);
            }
        }
        return jar.writeTo(folder);
    }

    private static long addContent(PluginJar jar, Path shipped, String prefix, long wanted) throws IOException {
        long size = 0;
        try (JarFile file = new JarFile(shipped.toFile())) {
            for (ZipEntry entry : Collections.list(file.entries())) {
                if (size < wanted && !entry.isDirectory()) {
                    try (InputStream content = file.getInputStream(entry)) {
                        jar.entry(prefix + entry.getName(), content.readAllBytes());
                    }
                    size += entry.getCompressedSize() + 2L * entry.getName().length() + DIRECTORY_ENTRY;
                }
            }
        }
        return size;
    }

    private static int entriesOf(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.size();
        }
    }

    private static List<Path> jarsIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }
}
