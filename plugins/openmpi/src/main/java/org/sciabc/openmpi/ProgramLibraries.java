// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.Finding;
import org.sciabc.spi.Finding.Severity;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.Untrusted;

/**
 * Which MPI a program was linked with, or the mpi4py of one in Python. One of another family starts all the same, and then every process believes that it
 * is alone: rank 0 of 1.
 */
final class ProgramLibraries {
    /** MPICH and those who took over its name; {@code libmpi.so.12} is how it calls itself where it is not Debian's. */
    private static final Pattern OTHER_FAMILY =
            Pattern.compile("(?m)^\\s*(libmpich\\.so\\S*|libmpi\\.so\\.12|libmpichcxx\\S*|libmvapich\\S*) =>");

    private ProgramLibraries() {}

    static List<Finding> findings(CheckRequest request) {
        List<ReadyNode> affected = new ArrayList<>();
        Optional<String> library = Optional.empty();
        Optional<String> module = Optional.empty();
        for (int index = 0; index < request.answers().size(); index++) {
            Optional<String> other = otherFamily(request.answers().get(index));
            if (other.isPresent()) {
                affected.add(request.launch().nodes().get(index));
                library = other;
                module = Optional.ofNullable(request.answers().get(index).get(CheckRequest.MPI4PY));
            }
        }
        if (affected.isEmpty()) {
            library = otherFamily(request.manager());
        }
        if (library.isEmpty()) {
            return List.of();
        }
        return List.of(
                module.isEmpty()
                        ? finding(
                                "the program",
                                affected,
                                "it is linked with " + library.get(),
                                "build it with Open MPI's mpicc, or use '--launcher mpich' where that is installed")
                        : finding(
                                "mpi4py",
                                affected,
                                Untrusted.line(module.get(), 100) + " is linked with " + library.get(),
                                PythonCheck.otherFamily(affected)));
    }

    private static Finding finding(String what, List<ReadyNode> affected, String evidence, String hint) {
        return new Finding(
                Severity.STOP,
                what + " is built for MPICH",
                affected,
                evidence + "; under Open MPI each of its processes would be rank 0 of 1",
                hint);
    }

    private static Optional<String> otherFamily(Map<String, String> answers) {
        Matcher matcher = OTHER_FAMILY.matcher(answers.getOrDefault(CheckRequest.LIBRARIES, ""));
        return matcher.find() ? Optional.of(Untrusted.line(matcher.group(1), 60)) : Optional.empty();
    }
}
