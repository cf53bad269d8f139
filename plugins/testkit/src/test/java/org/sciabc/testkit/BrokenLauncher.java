// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.Finding;
import org.sciabc.spi.HostfileRequest;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Probe;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.SciabcException;

/** Launchers that each do one thing wrong. */
final class BrokenLauncher {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private BrokenLauncher() {}

    /** Counts its hostfiles. */
    public static class Counting extends ShellLauncher {
        @Override
        public String hostfile(HostfileRequest request) {
            return request.nodes().isEmpty()
                    ? ""
                    : super.hostfile(request) + "# hostfile number " + COUNT.incrementAndGet() + "\n";
        }
    }

    /** Writes numbers in the digits of whoever sits at the machine. */
    public static class Local extends ShellLauncher {
        @Override
        public String hostfile(HostfileRequest request) {
            return request.nodes().stream()
                    .map(node -> String.format(
                            Locale.getDefault(), "%s slots=%d%n", node.address().getHostAddress(), node.slots()))
                    .collect(Collectors.joining());
        }
    }

    /** Puts the nodes into an order of its own. */
    public static class Sorting extends ShellLauncher {
        @Override
        public String hostfile(HostfileRequest request) {
            return request.nodes().stream()
                    .sorted(Comparator.comparing((ReadyNode node) -> node.node().name()))
                    .map(ShellLauncher::line)
                    .collect(Collectors.joining());
        }
    }

    /** Leaves out the last line feed. */
    public static class Unending extends ShellLauncher {
        @Override
        public String hostfile(HostfileRequest request) {
            return super.hostfile(request).strip();
        }
    }

    /** Has something to say even when there is nobody. */
    public static class Talkative extends ShellLauncher {
        @Override
        public String hostfile(HostfileRequest request) {
            return "# nodes\n" + super.hostfile(request);
        }
    }

    /** Asks two questions by one name. */
    public static class Confusing extends ShellLauncher {
        @Override
        public List<Probe> probes(LaunchRequest request) {
            return List.of(new Probe("version", "sh --version"), new Probe("version", "bash --version"));
        }
    }

    /** Repeats what a node said. */
    public static class Parroting extends ShellLauncher {
        @Override
        String shown(String answer) {
            return answer;
        }
    }

    /** Counts on an answer. */
    public static class Expectant extends ShellLauncher {
        @Override
        public List<Finding> check(CheckRequest request) {
            request.answers().forEach(answers -> {
                if (!answers.containsKey("version")) {
                    throw new IllegalStateException("no version");
                }
            });
            return super.check(request);
        }
    }

    /** Takes everything for a success. */
    public static class Optimistic extends ShellLauncher {
        @Override
        public ExitStatus launch(LaunchRequest request, CommandStreams streams)
                throws SciabcException, InterruptedException {
            super.launch(request, streams);
            return ExitStatus.OK;
        }
    }

    /** Delivers output when all of it is there. */
    public static class Hoarding extends ShellLauncher {
        @Override
        public ExitStatus launch(LaunchRequest request, CommandStreams streams)
                throws SciabcException, InterruptedException {
            ByteArrayOutputStream hoard = new ByteArrayOutputStream();
            ExitStatus status = super.launch(request, new CommandStreams(streams.in(), hoard, streams.err()));
            try {
                streams.out().write(hoard.toByteArray());
            } catch (IOException e) {
                throw new SciabcException("cannot print", "something broke", "", e);
            }
            return status;
        }
    }

    /** Starts a program without the host. */
    public static class Independent extends ShellLauncher {
        @Override
        public ExitStatus launch(LaunchRequest request, CommandStreams streams)
                throws SciabcException, InterruptedException {
            try {
                new ProcessBuilder("sleep", "2").start();
            } catch (IOException e) {
                throw new SciabcException("cannot sleep", "something broke", "", e);
            }
            return super.launch(request, streams);
        }
    }

    /** Makes a status out of an interruption. */
    public static class Swallowing extends ShellLauncher {
        @Override
        public ExitStatus launch(LaunchRequest request, CommandStreams streams) throws SciabcException {
            try {
                return super.launch(request, streams);
            } catch (InterruptedException e) {
                return new ExitStatus(130);
            }
        }
    }

    /** Splits what a person kept together. */
    public static class Splitting extends ShellLauncher {
        @Override
        List<String> command(LaunchRequest request) {
            List<String> words = new ArrayList<>(super.command(request).subList(0, 8));
            for (String word :
                    super.command(request).subList(8, super.command(request).size())) {
                words.addAll(List.of(word.split(" ")));
            }
            return words;
        }
    }

    /** Forgets the environment. */
    public static class Forgetful extends ShellLauncher {
        @Override
        public ExitStatus launch(LaunchRequest request, CommandStreams streams)
                throws SciabcException, InterruptedException {
            return request.processes().run(command(request), Map.of(), streams);
        }
    }

    /** Starts one process, however many were asked for. */
    public static class Lonely extends ShellLauncher {
        @Override
        int ranks(LaunchRequest request) {
            return 1;
        }
    }

    /** Takes no number for one. */
    public static class Modest extends ShellLauncher {
        @Override
        int ranks(LaunchRequest request) {
            return request.job().ranks().orElse(1);
        }
    }

    /** Says that it cannot launch, and does. */
    public static class DenyingLaunches extends ShellLauncher {
        @Override
        public boolean supports(Feature feature) {
            return feature != Feature.LAUNCH && super.supports(feature);
        }
    }

    /** Says that it passes no input on, and reads it. */
    public static class DenyingInput extends ShellLauncher {
        @Override
        public boolean supports(Feature feature) {
            return feature != Feature.STANDARD_INPUT && super.supports(feature);
        }
    }

    /** Makes up a status for what never ran. */
    public static class Inventive extends ShellLauncher {
        @Override
        public ExitStatus launch(LaunchRequest request, CommandStreams streams) throws InterruptedException {
            try {
                return super.launch(request, streams);
            } catch (SciabcException e) {
                return new ExitStatus(127);
            }
        }
    }

    /** Says that it tags output, and leaves it as it is. */
    public static class Untagging extends ShellLauncher {
        @Override
        public boolean supports(Feature feature) {
            return true;
        }

        @Override
        public ExitStatus launch(LaunchRequest request, CommandStreams streams)
                throws SciabcException, InterruptedException {
            return request.processes().run(command(request), request.job().environment(), streams);
        }
    }

    /** Starts processes wherever it is. */
    public static class Staying extends ShellLauncher {
        @Override
        List<String> command(LaunchRequest request) {
            List<String> words = new ArrayList<>(super.command(request));
            words.set(4, ".");
            return words;
        }
    }

    /** Closes what it wrote to. */
    public static class Closing extends ShellLauncher {
        @Override
        public ExitStatus launch(LaunchRequest request, CommandStreams streams)
                throws SciabcException, InterruptedException {
            ExitStatus status = super.launch(request, streams);
            try {
                streams.out().close();
            } catch (IOException e) {
                throw new SciabcException("cannot close", "something broke", "", e);
            }
            return status;
        }
    }
}
