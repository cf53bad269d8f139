// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.console.Terminal;
import org.sciabc.cli.option.DiscoveryOptions;
import org.sciabc.cli.option.PreparationOptions;
import org.sciabc.spi.Component;
import org.sciabc.spi.Node;
import org.sciabc.spi.Provisioner;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.SettingException;

/** What planning and provisioning are about: the requirements of every component in use. */
public final class Preparation {
    private Preparation() {}

    /** The stage that plans for the discovery backends, the provisioner and the launcher in use. */
    public static PlanStage planStage(
            Setup setup,
            Reach reach,
            DiscoveryOptions discovery,
            Optional<String> launcher,
            PreparationOptions preparation)
            throws SciabcException {
        List<Chosen<? extends Component>> components = new ArrayList<>(setup.backends(discovery.backends()));
        components.add(preparation.isMutual() ? mutual(reach.provisioner()) : reach.provisioner());
        components.add(setup.launcher(launcher));
        return new PlanStage(setup, reach, components, preparation);
    }

    /**
     * The plan of a demonstration. Its nodes are this machine, whose Open MPI may have come in another way than by packages, and whose
     * packages are only changed by who was asked: see {@link LocalPackages}.
     */
    static PlanStage demonstrationPlan(Setup setup, Reach reach, DiscoveryOptions discovery) throws SciabcException {
        List<Chosen<? extends Component>> components = new ArrayList<>(setup.backends(discovery.backends()));
        components.add(reach.provisioner());
        return new PlanStage(setup, reach, components, new PreparationOptions());
    }

    private static Chosen<Provisioner> mutual(Chosen<Provisioner> provisioner) throws SciabcException {
        try {
            return new Chosen<>(provisioner.component(), provisioner.settings().with("mutual", "true"));
        } catch (SettingException unknown) {
            throw CliFailure.usage(
                    "--mutual does not go with the provisioner "
                            + provisioner.component().id(),
                    "it has no way to let nodes reach each other",
                    "");
        }
    }

    /** Says which nodes were left out and why, each reason once. */
    public static void report(Map<Node, SciabcException> leftOut, Terminal terminal) {
        ProvisionStage.report(leftOut, terminal);
    }

    /** The exit status of a plan that was only to be shown. */
    public static int status(PlanStage.Planned planned) {
        if (planned.plan().nodes().isEmpty()) {
            return ExitCode.UNAVAILABLE;
        }
        return planned.leftOut().isEmpty() ? ExitCode.OK : ExitCode.PARTLY;
    }

    /** The exit status of work that failed on so many of all nodes. */
    static int status(int failed, int all) {
        if (failed == 0) {
            return ExitCode.OK;
        }
        return failed == all ? ExitCode.UNAVAILABLE : ExitCode.PARTLY;
    }
}
