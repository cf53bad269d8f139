// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.console.Terminal;
import org.sciabc.cli.option.CheckOptions;
import org.sciabc.launch.Admission;
import org.sciabc.launch.EarlierAnswers;
import org.sciabc.launch.KeptConnections;
import org.sciabc.launch.LauncherHere;
import org.sciabc.launch.Preflight;
import org.sciabc.launch.Preflight.Place;
import org.sciabc.spi.Finding;
import org.sciabc.spi.Finding.Severity;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Subnet;

/** Looks before a job whether it can run, says what is wrong, and lets no job start that cannot. */
public final class CheckStage {
    private final Setup setup;
    private final JobLauncher launcher;
    private final CheckOptions options;
    private final KeptConnections kept;
    private final Set<String> said;

    /**
     * The stage.
     *
     * @param kept the connections that are kept open
     * @param said the warnings that were said already, to which it adds
     */
    CheckStage(Setup setup, JobLauncher launcher, CheckOptions options, KeptConnections kept, Set<String> said) {
        this.setup = setup;
        this.launcher = launcher;
        this.options = options;
        this.kept = kept;
        this.said = said;
    }

    /**
     * A job that was looked at.
     *
     * @param request the job, on the nodes and networks that are to be used
     * @param places where the program, and then an interpreter's script, are on each node; empty where nobody looked
     * @param answers what its machines have said
     */
    public record Checked(LaunchRequest request, List<List<Place>> places, EarlierAnswers answers) {}

    /**
     * Looks, unless it is not to.
     *
     * @param brings whether files that only this machine has are going to be brought to the nodes
     * @param earlier what they have said in this launch, before something was brought
     * @param answered is run when all have answered, before that is judged
     * @throws CliFailure when the job cannot run; everything that is wrong was said
     */
    public Checked check(LaunchRequest draft, boolean brings, EarlierAnswers earlier, Runnable answered)
            throws SciabcException, InterruptedException {
        if (options.isUnchecked()) {
            return new Checked(draft, List.of(), EarlierAnswers.NONE);
        }
        Terminal terminal = setup.session().terminal();
        long begin = System.nanoTime();
        Preflight.Result result = preflight(draft)
                .run(draft, new Preflight.Wanted(options.usesLargestGroup(), named()), earlier, answered);
        terminal.detail("checked " + draft.nodes().size() + " nodes in "
                + Duration.ofNanos(System.nanoTime() - begin).toMillis() + " ms"
                + result.networks().stream()
                        .map(network -> "; network " + network)
                        .findFirst()
                        .orElse(""));
        List<Finding> findings = Stream.concat(
                        result.findings().stream(),
                        result.absences().stream().filter(each -> !(brings && isMendedByBringing(each))))
                .toList();
        findings.stream().filter(each -> each.severity() == Severity.WARN).forEach(this::warn);
        if (result.groups().size() > 1) {
            result.groups().forEach(group -> terminal.say("  " + group));
        }
        List<Finding> stops = findings.stream()
                .filter(each -> each.severity() == Severity.STOP)
                .toList();
        if (!stops.isEmpty()) {
            throw refused(stops);
        }
        return new Checked(draft.withNodes(result.nodes(), result.networks()), result.places(), result.answers());
    }

    /**
     * Looks whether this machine can launch anything, unless it is not to.
     *
     * @param draft the job on nodes that need not be ready
     * @throws CliFailure when it cannot
     */
    void checkHere(LaunchRequest draft) throws CliFailure, InterruptedException {
        List<Finding> missing = options.isUnchecked() ? List.of() : LauncherHere.missing(launcher, draft);
        if (!missing.isEmpty()) {
            throw refused(missing);
        }
    }

    /**
     * Looks at nodes that joined a job's; whether or not the others are to be looked at, since nobody chose these.
     *
     * @return why each of those that do not fit does not
     */
    Map<ReadyNode, String> misfits(LaunchRequest draft, List<ReadyNode> joined, boolean brings)
            throws InterruptedException {
        return new Admission(preflight(draft)).misfits(draft, joined, brings);
    }

    private Preflight preflight(LaunchRequest draft) {
        return new Preflight(launcher, folder(draft.job()), InstantSource.system(), kept);
    }

    /** Where processes begin: where the person is, unless the job has a folder of its own. */
    private static Path folder(LaunchRequest.Job job) {
        return Path.of(job.folder().orElse("")).toAbsolutePath();
    }

    /** What is on no machine at all cannot be brought from here. */
    private static boolean isMendedByBringing(Finding absence) {
        return !absence.nodes().isEmpty();
    }

    private List<Subnet> named() throws SciabcException {
        if (!setup.namesInterfaces()) {
            return List.of();
        }
        return setup.interfaces().stream()
                .flatMap(each -> each.addresses().stream())
                .filter(each -> !each.address().isLinkLocalAddress())
                .map(LocalInterface.Address::subnet)
                .distinct()
                .toList();
    }

    private void warn(Finding finding) {
        if (!said.add(text(finding))) {
            return;
        }
        setup.session().terminal().warning(text(finding));
        if (!finding.hint().isEmpty()) {
            setup.session().terminal().hint(finding.hint());
        }
    }

    /** All but the last are said here; the last one becomes the failure that ends the verb. */
    private CliFailure refused(List<Finding> stops) {
        Terminal terminal = setup.session().terminal();
        for (Finding each : stops.subList(0, stops.size() - 1)) {
            terminal.error(text(each));
            if (!each.hint().isEmpty()) {
                terminal.hint(each.hint());
            }
        }
        Finding last = stops.get(stops.size() - 1);
        terminal.detail("--no-check starts a job without looking first");
        return new CliFailure(ExitCode.PARTLY, what(last), last.evidence(), last.hint());
    }

    private static String text(Finding finding) {
        return what(finding) + (finding.evidence().isEmpty() ? "" : ": " + finding.evidence());
    }

    private static String what(Finding finding) {
        return finding.nodes().isEmpty()
                ? finding.what()
                : finding.what() + " on "
                        + NodeSet.of(finding.nodes().stream()
                                .map(node -> node.node().name())
                                .toList());
    }
}
