// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParametersDelegate;
import java.lang.reflect.Field;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.sciabc.spi.Similarity;

/** The names of a verb's options, to tell an unknown one from a verb's arguments, which JCommander does not. */
final class OptionNames {
    private OptionNames() {}

    /** Refuses a word that looks like an option and is none, naming the nearest one. */
    static void check(String word, Verb verb, VerbEntry entry) throws CliFailure {
        String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
        List<String> known = Stream.concat(names(verb.getClass()), names(org.sciabc.cli.option.CommonOptions.class))
                .toList();
        if (known.contains(name)) {
            return;
        }
        String nearest = known.stream()
                .min(Comparator.comparingInt(candidate -> Similarity.distance(name, candidate)))
                .orElse("--help");
        throw CliFailure.usage(
                "'" + entry.name() + "' has no option '" + org.sciabc.spi.Untrusted.line(name, 40) + "'",
                "",
                "did you mean '" + nearest + "'? 'sciabc help " + entry.name() + "' shows all of them");
    }

    /** Whether the verb takes other words than options. */
    static boolean areNotAll(Verb verb) {
        return Stream.of(verb.getClass().getDeclaredFields())
                .map(field -> field.getAnnotation(Parameter.class))
                .anyMatch(parameter -> parameter != null && parameter.names().length == 0);
    }

    private static Stream<String> names(Class<?> options) {
        return Stream.of(options.getDeclaredFields()).flatMap(OptionNames::names);
    }

    private static Stream<String> names(Field field) {
        Parameter parameter = field.getAnnotation(Parameter.class);
        if (parameter != null) {
            return Stream.of(parameter.names());
        }
        return field.isAnnotationPresent(ParametersDelegate.class) ? names(field.getType()) : Stream.empty();
    }
}
