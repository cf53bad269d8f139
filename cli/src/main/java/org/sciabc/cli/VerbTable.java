// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import java.util.Comparator;
import java.util.List;
import org.sciabc.cli.verb.AnnounceVerb;
import org.sciabc.cli.verb.CopyVerb;
import org.sciabc.cli.verb.DemoVerb;
import org.sciabc.cli.verb.DiscoverVerb;
import org.sciabc.cli.verb.ExecVerb;
import org.sciabc.cli.verb.HelpVerb;
import org.sciabc.cli.verb.HostfileVerb;
import org.sciabc.cli.verb.JobsVerb;
import org.sciabc.cli.verb.LaunchVerb;
import org.sciabc.cli.verb.NetworkVerb;
import org.sciabc.cli.verb.NodesVerb;
import org.sciabc.cli.verb.PlanVerb;
import org.sciabc.cli.verb.PluginsVerb;
import org.sciabc.cli.verb.ProvisionVerb;
import org.sciabc.cli.verb.RestoreVerb;
import org.sciabc.cli.verb.ServicesVerb;
import org.sciabc.cli.verb.SessionVerb;
import org.sciabc.cli.verb.UpVerb;
import org.sciabc.cli.verb.VersionVerb;
import org.sciabc.cli.verb.WatchVerb;
import org.sciabc.spi.Similarity;

/** All verbs, in the order in which help lists them. */
public final class VerbTable {
    private final List<VerbEntry> entries;

    private VerbTable(List<VerbEntry> entries) {
        this.entries = entries;
    }

    static VerbTable shipped() {
        return new VerbTable(List.of(
                new VerbEntry("up", "find nodes, make them ready, run a program"),
                new VerbEntry("demo", "the whole thing on this machine alone"),
                new VerbEntry("announce", "let this machine be found"),
                new VerbEntry("discover", "list the nodes that are there"),
                new VerbEntry("watch", "keep the list of nodes true while they come and go"),
                new VerbEntry("services", "list everything that the network announces"),
                new VerbEntry("network", "show which network this is and what therefore holds"),
                new VerbEntry("nodes", "list the nodes that are known, and which of them answer"),
                new VerbEntry("plan", "show what would make nodes ready"),
                new VerbEntry("provision", "make nodes ready"),
                new VerbEntry("restore", "put nodes back as they were"),
                new VerbEntry("hostfile", "write the list of nodes for mpirun"),
                new VerbEntry("launch", "run a program on nodes that are ready"),
                new VerbEntry("session", "see, open and close what launches keep open"),
                new VerbEntry("jobs", "list the jobs that run and ran, and show what they wrote"),
                new VerbEntry("exec", "run a command on all nodes at once"),
                new VerbEntry("copy", "copy files to all nodes, or from them"),
                new VerbEntry("plugins", "list plugins and what is wrong with them; add and remove them"),
                new VerbEntry("version", "print the version"),
                new VerbEntry("help", "explain a verb")));
    }

    /** Loads this verb's class alone: each of the others would take half a millisecond of every command. */
    static Verb create(VerbEntry entry) {
        return switch (entry.name()) {
            case "up" -> new UpVerb();
            case "demo" -> new DemoVerb();
            case "announce" -> new AnnounceVerb();
            case "discover" -> new DiscoverVerb();
            case "watch" -> new WatchVerb();
            case "services" -> new ServicesVerb();
            case "network" -> new NetworkVerb();
            case "nodes" -> new NodesVerb();
            case "plan" -> new PlanVerb();
            case "provision" -> new ProvisionVerb();
            case "restore" -> new RestoreVerb();
            case "hostfile" -> new HostfileVerb();
            case "launch" -> new LaunchVerb();
            case "session" -> new SessionVerb();
            case "jobs" -> new JobsVerb();
            case "exec" -> new ExecVerb();
            case "copy" -> new CopyVerb();
            case "plugins" -> new PluginsVerb();
            case "version" -> new VersionVerb();
            case "help" -> new HelpVerb();
            default -> throw new IllegalArgumentException(entry.name());
        };
    }

    List<VerbEntry> entries() {
        return entries;
    }

    VerbEntry find(String name) throws CliFailure {
        for (VerbEntry entry : entries) {
            if (entry.name().equals(name)) {
                return entry;
            }
        }
        String nearest = entries.stream()
                .map(VerbEntry::name)
                .min(Comparator.comparingInt(candidate -> Similarity.distance(name, candidate)))
                .orElse("help");
        throw CliFailure.usage(
                "there is no verb '" + org.sciabc.spi.Untrusted.line(name, 40) + "'",
                "",
                "did you mean '" + nearest + "'? 'sciabc help' lists all of them");
    }
}
