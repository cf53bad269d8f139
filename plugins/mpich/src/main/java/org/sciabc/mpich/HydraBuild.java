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
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.Probe;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.Untrusted;

/**
 * Which MPICH a machine has, and where: Hydra starts its proxy on each node by the path that it has here, and proxies of
 * another version do not understand it.
 *
 * @param version such as {@code 4.0.2}
 * @param folder where its programs are
 */
record HydraBuild(String version, String folder) {
    private static final String PROBE = "mpich.build";
    private static final Pattern NUMBER = Pattern.compile("[0-9][0-9A-Za-z.]{0,20}");

    private static final String SCRIPT = """
            mpiexec=@MPIEXEC@
            for candidate in "$mpiexec" mpiexec.hydra /usr/lib64/mpich/bin/mpiexec.hydra \
                /usr/lib64/mpi/gcc/mpich/bin/mpiexec.hydra /opt/homebrew/bin/mpiexec.hydra; do
              found=$(command -v "$candidate" 2>/dev/null) || continue
              [ "$candidate" = "$mpiexec" ] && echo starter
              "$found" --version 2>/dev/null | sed -n 's/^ *Version: */version /p' | sed 1q
              echo "folder $(cd "${found%/*}" && pwd -P)"
              exit 0
            done
            echo missing
            """;

    private static final String EVIDENCE = """
            on_path @MPIEXEC@ mpiexec.hydra /usr/lib64/mpich/bin/mpiexec.hydra \
                /usr/lib64/mpi/gcc/mpich/bin/mpiexec.hydra /opt/homebrew/bin/mpiexec.hydra
            """;

    static Probe probe(String mpiexec) {
        String quoted = ShellText.quoted(mpiexec);
        return new Probe(PROBE, SCRIPT.replace("@MPIEXEC@", quoted), EVIDENCE.replace("@MPIEXEC@", quoted));
    }

    /** What a machine answered; empty when it has none. */
    static Optional<HydraBuild> of(Map<String, String> answers) {
        Map<String, String> words = words(answers);
        return Optional.ofNullable(words.get("version"))
                .filter(version -> NUMBER.matcher(version).matches())
                .map(version -> new HydraBuild(version, words.getOrDefault("folder", "")));
    }

    /** What must be the same everywhere. */
    String text() {
        return "MPICH " + version + (folder.isEmpty() ? "" : " in " + folder);
    }

    static List<Finding> findings(CheckRequest request) {
        List<Finding> findings = new ArrayList<>();
        missing(request).ifPresent(findings::add);
        starter(request).ifPresent(findings::add);
        return findings;
    }

    private static Optional<Finding> missing(CheckRequest request) {
        List<ReadyNode> without = new ArrayList<>();
        for (int index = 0; index < request.answers().size(); index++) {
            Map<String, String> answers = request.answers().get(index);
            if (answers.containsKey(PROBE) && of(answers).isEmpty()) {
                without.add(request.launch().nodes().get(index));
            }
        }
        if (without.isEmpty()) {
            return Optional.empty();
        }
        NodeSet names =
                NodeSet.of(without.stream().map(node -> node.node().name()).toList());
        return Optional.of(new Finding(
                Severity.STOP,
                "MPICH is missing",
                without,
                "there is no mpiexec.hydra",
                "'sciabc provision --launcher mpich " + names + "' installs it"));
    }

    private static Optional<Finding> starter(CheckRequest request) {
        if (!request.manager().containsKey(PROBE)) {
            return Optional.empty();
        }
        Map<String, String> words = words(request.manager());
        String mpiexec = Untrusted.line(request.launch().settings().text("mpiexec"), 80);
        Optional<HydraBuild> found = of(request.manager());
        if (words.containsKey("starter")) {
            return found.isPresent()
                    ? Optional.empty()
                    : stop(
                            "'" + mpiexec + "' on this machine is not MPICH's",
                            "it does not say a version as Hydra does",
                            "'--set mpich.mpiexec=mpiexec.hydra' names MPICH's where there are several");
        }
        return stop(
                "no '" + mpiexec + "' on this machine",
                "MPICH's mpiexec starts the job from here"
                        + found.map(aside -> "; it is in " + aside.folder() + ", which is not on your PATH")
                                .orElse(""),
                found.map(aside -> "'--set mpich.mpiexec=" + aside.folder() + "/mpiexec.hydra' uses that one")
                        .orElse(MpichLauncher.INSTALL));
    }

    private static Optional<Finding> stop(String what, String evidence, String remedy) {
        return Optional.of(new Finding(Severity.STOP, what, List.of(), evidence, remedy));
    }

    private static Map<String, String> words(Map<String, String> answers) {
        return Probe.words(answers.getOrDefault(PROBE, ""));
    }
}
