// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import com.beust.jcommander.JCommander;
import com.beust.jcommander.ParameterDescription;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import org.sciabc.cli.option.CommonOptions;

/** The help texts: an overview of the verbs; for each verb its story and examples from a resource, and its options. */
public final class HelpText {
    private static final int OPTION_COLUMN = 30;

    private HelpText() {}

    static String overview(VerbTable verbs) {
        StringBuilder text = new StringBuilder(story("overview"));
        text.append("\nVerbs:\n");
        for (VerbEntry entry : verbs.entries()) {
            text.append(String.format("  %-12s %s%n", entry.name(), entry.summary()));
        }
        text.append("\n'sciabc help VERB' explains one, with examples.\n");
        return text.toString();
    }

    /** The help of the verb with this name, or the overview when the name is empty. */
    public static String ofVerb(String name) throws CliFailure {
        VerbTable verbs = VerbTable.shipped();
        if (name.isEmpty()) {
            return overview(verbs);
        }
        VerbEntry entry = verbs.find(name);
        return of(entry, CommandLine.parser(entry, VerbTable.create(entry), new CommonOptions()));
    }

    static String of(VerbEntry entry, JCommander parser) {
        parser.parseWithoutValidation();
        StringBuilder text = new StringBuilder(story(entry.name())).append("\nOptions:\n");
        List<ParameterDescription> options = parser.getParameters().stream()
                .filter(option -> !option.getParameter().hidden())
                .sorted(Comparator.comparing(ParameterDescription::getLongestName))
                .toList();
        for (ParameterDescription option : options) {
            text.append(optionLine(option));
        }
        return text.toString();
    }

    private static String optionLine(ParameterDescription option) {
        Class<?> type = option.getParameterized().getType();
        boolean isSwitch = type == boolean.class || type == Boolean.class;
        String[] words = option.getDescription().split(" \\| ", 2);
        String names = option.getNames() + (isSwitch ? "" : " " + (words.length > 1 ? words[0] : "VALUE"));
        String description = words[words.length - 1];
        return names.length() < OPTION_COLUMN - 3
                ? String.format("  %-" + (OPTION_COLUMN - 2) + "s%s%n", names, description)
                : String.format("  %s%n%" + OPTION_COLUMN + "s%s%n", names, "", description);
    }

    private static String story(String name) {
        try (InputStream resource = HelpText.class.getResourceAsStream("help/" + name + ".txt")) {
            if (resource == null) {
                throw new IllegalStateException("no help for " + name);
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
