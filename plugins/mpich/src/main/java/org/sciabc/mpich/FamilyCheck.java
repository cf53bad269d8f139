// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.mpich;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.Finding;
import org.sciabc.spi.Finding.Severity;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Probe;
import org.sciabc.spi.ReadyNode;

/**
 * Whether the nodes have one and the same MPICH, and the program was built for it. A program built for Open MPI starts, and
 * each of its processes takes itself for rank 0 of 1.
 */
final class FamilyCheck {
    private static final String VERSION = "mpich.version";
    private static final String PROGRAM = "mpich.program";
    private static final Pattern NUMBER = Pattern.compile("(?m)^version=([0-9][0-9A-Za-z.]{0,20})$");

    private static final String ASK_VERSION = """
            for candidate in mpiexec.hydra /usr/lib64/mpich/bin/mpiexec.hydra /usr/lib64/mpi/gcc/mpich/bin/mpiexec.hydra; do
              if command -v "$candidate" >/dev/null 2>&1; then
                "$candidate" --version 2>/dev/null | sed -n 's/^ *Version: */version=/p' | sed 1q
                exit 0
              fi
            done
            echo missing
            """;

    /** {@code $program} is set before. Of an interpreter for Python, what counts is the library of its mpi4py. */
    private static final String ASK_PROGRAM = """
            file=$(command -v "$program" 2>/dev/null) || exit 0
            case ${file##*/} in
              python*)
                file=$("$file" -c 'import importlib.util as u; s = u.find_spec("mpi4py.MPI"); print(s.origin)' 2>/dev/null) ;;
            esac
            ldd "$file" 2>/dev/null | while read -r library rest; do
              case $library in
                libmpi.so.40 | libmpi.so.20 | libopen-rte.* | libopen-pal.*) echo openmpi ;;
                libmpich.* | libmpi.so.12) echo mpich ;;
              esac
            done
            """;

    private FamilyCheck() {}

    static List<Probe> probes(LaunchRequest request) {
        String program = request.job().command().get(0).replace("'", "'\\''");
        return List.of(
                new Probe(VERSION, ASK_VERSION), new Probe(PROGRAM, "program='" + program + "'\n" + ASK_PROGRAM));
    }

    static List<Finding> findings(CheckRequest request) {
        List<Finding> findings = new ArrayList<>();
        List<ReadyNode> missing = new ArrayList<>();
        List<ReadyNode> strangers = new ArrayList<>();
        for (int index = 0; index < request.answers().size(); index++) {
            ReadyNode node = request.launch().nodes().get(index);
            Map<String, String> answers = request.answers().get(index);
            if (answers.getOrDefault(VERSION, "").strip().equals("missing")) {
                missing.add(node);
            }
            if (answers.getOrDefault(PROGRAM, "").lines().anyMatch("openmpi"::equals)) {
                strangers.add(node);
            }
        }
        if (!missing.isEmpty()) {
            findings.add(new Finding(
                    Severity.STOP,
                    "MPICH is missing",
                    missing,
                    "there is no mpiexec.hydra",
                    "'sciabc provision --launcher mpich' installs it"));
        }
        if (!strangers.isEmpty()) {
            findings.add(new Finding(
                    Severity.STOP,
                    "the program is built for Open MPI",
                    strangers,
                    "it is linked to Open MPI's library: under MPICH, each process would be rank 0 of 1",
                    "build it with mpicc.mpich, or run it with '--launcher openmpi'"));
        }
        return List.copyOf(findings);
    }

    /** Proxies of another version do not understand this one's mpiexec. */
    static String build(Map<String, String> answers) {
        return number(answers.getOrDefault(VERSION, ""))
                .map(number -> "MPICH " + number)
                .orElse("");
    }

    private static Optional<String> number(String answer) {
        Matcher matcher = NUMBER.matcher(answer);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
