// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import com.beust.jcommander.JCommander;
import com.beust.jcommander.ParameterException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.sciabc.cli.config.Folders;
import org.sciabc.cli.console.NotHereException;
import org.sciabc.cli.console.Terminal;
import org.sciabc.cli.option.CommonOptions;
import org.sciabc.cli.standby.Standby;
import org.sciabc.plugin.KeptPlugins;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

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
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler(new LostThreads(terminal));
        try {
            requireLegible(arguments);
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
        } finally {
            // Something may still be writing, and the next command of a process that stays is not to hear of it.
            terminal.whenReaderLeaves(() -> {});
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    /** What Java could not read is lost: a file of another name, or another command, is nothing that anybody wanted. */
    private void requireLegible(String[] arguments) throws CliFailure {
        for (String word : arguments) {
            if (word.indexOf('\uFFFD') >= 0) {
                String locale = Stream.of("LC_ALL", "LC_CTYPE", "LANG")
                        .map(name -> environment.getOrDefault(name, ""))
                        .filter(value -> !value.isEmpty())
                        .findFirst()
                        .orElse("C");
                throw CliFailure.usage(
                        "cannot read the word '" + Untrusted.line(word, 80) + "'",
                        "it is no text in the locale '" + Untrusted.line(locale, 40)
                                + "', or this machine has no such locale",
                        "put LC_ALL=C.UTF-8 before the command");
            }
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
        Verb verb = VerbTable.create(entry);
        int dashes = arguments.indexOf("--");
        List<String> own = arguments.subList(1, dashes < 0 ? arguments.size() : dashes);
        List<String> job = dashes < 0 ? List.of() : arguments.subList(dashes + 1, arguments.size());
        if (own.contains("--help") || own.contains("-h")) {
            terminal.out().print(HelpText.of(entry, parser(entry, verb, common)));
            return ExitCode.OK;
        }
        KeptPlugins plugins = plugins(verb);
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
        terminal.setTracing(common.stacktrace);
        Folders folders = Folders.of(environment, common.config());
        return verb.run(new Session(terminal, folders, environment, common.cluster(), job, standby, plugins));
    }

    /** Most machines have a second core for this while the first one reads the options. */
    private KeptPlugins plugins(Verb verb) {
        if (standby.isPresent()) {
            return standby.get().plugins();
        }
        return verb.usesPlugins()
                ? KeptPlugins.readAhead(
                        Folders.of(environment, Optional.empty()).plugins())
                : KeptPlugins.none();
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
        String before = "";
        for (String word : own) {
            if (word.startsWith("-") && word.length() > 1) {
                OptionNames.check(word, verb, entry);
            } else if (!OptionNames.takesNextWord(before, verb)) {
                requireWhole(word);
            }
            before = word;
        }
        parser.setAcceptUnknownOptions(!OptionNames.areNotAll(verb));
        try {
            parser.parse(own.toArray(new String[0]));
        } catch (ParameterException refused) {
            throw CliFailure.usage(
                    "cannot read the options of '" + entry.name() + "'", firstLine(refused), seeHelp(entry));
        }
        requireNoMore(parser.getUnknownOptions(), entry, verb);
    }

    /** The parser takes blanks and quotes around a word away, and what is left may be the name of another file. */
    private static void requireWhole(String word) throws CliFailure {
        boolean isQuoted = word.length() > 1 && word.startsWith("\"") && word.endsWith("\"");
        if (isQuoted || !word.equals(word.trim())) {
            throw CliFailure.usage(
                    "cannot take the word '" + word + "'",
                    "blanks at its ends, and quotes that belong to it, would be lost",
                    "a file of such a name can be meant by a link to it, or by the folder that it is in");
        }
    }

    /** Every word that looks like an option is a known one by now, so that what the parser does not know is no option. */
    private static void requireNoMore(List<String> words, VerbEntry entry, Verb verb) throws CliFailure {
        if (!words.isEmpty()) {
            throw CliFailure.usage(
                    "'" + entry.name() + "' cannot do anything with '" + Untrusted.line(words.get(0), 80) + "'",
                    "",
                    (verb.takesJob() ? "the program stands after '--'; " : "") + seeHelp(entry));
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
