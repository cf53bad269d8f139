// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.EarlyStart;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.Finding;
import org.sciabc.spi.HostfileRequest;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Probe;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.Resident;
import org.sciabc.spi.ResidentRequest;
import org.sciabc.spi.ResidentRuntime;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.StandingRequest;

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
    public String build(Map<String, String> answers) {
        return calls.answer("build", () -> launcher.build(answers));
    }

    @Override
    public Optional<String> byHand(RemoteShell remoteShell, Path hostfile) {
        return calls.answer("byHand", () -> launcher.byHand(remoteShell, hostfile));
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

    @Override
    public Optional<EarlyStart> startEarly(LaunchRequest expected) throws SciabcException {
        return calls.attempt("startEarly", () -> launcher.startEarly(expected))
                .map(early -> new GuardedEarlyStart(early, calls));
    }

    @Override
    public Optional<EarlyStart> startAhead(LaunchRequest like) throws SciabcException {
        return calls.attempt("startAhead", () -> launcher.startAhead(like))
                .map(ahead -> new GuardedEarlyStart(ahead, calls));
    }

    @Override
    public Optional<ResidentRuntime> resident() {
        return calls.answer("resident", launcher::resident).map(runtime -> new GuardedRuntime(runtime, calls));
    }

    private record GuardedEarlyStart(EarlyStart early, PluginCalls calls) implements EarlyStart {
        @Override
        public Optional<ExitStatus> launch(LaunchRequest request, CommandStreams streams)
                throws SciabcException, InterruptedException {
            return calls.work("launch", () -> early.launch(request, streams));
        }

        @Override
        public void answered() {
            try {
                calls.answer("answered", () -> {
                    early.answered();
                    return true;
                });
            } catch (PluginFailure broken) {
                // Whoever launches in it hears of that.
                return;
            }
        }

        @Override
        public boolean isReady() {
            try {
                return calls.answer("isReady", early::isReady);
            } catch (PluginFailure broken) {
                // Whoever launches in it hears of that.
                return false;
            }
        }

        @Override
        public void close() throws SciabcException {
            calls.attempt("close", () -> {
                early.close();
                return true;
            });
        }
    }

    private record GuardedRuntime(ResidentRuntime runtime, PluginCalls calls) implements ResidentRuntime {
        @Override
        public Optional<Resident> start(ResidentRequest request) throws SciabcException, InterruptedException {
            return calls.work("start", () -> runtime.start(request));
        }

        @Override
        public Optional<Resident> state(StandingRequest request) throws SciabcException {
            return calls.attempt("state", () -> runtime.state(request));
        }

        @Override
        public boolean stop(StandingRequest request) throws SciabcException, InterruptedException {
            return calls.work("stop", () -> runtime.stop(request));
        }
    }
}
