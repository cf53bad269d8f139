// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.Finding;
import org.sciabc.spi.HostfileRequest;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Probe;
import org.sciabc.spi.Setting;

/** A launcher whose build is what the file {@code version} of a node says. It remembers what it was asked to judge. */
class VersionLauncher implements JobLauncher {
    static final String PROBE = "version";

    private final List<CheckRequest> asked = new ArrayList<>();

    CheckRequest lastAsked() {
        return asked.get(asked.size() - 1);
    }

    @Override
    public String id() {
        return "version";
    }

    @Override
    public String summary() {
        return "for tests";
    }

    @Override
    public List<Setting> settings() {
        return List.of();
    }

    @Override
    public String hostfile(HostfileRequest request) {
        return "";
    }

    @Override
    public List<Probe> probes(LaunchRequest request) {
        return List.of(new Probe(PROBE, "cat version"));
    }

    @Override
    public String build(Map<String, String> answers) {
        return answers.getOrDefault(PROBE, "");
    }

    @Override
    public List<Finding> check(CheckRequest request) {
        asked.add(request);
        return List.of();
    }

    @Override
    public ExitStatus launch(LaunchRequest request, CommandStreams streams) {
        return ExitStatus.OK;
    }
}
