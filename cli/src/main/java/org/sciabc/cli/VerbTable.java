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
                new VerbEntry("up", "find nodes, make them ready, run a program", UpVerb::new),
                new VerbEntry("demo", "the whole thing on this machine alone", DemoVerb::new),
                new VerbEntry("announce", "let this machine be found", AnnounceVerb::new),
                new VerbEntry("discover", "list the nodes that are there", DiscoverVerb::new),
                new VerbEntry("watch", "keep the list of nodes true while they come and go", WatchVerb::new),
                new VerbEntry("services", "list everything that the network announces", ServicesVerb::new),
                new VerbEntry("network", "show which network this is and what therefore holds", NetworkVerb::new),
                new VerbEntry("nodes", "list the nodes that are known, and which of them answer", NodesVerb::new),
                new VerbEntry("plan", "show what would make nodes ready", PlanVerb::new),
                new VerbEntry("provision", "make nodes ready", ProvisionVerb::new),
                new VerbEntry("restore", "put nodes back as they were", RestoreVerb::new),
                new VerbEntry("hostfile", "write the list of nodes for mpirun", HostfileVerb::new),
                new VerbEntry("launch", "run a program on nodes that are ready", LaunchVerb::new),
                new VerbEntry("session", "see, open and close what launches keep open", SessionVerb::new),
                new VerbEntry("jobs", "list the jobs that run and ran, and show what they wrote", JobsVerb::new),
                new VerbEntry("exec", "run a command on all nodes at once", ExecVerb::new),
                new VerbEntry("copy", "copy files to all nodes, or from them", CopyVerb::new),
                new VerbEntry(
                        "plugins", "list plugins and what is wrong with them; add and remove them", PluginsVerb::new),
                new VerbEntry("version", "print the version", VersionVerb::new),
                new VerbEntry("help", "explain a verb", HelpVerb::new)));
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
