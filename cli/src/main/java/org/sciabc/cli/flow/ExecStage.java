// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Interruption;
import org.sciabc.cli.console.ComparedOutput;
import org.sciabc.cli.console.GatheredOutput;
import org.sciabc.cli.console.PrefixedOutput;
import org.sciabc.cli.console.SharedInput;
import org.sciabc.cli.console.Terminal;
import org.sciabc.cli.option.ExecOptions;
import org.sciabc.cli.option.ExecOptions.Show;
import org.sciabc.provision.Crowd;
import org.sciabc.provision.Execution;
import org.sciabc.provision.Execution.Ran;
import org.sciabc.provision.ShellText;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.SciabcException;

/** Runs one command on many nodes, and shows what each said and how it ended. */
public final class ExecStage {
    private final Terminal terminal;
    private final Reach reach;
    private final String cluster;
    private final ExecOptions options;
    private final Show show;
    private final Map<Node, ByteArrayOutputStream> kept = new ConcurrentHashMap<>();
    private final Map<Node, ByteArrayOutputStream> keptErrors = new ConcurrentHashMap<>();
    private final List<OutputStream> begun = new ArrayList<>();
    private final EndedSoFar<Ran> ended = new EndedSoFar<>();

    public ExecStage(Setup setup, Reach reach, ExecOptions options) throws CliFailure {
        this.terminal = setup.session().terminal();
        this.reach = reach;
        this.cluster = setup.cluster();
        this.options = options;
        this.show = options.show();
    }

    /**
     * The text for the nodes' shell: a single word is a command line, several are a program and its arguments, each of which
     * arrives as it is.
     */
    public static String script(List<String> words) {
        return words.size() == 1
                ? words.get(0)
                : words.stream().map(ShellText::quote).collect(Collectors.joining(" "));
    }

    /** Runs it on all nodes; returns the exit status. */
    public int run(List<Node> nodes, String script) throws SciabcException, InterruptedException {
        Execution execution = new Execution(
                reach.access(), new Crowd(options.fanOut(), options.timeout().orElse(Crowd.NO_LIMIT)));
        List<Crowd.Result<Ran>> results;
        Interruption.whenReaderLeaves(terminal);
        boolean passesInput = options.passesInput() && !terminal.readsFromPerson();
        try (SharedInput input = new SharedInput(passesInput ? terminal.in() : InputStream.nullInputStream())) {
            results = execution.run(nodes, script, node -> streams(node, passesInput, input), ended);
        } catch (InterruptedException interrupted) {
            endLines();
            List<Crowd.Result<Ran>> soFar = ended.soFar(nodes);
            print(soFar);
            report(soFar);
            throw interrupted;
        } finally {
            endLines();
        }
        print(results);
        if (Interruption.hasArrived()) {
            throw new InterruptedException();
        }
        return report(results);
    }

    private void print(List<Crowd.Result<Ran>> results) {
        if (show == Show.JSON) {
            terminal.json(json(results));
        } else if (show != Show.PREFIXED) {
            printGathered(results);
        }
        terminal.out().flush();
    }

    private CommandStreams streams(Node node, boolean passesInput, SharedInput input) {
        InputStream in = passesInput ? input.fromStart() : InputStream.nullInputStream();
        OutputStream out = show == Show.PREFIXED
                ? lines(new PrefixedOutput(terminal.out(), node.name()))
                : kept.computeIfAbsent(node, first -> new ByteArrayOutputStream());
        OutputStream err = show == Show.JSON
                ? keptErrors.computeIfAbsent(node, first -> new ByteArrayOutputStream())
                : lines(new PrefixedOutput(terminal.err(), node.name()));
        return new CommandStreams(in, out, err);
    }

    private OutputStream lines(OutputStream output) {
        synchronized (begun) {
            begun.add(output);
        }
        return output;
    }

    private void endLines() {
        synchronized (begun) {
            for (OutputStream each : begun) {
                try {
                    each.close();
                } catch (IOException broken) {
                    throw new UncheckedIOException(broken);
                }
            }
            begun.clear();
        }
    }

    private void printGathered(List<Crowd.Result<Ran>> results) {
        GatheredOutput gathered = new GatheredOutput();
        for (Crowd.Result<Ran> result : results) {
            ByteArrayOutputStream said = kept.get(result.node());
            if (said != null) {
                gathered.add(result.node().name(), said.toByteArray());
            }
        }
        if (show == Show.COMPARED) {
            ComparedOutput.print(gathered, terminal.out());
        } else {
            gathered.print(terminal.out());
        }
    }

    /** Says which nodes were not reached and where the command failed; the worst of it is the exit status. */
    private int report(List<Crowd.Result<Ran>> results) {
        Map<Node, SciabcException> unreached = new LinkedHashMap<>();
        Map<Integer, List<String>> failed = new TreeMap<>(Comparator.naturalOrder());
        for (Crowd.Result<Ran> result : results) {
            if (result instanceof Crowd.Failed<Ran> failure) {
                unreached.put(failure.node(), failure.reason());
            } else if (result instanceof Crowd.Done<Ran> done
                    && !done.value().status().isOk()) {
                failed.computeIfAbsent(done.value().status().code(), first -> new ArrayList<>())
                        .add(done.node().name());
            }
        }
        failed.forEach(
                (status, names) -> terminal.error(NodeSet.of(names) + ": the command ended with status " + status));
        Preparation.report(unreached, terminal);
        return unreached.isEmpty()
                ? failed.keySet().stream().max(Comparator.naturalOrder()).orElse(ExitCode.OK)
                : Preparation.status(unreached.size(), results.size());
    }

    private String json(List<Crowd.Result<Ran>> results) {
        JsonStringWriter json =
                JsonWriter.string().object().value("cluster", cluster).array("nodes");
        for (Crowd.Result<Ran> result : results) {
            json.object().value("name", result.node().name());
            if (result instanceof Crowd.Done<Ran> done) {
                json.value("status", done.value().status().code())
                        .value("seconds", done.value().elapsed().toMillis() / 1000.0);
            } else if (result instanceof Crowd.Failed<Ran> failure) {
                json.value("what", failure.reason().what())
                        .value("why", failure.reason().why());
            }
            text(json, "stdout", kept.get(result.node()));
            text(json, "stderr", keptErrors.get(result.node()));
            json.end();
        }
        return json.end().end().done();
    }

    private static void text(JsonStringWriter json, String key, @Nullable ByteArrayOutputStream said) {
        if (said != null) {
            json.value(key, said.toString(StandardCharsets.UTF_8));
        }
    }
}
