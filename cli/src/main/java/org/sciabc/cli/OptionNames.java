// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParametersDelegate;
import java.lang.reflect.Field;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.sciabc.cli.option.CommonOptions;
import org.sciabc.spi.Similarity;

/** The names of a verb's options, to tell an unknown one from a verb's arguments, which JCommander does not. */
final class OptionNames {
    private OptionNames() {}

    /** Refuses a word that looks like an option and is none, naming the nearest one. */
    static void check(String word, Verb verb, VerbEntry entry) throws CliFailure {
        String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
        List<String> known = fields(verb)
                .flatMap(field -> Stream.of(field.getAnnotation(Parameter.class).names()))
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

    /** Whether the word is an option of the verb whose value is the word behind it. */
    static boolean takesNextWord(String word, Verb verb) {
        return fields(verb)
                .filter(field -> field.getType() != boolean.class)
                .flatMap(field -> Stream.of(field.getAnnotation(Parameter.class).names()))
                .anyMatch(word::equals);
    }

    private static Stream<Field> fields(Verb verb) {
        return Stream.concat(fields(verb.getClass()), fields(CommonOptions.class));
    }

    /** Those that are options, or take the words that are none. */
    private static Stream<Field> fields(Class<?> options) {
        return Stream.of(options.getDeclaredFields()).flatMap(field -> {
            if (field.isAnnotationPresent(Parameter.class)) {
                return Stream.of(field);
            }
            return field.isAnnotationPresent(ParametersDelegate.class) ? fields(field.getType()) : Stream.empty();
        });
    }
}
