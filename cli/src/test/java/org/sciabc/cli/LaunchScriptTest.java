// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class LaunchScriptTest {

    /** A branch of the script for some verbs: {@code version | help) verb=$1 ...}. */
    private static final Pattern BRANCH = Pattern.compile("^ *([a-z |]+)\\) verb=\\$1", Pattern.MULTILINE);

    @Test
    void theScriptKnowsHowToStartEachVerbOnce() throws IOException {
        String script = Files.readString(Path.of("src/dist/bin/sciabc"));

        Stream<String> inTheScript = BRANCH.matcher(script)
                .results()
                .map(branch -> branch.group(1))
                .flatMap(verbs -> Arrays.stream(verbs.split("\\|")))
                .map(String::strip);

        assertThat(inTheScript)
                .containsExactlyInAnyOrderElementsOf(VerbTable.shipped().entries().stream()
                        .map(VerbEntry::name)
                        .toList());
    }
}
