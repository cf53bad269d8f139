// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/plugins.md} shows code that is compiled and tested, word for word, and leads to pages that are there. */
class PluginsPageTest {

    private static final Path PAGE = Project.root().resolve("docs/plugins.md");
    private static final Pattern SOURCE = Pattern.compile("<!-- (\\S+) -->");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)\\)");

    /** A block of code, and the file that the line above names. */
    private record Snippet(String language, String code, Optional<Path> source) {}

    @Test
    void everySnippetIsInTheFileThatItNames() throws IOException {
        List<Snippet> code = snippets().stream()
                .filter(snippet -> List.of("java", "xml").contains(snippet.language()))
                .toList();

        assertThat(code).hasSizeGreaterThan(10).allSatisfy(snippet -> {
            assertThat(snippet.source()).as("the file of\n%s", snippet.code()).isPresent();
            assertThat(snippet.source().orElseThrow()).content().contains(snippet.code());
        });
    }

    @Test
    void everyPageThatItLinksToIsThere() throws IOException {
        List<String> links = LINK.matcher(Files.readString(PAGE))
                .results()
                .map(link -> link.group(1))
                .toList();

        assertThat(links)
                .isNotEmpty()
                .allSatisfy(link -> assertThat(PAGE.resolveSibling(link)).exists());
    }

    @Test
    void everyKindOfAttributeOfTheManifestIsExplained() throws IOException {
        Matcher attributes = Pattern.compile("<((?:Plugin|Sciabc)-[A-Za-z]+)>")
                .matcher(Files.readString(Project.root().resolve("examples/plugin-http-inventory/pom.xml")));

        assertThat(attributes.results().map(attribute -> attribute.group(1)))
                .hasSizeGreaterThan(4)
                .allSatisfy(name -> assertThat(PAGE).content().contains(name));
    }

    private static List<Snippet> snippets() throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        Optional<Path> source = Optional.empty();
        Optional<String> language = Optional.empty();
        StringBuilder code = new StringBuilder();
        for (String line : Files.readAllLines(PAGE)) {
            if (!line.startsWith("```")) {
                if (language.isPresent()) {
                    code.append(line).append('\n');
                } else {
                    Matcher named = SOURCE.matcher(line);
                    source = named.matches() ? Optional.of(Project.root().resolve(named.group(1))) : Optional.empty();
                }
            } else if (language.isEmpty()) {
                language = Optional.of(line.substring(3));
                code.setLength(0);
            } else {
                snippets.add(new Snippet(language.get(), code.toString(), source));
                language = Optional.empty();
                source = Optional.empty();
            }
        }
        return snippets;
    }
}
