// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sciabc.spi.HostfileRequest;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.ReadyNode;

/** The lists of nodes that other programs read, each in that program's own form. Pure: same nodes, same text. */
public enum HostfileDialect {
    /** {@code [user@]address slots=N}, for Open MPI's {@code mpirun --hostfile}. */
    OPENMPI,
    /** One address a line, as the project of 2016 wrote it. */
    PLAIN,
    /** {@code address:N [user=user]}, for MPICH's {@code mpiexec -f}. */
    MPICH,
    /** {@code N/[user@]address}, for GNU {@code parallel --sshloginfile}. */
    PARALLEL,
    /** A file of node groups for ClusterShell's {@code clush} and {@code nodeset}: the source {@code sciabc}. */
    NODESET,
    /** An inventory for Ansible: the group {@code sciabc_CLUSTER}. */
    ANSIBLE,
    /** One {@code Host} a node, to be included in an ssh_config(5). */
    SSH_CONFIG;

    /** How it is called on the command line. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The dialect that is called so. */
    public static Optional<HostfileDialect> of(String id) {
        return Stream.of(values()).filter(each -> each.id().equals(id)).findFirst();
    }

    /** The names of all. */
    public static List<String> ids() {
        return Stream.of(values()).map(HostfileDialect::id).toList();
    }

    /** Whether the node can be written in this form: some know no IPv6 addresses, or no other port than that of SSH. */
    public boolean canList(ReadyNode node) {
        boolean usualPort = node.node().port() == Node.SSH_PORT;
        return switch (this) {
            case OPENMPI, PLAIN, ANSIBLE, SSH_CONFIG -> true;
            case PARALLEL -> ipv4(node).isPresent();
            case MPICH, NODESET -> ipv4(node).isPresent() && usualPort;
        };
    }

    /**
     * The text that lists these nodes, in their order, without those that {@linkplain #canList cannot be listed}.
     *
     * @param cluster the cluster's name, after which groups are called
     * @return lines that each end with a line feed; of no nodes, what the program takes for an empty list
     */
    public String text(HostfileRequest request, String cluster) {
        List<ReadyNode> nodes = request.nodes().stream().filter(this::canList).toList();
        return switch (this) {
            case OPENMPI ->
                lines(nodes, node -> login(node, request.localUser(), address(node)) + " slots=" + node.slots());
            case PLAIN -> lines(nodes, HostfileDialect::address);
            case MPICH -> lines(nodes, node -> mpich(node, request.localUser()));
            case PARALLEL ->
                lines(
                        nodes,
                        node -> node.slots() + "/" + port(node, " -p ", "ssh", " ")
                                + login(node, request.localUser(), ipv4Text(node)));
            case NODESET -> nodeset(nodes, cluster);
            case ANSIBLE -> "[sciabc_" + cluster.replace('-', '_') + "]\n" + lines(nodes, HostfileDialect::ansible);
            case SSH_CONFIG -> lines(nodes, HostfileDialect::sshConfig);
        };
    }

    private static String mpich(ReadyNode node, String localUser) {
        String user = node.user().equals(localUser) ? "" : " user=" + node.user();
        return ipv4Text(node) + ":" + node.slots() + user;
    }

    private static String nodeset(List<ReadyNode> nodes, String cluster) {
        NodeSet addresses =
                NodeSet.of(nodes.stream().map(HostfileDialect::ipv4Text).toList());
        // Quoted: YAML would take the name 'no' for false, and a bracket for a list.
        return "sciabc:\n  '" + cluster + "': '" + addresses + "'\n";
    }

    private static String ansible(ReadyNode node) {
        return node.node().name() + " ansible_host=" + address(node) + port(node, " ansible_port=", "", "")
                + " ansible_user=" + node.user() + " sciabc_slots=" + node.slots();
    }

    private static String sshConfig(ReadyNode node) {
        // Whoever announces himself as 'git.example.org' must not be where the person's own ssh looks for that.
        String name = node.node().name();
        String alias = name.equals(address(node)) ? name : name.replace('.', '-');
        // A scope is written with the character that begins what ssh_config(5) expands.
        return "Host " + alias + "\n  HostName " + address(node).replace("%", "%%") + port(node, "\n  Port ", "", "")
                + "\n  User " + node.user();
    }

    private static String login(ReadyNode node, String localUser, String address) {
        return (node.user().equals(localUser) ? "" : node.user() + "@") + address;
    }

    /** The port with what stands around it; nothing where it is that of SSH. */
    private static String port(ReadyNode node, String before, String first, String after) {
        int port = node.node().port();
        return port == Node.SSH_PORT ? "" : first + before + port + after;
    }

    private static String address(ReadyNode node) {
        return node.address().getHostAddress();
    }

    private static String ipv4Text(ReadyNode node) {
        return ipv4(node).map(InetAddress::getHostAddress).orElseThrow();
    }

    private static Optional<InetAddress> ipv4(ReadyNode node) {
        return Stream.concat(Stream.of(node.address()), node.node().addresses().stream())
                .filter(Inet4Address.class::isInstance)
                .findFirst();
    }

    private static String lines(List<ReadyNode> nodes, Function<ReadyNode, String> line) {
        return nodes.stream().map(node -> line.apply(node) + "\n").collect(Collectors.joining());
    }
}
