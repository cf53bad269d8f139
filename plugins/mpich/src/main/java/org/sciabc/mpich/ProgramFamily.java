// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.mpich;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.Finding;
import org.sciabc.spi.Finding.Severity;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.Untrusted;

/**
 * Which MPI a program was linked with: the host's answer for a program, and for Python that of its mpi4py. One for Open MPI
 * starts all the same, and then every process believes that it is alone: rank 0 of 1.
 */
final class ProgramFamily {
    /** {@code libmpi.so.12} is MPICH's own name where it is not Debian's. */
    private static final Pattern OPEN_MPI =
            Pattern.compile("(?m)^\\s*(libmpi\\.so\\.[2-9]\\d\\S*|libopen-rte\\S*|libopen-pal\\S*) =>");

    private static final String MPI4PY = "one for MPICH is a package of Fedora and its relatives"
            + " ('sciabc provision --launcher mpich --set mpich.python=true'), and elsewhere made there with"
            + " 'MPICC=mpicc.mpich pip install --no-binary mpi4py mpi4py'";

    private ProgramFamily() {}

    static List<Finding> findings(CheckRequest request) {
        List<Finding> findings = new ArrayList<>();
        withoutModule(request).ifPresent(findings::add);
        strangers(request).ifPresent(findings::add);
        return List.copyOf(findings);
    }

    private static Optional<Finding> withoutModule(CheckRequest request) {
        List<ReadyNode> without = new ArrayList<>();
        for (int index = 0; index < request.answers().size(); index++) {
            if ("".equals(request.answers().get(index).get(CheckRequest.MPI4PY))) {
                without.add(request.launch().nodes().get(index));
            }
        }
        return without.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding(
                        Severity.STOP,
                        "mpi4py is missing",
                        without,
                        "the program uses it, and its interpreter does not find it there",
                        MPI4PY));
    }

    private static Optional<Finding> strangers(CheckRequest request) {
        List<ReadyNode> affected = new ArrayList<>();
        Optional<String> library = Optional.empty();
        Optional<String> module = Optional.empty();
        boolean isOnNodes = false;
        for (int index = 0; index < request.answers().size(); index++) {
            Map<String, String> answers = request.answers().get(index);
            isOnNodes |= answers.containsKey(CheckRequest.LIBRARIES);
            Optional<String> other = openMpi(answers);
            if (other.isPresent()) {
                affected.add(request.launch().nodes().get(index));
                library = other;
                module = Optional.ofNullable(answers.get(CheckRequest.MPI4PY));
            }
        }
        if (!isOnNodes) {
            // It will be brought from here.
            library = openMpi(request.manager());
        }
        if (library.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Finding(
                Severity.STOP,
                (module.isEmpty() ? "the program" : "mpi4py") + " is built for Open MPI",
                affected,
                module.map(path -> Untrusted.line(path, 100)).orElse("it") + " is linked with " + library.get()
                        + "; under MPICH each of its processes would be rank 0 of 1",
                module.isEmpty()
                        ? "build it with mpicc.mpich, or run it with '--launcher openmpi'"
                        : "run it with '--launcher openmpi'; " + MPI4PY));
    }

    private static Optional<String> openMpi(Map<String, String> answers) {
        return OPEN_MPI.matcher(answers.getOrDefault(CheckRequest.LIBRARIES, ""))
                .results()
                .map(match -> Untrusted.line(match.group(1), 60))
                .findFirst();
    }
}
