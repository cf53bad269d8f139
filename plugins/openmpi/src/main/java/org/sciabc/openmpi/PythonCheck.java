// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.util.ArrayList;
import java.util.List;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.Finding;
import org.sciabc.spi.Finding.Severity;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.Untrusted;

/** Whether the interpreter of a program in Python has mpi4py, where the program wants it. */
final class PythonCheck {
    private PythonCheck() {}

    static List<Finding> missing(CheckRequest request) {
        List<ReadyNode> without = new ArrayList<>();
        for (int index = 0; index < request.answers().size(); index++) {
            if ("".equals(request.answers().get(index).get(CheckRequest.MPI4PY))) {
                without.add(request.launch().nodes().get(index));
            }
        }
        if (without.isEmpty()) {
            return List.of();
        }
        String interpreter = Untrusted.line(request.launch().job().command().get(0), 80);
        return List.of(new Finding(
                Severity.STOP,
                "mpi4py is missing",
                without,
                "the program uses it, and " + interpreter + " does not find it there",
                mending(request, interpreter, without)));
    }

    /** The distribution's mpi4py is for the distribution's interpreter. */
    private static String mending(CheckRequest request, String interpreter, List<ReadyNode> without) {
        String names = names(without);
        if (!interpreter.equals("python3") && !interpreter.equals("/usr/bin/python3")) {
            return "'sciabc exec " + names + " -- " + interpreter
                    + " -m pip install mpi4py' installs it; python3 has that of the system";
        }
        String setting = request.launch().settings().flag("python") ? "" : " --set openmpi.python=true";
        return "'sciabc provision " + names + setting + "' installs it";
    }

    /** What mends that a module was built for another family of MPI. */
    static String otherFamily(List<ReadyNode> affected) {
        return "take it away there ('pip uninstall mpi4py' does when pip brought it), and 'sciabc provision "
                + names(affected)
                + "' installs that of the system; or use '--launcher mpich' where that is installed";
    }

    private static String names(List<ReadyNode> nodes) {
        return NodeSet.of(nodes.stream().map(node -> node.node().name()).toList())
                .toString();
    }
}
