// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.util.List;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.Finding;
import org.sciabc.spi.HostfileRequest;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Probe;
import org.sciabc.spi.SciabcException;

/** A launcher as the host hands it out. */
final class GuardedLauncher extends GuardedComponent implements JobLauncher {
    private final JobLauncher launcher;

    GuardedLauncher(ComponentInfo info, JobLauncher launcher, PluginCalls calls) {
        super(info, launcher, calls);
        this.launcher = launcher;
    }

    @Override
    public boolean supports(Feature feature) {
        return calls.answer("supports", () -> launcher.supports(feature));
    }

    @Override
    public String hostfile(HostfileRequest request) {
        return calls.answer("hostfile", () -> launcher.hostfile(request));
    }

    @Override
    public List<Probe> probes(LaunchRequest request) {
        return calls.answer("probes", () -> launcher.probes(request));
    }

    @Override
    public List<Finding> check(CheckRequest request) {
        return calls.answer("check", () -> launcher.check(request));
    }

    @Override
    public ExitStatus launch(LaunchRequest request, CommandStreams streams)
            throws SciabcException, InterruptedException {
        return calls.work("launch", () -> launcher.launch(request, streams));
    }
}
