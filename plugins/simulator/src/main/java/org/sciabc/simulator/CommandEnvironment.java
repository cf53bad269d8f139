// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The variables that a command on a simulated node finds.
 *
 * @param runId the run, by which its processes are found again
 * @param surroundings this machine
 */
record CommandEnvironment(String runId, Surroundings surroundings) {
    static final String NODE = "SCIABC_NODE";
    static final String SHELL = "/bin/sh";

    /** Where Open MPI keeps shared memory: version 4 (vader) and 5 (sm). */
    private static final List<String> SHARED_MEMORY = List.of(
            "btl_vader_backing_directory",
            "btl_sm_backing_directory",
            "osc_sm_backing_directory",
            "osc_rdma_backing_directory");

    /** What makes programs of this machine run at all: they were installed for its user, not for a node. */
    private static final List<String> OF_THE_MACHINE =
            List.of("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ");

    /**
     * The variables of one command.
     *
     * @param asked those that the client wants to set; sshd passes the language on, and so does this
     */
    Map<String, String> of(SimulatedNode node, InetSocketAddress client, Map<String, String> asked) {
        Map<String, String> variables = new TreeMap<>();
        for (String name : OF_THE_MACHINE) {
            String value = surroundings.environment().get(name);
            if (value != null) {
                variables.put(name, value);
            }
        }
        asked.forEach((name, value) -> {
            if (name.equals("LANG") || name.matches("LC_[A-Z]{1,20}")) {
                variables.put(name, value);
            }
        });
        variables.put("HOME", node.home().toString());
        // Nodes of their own do not see each other's temporary files and shared memory. Open MPI names its files by
        // machine,
        // job and rank on the node: on shared folders its daemons quarrel, and ranks of two nodes take one memory for
        // theirs.
        variables.put("TMPDIR", node.temporary().toString());
        for (String component : SHARED_MEMORY) {
            variables.put("OMPI_MCA_" + component, node.temporary().toString());
        }
        variables.put("USER", surroundings.user());
        variables.put("LOGNAME", surroundings.user());
        variables.put("SHELL", SHELL);
        variables.put(NODE, node.name());
        variables.put(MarkedProcesses.VARIABLE, runId);
        variables.put("SSH_CONNECTION", text(client) + " " + text(node.endpoint()));
        return variables;
    }

    private static String text(InetSocketAddress endpoint) {
        return endpoint.getAddress().getHostAddress() + " " + endpoint.getPort();
    }
}
