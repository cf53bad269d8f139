// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.pf4j.Extension;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.Finding;
import org.sciabc.spi.HostfileRequest;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Probe;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;
import org.sciabc.spi.Untrusted;

/** A launcher that does all that it should, with a shell on this machine. The broken ones inherit from it. */
@Extension
public class ShellLauncher implements JobLauncher {
    /** For the host. */
    public ShellLauncher() {}

    @Override
    public String id() {
        return "shell";
    }

    @Override
    public String summary() {
        return "runs jobs with a shell";
    }

    @Override
    public List<Setting> settings() {
        return List.of(Setting.text("shell", "/bin/sh", "the shell"));
    }

    @Override
    public String hostfile(HostfileRequest request) {
        return request.nodes().stream().map(ShellLauncher::line).collect(Collectors.joining());
    }

    static String line(ReadyNode node) {
        return node.address().getHostAddress() + " slots=" + node.slots() + "\n";
    }

    @Override
    public List<Probe> probes(LaunchRequest request) {
        return List.of(new Probe("version", "sh --version"), new Probe("path", "command -v sh"));
    }

    @Override
    public List<Finding> check(CheckRequest request) {
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < request.answers().size(); i++) {
            String answer = request.answers().get(i).getOrDefault("version", "");
            if (!answer.equals("right")) {
                findings.add(new Finding(
                        Finding.Severity.WARN,
                        "another shell",
                        List.of(request.launch().nodes().get(i)),
                        shown(answer),
                        ""));
            }
        }
        return findings;
    }

    @Override
    public boolean supports(Feature feature) {
        return feature != Feature.TAGGED_OUTPUT;
    }

    String shown(String answer) {
        return Untrusted.line(answer, 40);
    }

    @Override
    public ExitStatus launch(LaunchRequest request, CommandStreams streams)
            throws SciabcException, InterruptedException {
        if (request.job().tagged()) {
            throw new SciabcException("cannot tag output", "a shell does not know who wrote it", "leave out --tag");
        }
        return request.processes().run(command(request), request.job().environment(), streams);
    }

    List<String> command(LaunchRequest request) {
        List<String> command = new ArrayList<>(List.of(
                request.settings().text("shell"),
                "-c",
                "n=$0; cd \"$1\" || exit; shift; while [ $n -gt 1 ]; do \"$@\" & n=$((n-1)); done; [ -z \"$!\" ] && exec \"$@\"; \"$@\"; wait",
                Integer.toString(ranks(request)),
                request.job().folder().orElse(".")));
        command.addAll(request.job().command());
        return command;
    }

    int ranks(LaunchRequest request) {
        return request.ranks();
    }
}
