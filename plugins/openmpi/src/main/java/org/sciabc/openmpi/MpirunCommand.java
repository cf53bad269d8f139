// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.JobInput;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.LocalProcesses;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Subnet;

/**
 * The {@code mpirun} command line of a job. Parameters of the run-time go through the environment, where each version reads
 * its own ({@code OMPI_MCA_} for 4, {@code PRTE_MCA_} for 5) and the other version's do no harm (mpirun(1), prte-info).
 *
 * @param words the program and its arguments
 * @param environment the variables to set
 */
record MpirunCommand(List<String> words, Map<String, String> environment) {
    private static final int TREE_RADIX = 64;

    /** What the remote shell is called, by each version. */
    static final List<String> AGENTS = List.of("OMPI_MCA_plm_rsh_agent", "PRTE_MCA_plm_ssh_agent");

    static MpirunCommand of(LaunchRequest request) {
        List<String> words = options(request);
        words.addAll(ProgramStart.asOne(request.job().command()));
        return new MpirunCommand(words, environment(request));
    }

    /**
     * As many processes that wait for what to run. The job's own folder and variables are told to them, but for those that are
     * parameters of the run-time.
     *
     * @param script what they are
     * @param call where they find {@link RankServer}
     */
    static MpirunCommand waiting(LaunchRequest request, List<String> script, String call) {
        LaunchRequest.Job job = request.job();
        LaunchRequest.Job waiting = new LaunchRequest.Job(
                job.command(), job.ranks(), parameters(job), job.allowRoot(), job.oversubscribe());
        List<String> words = options(request.withJob(waiting));
        words.addAll(List.of("--stdin", "none", "-x", RankScript.VARIABLE, "-x", "PERL_BADLANG"));
        words.addAll(script);
        Map<String, String> variables = environment(request.withJob(waiting));
        variables.put(RankScript.VARIABLE, call);
        // A locale that a node does not have is nothing that Perl needs to talk about.
        variables.put("PERL_BADLANG", "0");
        return new MpirunCommand(words, variables);
    }

    /**
     * The same in a run-time that is there already, where every option but the hostfile holds, too.
     *
     * @param dvm where it is, as {@code --dvm} takes it
     */
    static MpirunCommand waitingIn(String dvm, LaunchRequest request, List<String> script, String call) {
        MpirunCommand command = waiting(request, script, call);
        int hostfile = command.words().indexOf("--hostfile");
        command.words().set(hostfile, "--dvm");
        command.words().set(hostfile + 1, dvm);
        return command;
    }

    /** Those of a job's variables that are for the run-time, too. */
    static Map<String, String> parameters(LaunchRequest.Job job) {
        Map<String, String> parameters = new TreeMap<>(job.environment());
        parameters.keySet().removeIf(name -> !name.contains("_MCA_"));
        return parameters;
    }

    /**
     * The same with processes that tell how they end.
     *
     * @param call where they find {@link LastWords}
     */
    MpirunCommand telling(String call, LaunchRequest request) {
        List<String> options = options(request);
        options.addAll(List.of("-x", JobInput.VARIABLE));
        options.addAll(LastWords.around(ProgramStart.asOne(request.job().command())));
        Map<String, String> variables = new TreeMap<>(environment);
        variables.put(JobInput.VARIABLE, call);
        return new MpirunCommand(options, variables);
    }

    /** Runs it to its end, see {@link LocalProcesses#run}. */
    ExitStatus run(LocalProcesses processes, CommandStreams streams) throws SciabcException, InterruptedException {
        return processes.run(words, environment, streams);
    }

    /** All words but those of the job's program. */
    private static List<String> options(LaunchRequest request) {
        List<String> words = new ArrayList<>();
        words.add(request.settings().text("mpirun"));
        words.add("--hostfile");
        words.add(request.hostfile().toString());
        words.add("-n");
        words.add(Integer.toString(request.ranks()));
        for (String variable : new TreeMap<>(request.job().environment()).keySet()) {
            words.add("-x");
            words.add(variable);
        }
        if (request.job().tagged()) {
            // Open MPI 5 still takes the options of 4, and says nothing about it.
            words.add("--tag-output");
            words.add("--display-map");
        }
        if (request.job().folder().isPresent()) {
            words.add("--wdir");
            words.add(request.job().folder().get());
        }
        return words;
    }

    private static Map<String, String> environment(LaunchRequest request) {
        Map<String, String> environment = new TreeMap<>(request.job().environment());
        String agent = String.join(" ", request.remoteShell().apart());
        for (String variable : AGENTS) {
            environment.put(variable, agent);
        }
        if (request.nodes().size() > TREE_RADIX) {
            // Above the radix of the launch tree, nodes would have to ssh to each other: they have no key for that.
            environment.put("OMPI_MCA_plm_rsh_no_tree_spawn", "1");
            environment.put("PRTE_MCA_plm_ssh_no_tree_spawn", "1");
        }
        List<String> texts = new ArrayList<>();
        for (Subnet network : request.networks()) {
            // These parameters take no IPv6 range: with one, version 4 finds no network at all, and ends.
            if (network.base() instanceof Inet4Address) {
                texts.add(network.toString());
            }
        }
        String networks = String.join(",", texts);
        if (!networks.isEmpty()) {
            environment.put("OMPI_MCA_btl_tcp_if_include", networks);
            environment.put("OMPI_MCA_oob_tcp_if_include", networks);
            environment.put("PMIX_MCA_ptl_tcp_if_include", networks);
            // Nothing for PRRTE: 3.0.8 (Debian 13) takes no CIDR, says so in ten lines and ignores it, and interfaces
            // need not have the same name on all nodes. It tries all addresses of the manager, in turn.
        }
        if (request.job().oversubscribe()) {
            // As an option, version 5 calls it deprecated in ten lines on the terminal.
            environment.put("OMPI_MCA_rmaps_base_oversubscribe", "1");
            environment.put("PRTE_MCA_rmaps_default_mapping_policy", ":oversubscribe");
        }
        // The launcher's own daemons notice within seconds that the manager or a node is gone, and end their part of
        // the job. Without this it takes 72 s.
        environment.put("OMPI_MCA_oob_tcp_keepalive_time", "3");
        environment.put("OMPI_MCA_oob_tcp_keepalive_intvl", "1");
        environment.put("OMPI_MCA_oob_tcp_keepalive_probes", "3");
        environment.put("PRTE_MCA_oob_tcp_keepalive_time", "3");
        environment.put("PRTE_MCA_oob_tcp_keepalive_intvl", "1");
        environment.put("PRTE_MCA_oob_tcp_keepalive_probes", "3");
        if (request.job().allowRoot()) {
            for (String prefix : List.of("OMPI", "PRTE")) {
                environment.put(prefix + "_ALLOW_RUN_AS_ROOT", "1");
                environment.put(prefix + "_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
            }
        }
        return environment;
    }
}
