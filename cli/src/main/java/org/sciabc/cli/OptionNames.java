// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import com.beust.jcommander.JCommander;
import java.util.Comparator;
import java.util.List;
import org.sciabc.spi.Similarity;

/** The names of a verb's options, to tell an unknown one from a verb's arguments. */
final class OptionNames {
    private OptionNames() {}

    /** Refuses a word that looks like an option and is none, naming the nearest one. */
    static void check(String word, JCommander parser, VerbEntry entry) throws CliFailure {
        String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
        List<String> known = parser.getParameters().stream()
                .flatMap(parameter -> List.of(parameter.getParameter().names()).stream())
                .toList();
        if (known.contains(name)) {
            return;
        }
        String nearest = known.stream()
                .min(Comparator.comparingInt(candidate -> Similarity.distance(name, candidate)))
                .orElse("--help");
        throw CliFailure.usage(
                "'" + entry.name() + "' has no option '" + name + "'",
                "",
                "did you mean '" + nearest + "'? 'sciabc help " + entry.name() + "' shows all of them");
    }
}
