// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import com.beust.jcommander.JCommander;
import com.beust.jcommander.ParameterException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sciabc.cli.config.Folders;
import org.sciabc.cli.console.NotHereException;
import org.sciabc.cli.console.Terminal;
import org.sciabc.cli.option.CommonOptions;
import org.sciabc.cli.standby.Standby;
import org.sciabc.spi.SciabcException;

/** Turns arguments into one verb's run, and its end into an exit status. */
final class CommandLine {
    private final VerbTable verbs;
    private final Map<String, String> environment;
    private final Optional<Standby> standby;

    /** For a process of its own. */
    CommandLine(VerbTable verbs, Map<String, String> environment) {
        this(verbs, environment, Optional.empty());
    }

    CommandLine(VerbTable verbs, Map<String, String> environment, Optional<Standby> standby) {
        this.verbs = verbs;
        this.environment = environment;
        this.standby = standby;
    }

    int run(String[] arguments, Terminal terminal) {
        CommonOptions common = new CommonOptions();
        try {
            return dispatch(List.of(arguments), common, terminal);
        } catch (InterruptedException interrupted) {
            return Interruption.status();
        } catch (NotHereException elsewhere) {
            throw elsewhere;
        } catch (SciabcException | RuntimeException | Error failure) {
            if (Interruption.hasArrived()) {
                return Interruption.status();
            }
            return Failures.report(
                    failure,
                    terminal,
                    common.stacktrace || Arrays.asList(arguments).contains("--stacktrace"));
        }
    }

    private int dispatch(List<String> arguments, CommonOptions common, Terminal terminal)
            throws SciabcException, InterruptedException {
        if (arguments.isEmpty()) {
            terminal.err().print(HelpText.overview(verbs));
            return ExitCode.USAGE;
        }
        String first = arguments.get(0);
        if (first.equals("--help") || first.equals("-h")) {
            terminal.out().print(HelpText.overview(verbs));
            return ExitCode.OK;
        }
        VerbEntry entry = verbs.find(first.equals("--version") ? "version" : first);
        Verb verb = entry.verb().get();
        int dashes = arguments.indexOf("--");
        List<String> own = arguments.subList(1, dashes < 0 ? arguments.size() : dashes);
        List<String> job = dashes < 0 ? List.of() : arguments.subList(dashes + 1, arguments.size());
        if (own.contains("--help") || own.contains("-h")) {
            terminal.out().print(HelpText.of(entry, parser(entry, verb, common)));
            return ExitCode.OK;
        }
        // No option is required anywhere, and the parser is a third of the start-up of a verb that has nothing to
        // parse.
        if (!own.isEmpty()) {
            parse(parser(entry, verb, common), entry, verb, own);
        }
        if (dashes >= 0 && !verb.takesJob()) {
            throw CliFailure.usage("'" + entry.name() + "' takes no job", "there are words after '--'", seeHelp(entry));
        }
        if (verb.isInterruptible()) {
            Interruption.watch(Thread.currentThread());
        }
        terminal.setVerbose(common.verbose);
        Folders folders = Folders.of(environment, common.config());
        return verb.run(new Session(terminal, folders, environment, common.cluster(), job, standby));
    }

    static JCommander parser(VerbEntry entry, Verb verb, CommonOptions common) {
        JCommander parser = JCommander.newBuilder()
                .programName("sciabc " + entry.name())
                .addObject(verb)
                .addObject(common)
                .build();
        parser.setExpandAtSign(false);
        return parser;
    }

    private static void parse(JCommander parser, VerbEntry entry, Verb verb, List<String> own) throws CliFailure {
        for (String word : own) {
            if (word.startsWith("-") && word.length() > 1) {
                OptionNames.check(word, verb, entry);
            }
        }
        try {
            parser.parse(own.toArray(new String[0]));
        } catch (ParameterException refused) {
            throw CliFailure.usage(
                    "cannot read the options of '" + entry.name() + "'", firstLine(refused), seeHelp(entry));
        }
    }

    private static String firstLine(ParameterException refused) {
        String message = refused.getMessage();
        return message == null
                ? "they make no sense"
                : message.lines().findFirst().orElse("");
    }

    private static String seeHelp(VerbEntry entry) {
        return "'sciabc help " + entry.name() + "' shows what it takes";
    }
}
