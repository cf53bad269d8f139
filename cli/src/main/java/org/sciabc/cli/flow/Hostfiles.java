// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.sciabc.cli.option.SlotOptions;
import org.sciabc.launch.HostfileDialect;
import org.sciabc.provision.Users;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.Notice;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.SciabcException;

/** The hostfile for nodes that were found, in the forms of several programs; nobody is reached for it. */
public final class Hostfiles {
    private final String cluster;
    private final Users users;
    private final OptionalInt slots;
    private final Optional<JobLauncher> launcher;
    private final Optional<ByHand> byHand;

    private Hostfiles(
            String cluster, Users users, OptionalInt slots, Optional<JobLauncher> launcher, Optional<ByHand> byHand) {
        this.cluster = cluster;
        this.users = users;
        this.slots = slots;
        this.launcher = launcher;
        this.byHand = byHand;
    }

    /**
     * Hostfiles as command line and configuration want them.
     *
     * @param user the account, where it was given
     * @param dialects the forms that will be wanted; absent means that of the launcher in use
     */
    public static Hostfiles of(
            Setup setup, SlotOptions options, Optional<String> user, List<Optional<HostfileDialect>> dialects)
            throws SciabcException {
        boolean needsLauncher = dialects.contains(Optional.<HostfileDialect>empty());
        Optional<JobLauncher> launcher =
                needsLauncher ? Optional.of(setup.launcher(options.launcher()).component()) : Optional.empty();
        Optional<ByHand> byHand = launcher.map(each -> new ByHand(setup, each));
        return new Hostfiles(setup.cluster(), Reach.users(setup, user), slots(setup, options), launcher, byHand);
    }

    /**
     * Sees to it that the launcher can be run by hand on these nodes, where its own form is wanted.
     *
     * @return why that is not so, where it is not
     */
    public Optional<SciabcException> prepare(List<ReadyNode> nodes) {
        try {
            if (byHand.isPresent()) {
                byHand.get().prepare(nodes);
            }
            return Optional.empty();
        } catch (SciabcException failure) {
            return Optional.of(failure);
        }
    }

    /** What to type to run the launcher by hand on the nodes of this file; empty before {@link #prepare}. */
    public Optional<String> byHand(Path file) {
        return byHand.flatMap(each -> each.line(file));
    }

    /** Nodes as launchers take them, sorted as people count. */
    public List<ReadyNode> ready(List<Node> nodes) {
        return ReadyNodes.of(nodes, users::choose, slots);
    }

    /** The text that lists nodes. */
    public String text(List<ReadyNode> nodes, Optional<HostfileDialect> dialect) {
        return dialect.map(form -> form.text(LaunchStage.hostfileRequest(nodes), cluster))
                .orElseGet(() -> LaunchStage.hostfile(launcher.orElseThrow(), nodes));
    }

    /** The nodes that cannot be written in this form. */
    public static List<ReadyNode> unlistable(List<ReadyNode> nodes, Optional<HostfileDialect> dialect) {
        return dialect.map(form ->
                        nodes.stream().filter(node -> !form.canList(node)).toList())
                .orElse(List.of());
    }

    /** Says that these are not listed. */
    public static Notice leftOut(List<ReadyNode> nodes, Optional<HostfileDialect> dialect) {
        NodeSet names =
                NodeSet.of(nodes.stream().map(node -> node.node().name()).toList());
        return Notice.warning(names + " cannot be listed as "
                + dialect.map(HostfileDialect::id).orElse("hostfile")
                + ", which knows neither IPv6 addresses nor unusual ports");
    }

    /** The slots of every node: as the command line says, else the configuration. */
    static OptionalInt slots(Setup setup, SlotOptions options) throws SciabcException {
        OptionalInt given = options.slots();
        return given.isPresent() ? given : setup.configuration().slots();
    }
}
