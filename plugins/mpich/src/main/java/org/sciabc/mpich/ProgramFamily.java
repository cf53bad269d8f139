// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.mpich;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.Finding;
import org.sciabc.spi.Finding.Severity;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Probe;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.Untrusted;

/**
 * Which MPI a program was linked with: the host's answer for a program, and for Python that of its mpi4py. One for Open MPI
 * starts all the same, and then every process believes that it is alone: rank 0 of 1.
 */
final class ProgramFamily {
    private static final String PYTHON = "mpich.python";
    private static final Pattern INTERPRETER = Pattern.compile("(?:.*/)?python[0-9.]*");

    /** {@code libmpi.so.12} is MPICH's own name where it is not Debian's. */
    private static final Pattern OPEN_MPI =
            Pattern.compile("(?m)^\\s*(libmpi\\.so\\.[2-9]\\d\\S*|libopen-rte\\S*|libopen-pal\\S*) =>");

    private static final String ASK_PYTHON = """
            cd -- %s 2>/dev/null || cd
            file=$(%s -c 'import importlib.util as u; print(u.find_spec("mpi4py.MPI").origin)' 2>/dev/null) || exit 0
            ldd "$file" 2>/dev/null | grep -e libmpi -e libopen-
            """;

    private ProgramFamily() {}

    static List<Probe> probes(LaunchRequest request) {
        String program = request.job().command().get(0);
        Path folder = Path.of(request.job().folder().orElse("")).toAbsolutePath();
        return INTERPRETER.matcher(program).matches()
                ? List.of(new Probe(
                        PYTHON, ASK_PYTHON.formatted(ShellText.quoted(folder.toString()), ShellText.quoted(program))))
                : List.of();
    }

    static List<Finding> findings(CheckRequest request) {
        List<ReadyNode> affected = new ArrayList<>();
        Optional<String> library = Optional.empty();
        boolean isOnNodes = false;
        for (int index = 0; index < request.answers().size(); index++) {
            Map<String, String> answers = request.answers().get(index);
            isOnNodes |= answers.containsKey(CheckRequest.LIBRARIES);
            Optional<String> other = openMpi(answers);
            if (other.isPresent()) {
                affected.add(request.launch().nodes().get(index));
                library = other;
            }
        }
        if (!isOnNodes) {
            // It will be brought from here.
            library = openMpi(request.manager());
        }
        return library.map(name -> List.of(new Finding(
                        Severity.STOP,
                        "the program is built for Open MPI",
                        affected,
                        "it is linked with " + name + "; under MPICH each of its processes would be rank 0 of 1",
                        "build it with mpicc.mpich, or run it with '--launcher openmpi'")))
                .orElse(List.of());
    }

    private static Optional<String> openMpi(Map<String, String> answers) {
        return OPEN_MPI.matcher(
                        answers.getOrDefault(CheckRequest.LIBRARIES, "") + "\n" + answers.getOrDefault(PYTHON, ""))
                .results()
                .map(match -> Untrusted.line(match.group(1), 60))
                .findFirst();
    }
}
