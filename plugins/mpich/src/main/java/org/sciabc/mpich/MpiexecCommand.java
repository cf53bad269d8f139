// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.mpich;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.sciabc.spi.JobInput;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Subnet;

/**
 * The {@code mpiexec} command line of a job, as the manual of Hydra describes it.
 *
 * @param words the program and its arguments
 * @param environment the variables to set
 */
record MpiexecCommand(List<String> words, Map<String, String> environment) {
    /**
     * What each process begins with. Hydra insists on a folder that is there on every node, and leaves the input of all
     * processes but the first open without ever ending it. MPICH takes every interface for a way to the others, docker0
     * included, and knows interfaces by their names alone, which need not be the same on two nodes: Debian's build (UCX)
     * reads the first variable, others (libfabric) the second.
     */
    private static final String BEGINNING = """
            cd -- "$1" 2>/dev/null || cd
            if [ -n "$2" ]; then
              interface=$(PATH=$PATH:/usr/sbin:/sbin ip -o addr show up to "$2" 2>/dev/null |
                { read -r number name rest; echo "${name%%@*}"; })
              if [ -n "$interface" ]; then
                export UCX_NET_DEVICES="${UCX_NET_DEVICES:-$interface}" FI_TCP_IFACE="${FI_TCP_IFACE:-$interface}"
              fi
            fi
            shift 2
            if [ "${PMI_RANK:-0}" != 0 ]; then
              exec </dev/null
            elif [ -n "$SCIABC_CALL" ] && [ -z "${POSIXLY_CORRECT+x}" ] &&
              command -v bash >/dev/null && command -v cat >/dev/null; then
              export SCIABC_ENV="$BASH_ENV" BASH_ENV=
              exec bash -c @FIRST@ bash "$@"
            fi
            unset SCIABC_CALL
            exec "$@"
            """.replace("@FIRST@", ShellText.quoted(JobInput.SCRIPT));

    /**
     * What the job writes to standard output goes past Hydra's own, on which Hydra reports failures among whatever the job is
     * writing: that one becomes standard error.
     */
    private static final String APART = "exec \"$@\" 3>&1 >&2";

    private static final String OUTPUT = "/dev/fd/3";

    /**
     * The command line of a job.
     *
     * @param call where the first process gets its input; absent where that is from Hydra
     * @param tag what each piece of output is to begin with, in Hydra's patterns; absent for nothing
     */
    static MpiexecCommand of(LaunchRequest request, Optional<String> call, Optional<String> tag) {
        List<String> shell = request.remoteShell().command();
        Map<String, String> passed = new TreeMap<>(request.job().environment());
        call.ifPresent(value -> passed.put(JobInput.VARIABLE, value));
        Map<String, String> environment = new TreeMap<>(passed);
        environment.put("HYDRA_LAUNCHER_EXTRA_ARGS", String.join(" ", shell.subList(1, shell.size())));
        return new MpiexecCommand(words(request, passed.keySet(), tag), environment);
    }

    private static List<String> words(LaunchRequest request, Set<String> passed, Optional<String> tag) {
        List<String> words = new ArrayList<>(List.of("sh", "-c", APART, "sciabc"));
        words.add(request.settings().text("mpiexec"));
        words.addAll(List.of("-launcher", "ssh"));
        words.addAll(List.of("-launcher-exec", request.remoteShell().command().get(0)));
        words.addAll(List.of("-f", request.hostfile().toString()));
        // Nodes call back: by an address, because the manager's name may mean nothing to them.
        // Without one Hydra tries the name, which is what it does for everybody else.
        request.addressOnNetworks().ifPresent(address -> words.addAll(List.of("-localhost", address.getHostAddress())));
        words.addAll(List.of("-outfile-pattern", OUTPUT));
        tag.ifPresent(pattern -> words.addAll(List.of("-prepend-pattern", pattern)));
        words.addAll(List.of("-wdir", "/"));
        // By default it would pass everything on, HOME and PATH included.
        if (passed.isEmpty()) {
            words.add("-genvnone");
        } else {
            words.addAll(List.of("-genvlist", String.join(",", passed)));
        }
        words.addAll(List.of("-n", Integer.toString(request.ranks())));
        words.addAll(List.of("sh", "-c", BEGINNING, "sciabc"));
        words.add(Path.of(request.job().folder().orElse("")).toAbsolutePath().toString());
        words.add(request.networks().stream().map(Subnet::toString).findFirst().orElse(""));
        words.addAll(asOne(request.job().command()));
        return words;
    }

    /** The same program with the same words, none of which Hydra takes for the end of them, behind which is another program. */
    private static List<String> asOne(List<String> command) {
        return command.contains(":")
                ? List.of(
                        "sh",
                        "-c",
                        "exec " + command.stream().map(ShellText::quoted).collect(Collectors.joining(" ")))
                : command;
    }
}
