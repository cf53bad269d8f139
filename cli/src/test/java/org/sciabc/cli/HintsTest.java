// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an error tells a person to type. */
class HintsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern COMMAND = Pattern.compile("'sciabc ([a-z]+)([^']*)'");
    private static final Pattern OPTION = Pattern.compile("(?<=\\s)--[a-z-]+");

    @Test
    void everyCommandThatIsRecommendedCanBeTyped() throws IOException {
        List<String> wrong = new ArrayList<>();
        int seen = 0;
        for (Path source : sources()) {
            for (MatchResult command : commands(Files.readString(source))) {
                seen++;
                wrong.addAll(wrong(source, command));
            }
        }
        assertThat(seen).isGreaterThan(40);
        assertThat(wrong).isEmpty();
    }

    private static List<String> wrong(Path source, MatchResult command) {
        String verb = command.group(1);
        return VerbTable.shipped().entries().stream()
                .filter(entry -> entry.name().equals(verb))
                .findFirst()
                .map(entry -> OPTION.matcher(command.group(2).replaceFirst(" -- .*", ""))
                        .results()
                        .map(MatchResult::group)
                        .filter(option -> !isOption(option, entry))
                        .map(option -> source.getFileName() + ": '" + verb + "' has no " + option)
                        .toList())
                .orElse(List.of(source.getFileName() + ": there is no '" + verb + "'"));
    }

    private static boolean isOption(String option, VerbEntry entry) {
        try {
            OptionNames.check(option, VerbTable.create(entry), entry);
            return true;
        } catch (CliFailure unknown) {
            return false;
        }
    }

    /** Strings are put together from pieces; what stands between two of them is a value. */
    private static List<MatchResult> commands(String source) {
        String joined = source.replaceAll("\"\\s*\\+\\s*\"", "").replaceAll("\"\\s*\\+[^;\"]*\\+\\s*\"", "VALUE");
        Matcher matcher = COMMAND.matcher(joined);
        return matcher.results().toList();
    }

    private static List<Path> sources() throws IOException {
        List<Path> all = new ArrayList<>();
        for (Path module : List.of(ROOT.resolve("core"), ROOT.resolve("cli"), ROOT.resolve("plugins"))) {
            try (Stream<Path> files = Files.walk(module)) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .filter(file -> file.toString().contains("/src/main/java/"))
                        .forEach(all::add);
            }
        }
        return all;
    }
}
