// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.Finding;
import org.sciabc.spi.Finding.Severity;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.Probe;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.Untrusted;

/**
 * Which Open MPI a machine has, as the shell sees it that {@code mpirun} gets there: the daemon that it starts is
 * {@code orted} up to version 4, and PRRTE's {@code prted} from version 5 on. Asking {@code ompi_info} would take 150 ms,
 * and {@code dpkg-query} reads all that is installed.
 *
 * @param version such as {@code 4.1.4}
 * @param prrte PRRTE's version; empty before Open MPI 5
 * @param folder where the daemon is
 * @param packaged the checksum of the changelog of Debian's package, which is the same for each architecture and however
 *     often it was built again; empty where there is none
 */
record OpenMpiBuild(String version, String prrte, String folder, String packaged) {
    private static final String PROBE = "build";

    private static final int SHOWN = 8;

    /**
     * Open MPI's programs take 15 ms to say their version, and Debian's package has it in a file; PRRTE's is in the name of its
     * library. That is good for programs that nobody has written over, and for a file that is not of a newer package. The program
     * that starts jobs is asked only where it is another file than the one whose version that is.
     */
    private static final String SCRIPT = """
            mpirun=@MPIRUN@
            where() {
              IFS=:
              for q in $PATH; do [ -f "$q/$1" ] && [ -x "$q/$1" ] && { unset IFS; p=$q/$1; return; }; done
              unset IFS
              return 1
            }
            starter() {
              command -v "$mpirun" >/dev/null || return
              case $mpirun in */*) p=$mpirun ;; *) where "$mpirun" || return ;; esac
              [ "$p" -ef "$m" ] && { echo starter; return; }
              case $("$p" --version 2>/dev/null </dev/null) in
                *'(Open'* | *'(PRRTE)'*) echo starter ;;
                *) [ -x "$m" ] || m=; echo "stranger $m" ;;
              esac
            }
            m=
            if where orted || where prted; then d=$p; else
              for d in /usr/lib64/openmpi/bin /usr/lib64/mpi/gcc/openmpi*/bin /opt/openmpi*/bin /usr/local/bin \
                  /opt/homebrew/bin; do
                [ -x "$d/orted" ] || [ -x "$d/prted" ] && { echo "aside $d"; break; }
              done
              starter
              exit
            fi
            echo "folder ${d%/*}"
            if where mpirun.openmpi; then m=$p; else m=${d%/*}/mpirun; fi
            f=/var/lib/dpkg/info/openmpi-bin.md5sums; s=; v=; r=
            case $d in /usr/bin/*) [ -r $f ] && while read -r sum l; do
              case $l in */changelog.Debian.gz) s=$sum; break ;; esac
            done <$f ;; esac
            w=/usr/share/openmpi/mpicc-wrapper-data.txt
            if [ -n "$s" ] && [ "${m%/*}" = /usr/bin ] && ! [ "$m" -nt $f ] && ! [ "$d" -nt $f ] && ! [ $w -nt $f ]; then
              while read -r l; do case $l in version=*) v=${l#*=}; break ;; esac; done <$w
              set -- /usr/lib/*/libprrte.so.*.*.*
              [ $# = 1 ] && [ -e "$1" ] && r=${1##*.so.}
            fi
            [ -n "$v" ] || { v=$("$m" --version); v=${v%%
            *}; case $v in *'(Open'*) v=${v#*) } ;; *) v= ;; esac; }
            [ -n "$v" ] && echo "version $v"
            case $d in */prted) [ -n "$r" ] || { r=$("$d" --version); r=${r%%
            *}; r=${r#*(PRRTE) }; }; echo "prrte $r" ;; esac
            starter
            [ -n "$s" ] && echo "packaged $s"
            """;

    /** The libraries stand beside the programs where no package brought them. */
    private static final String EVIDENCE = """
            on_path mpirun.openmpi @MPIRUN@ orted prted
            for l in "${p%/*}/../lib" "${p%/*}/../lib64"; do
              on "$l"/libmpi.so* "$l"/libopen-rte.so* "$l"/libopen-pal.so* "$l"/libprrte.so*
            done
            on /var/lib/dpkg/info/openmpi-bin.md5sums /usr/share/openmpi/mpicc-wrapper-data.txt
            """;

    static Probe probe(String mpirun) {
        String quoted = ShellText.quoted(mpirun);
        return new Probe(PROBE, SCRIPT.replace("@MPIRUN@", quoted), EVIDENCE.replace("@MPIRUN@", quoted));
    }

    /** What a machine answered; empty when it has none on its PATH. */
    static Optional<OpenMpiBuild> of(Map<String, String> answers) {
        Map<String, String> words = words(answers);
        String version = words.getOrDefault("version", "");
        return version.isEmpty()
                ? Optional.empty()
                : Optional.of(new OpenMpiBuild(
                        version,
                        words.getOrDefault("prrte", ""),
                        words.getOrDefault("folder", ""),
                        words.getOrDefault("packaged", "")));
    }

    /** What must be the same everywhere. */
    String text() {
        return "Open MPI " + version + (prrte.isEmpty() ? "" : " with PRRTE " + prrte);
    }

    private String place() {
        return packaged.isEmpty()
                ? folder
                : folder + " (package " + packaged.substring(0, Math.min(SHOWN, packaged.length())) + ")";
    }

    /** Without lambdas, as all that every launch comes past: a plugin's cost a millisecond each. */
    static List<Finding> findings(CheckRequest request) {
        List<Finding> findings = new ArrayList<>(missing(request));
        findings.addAll(differing(request));
        findings.addAll(starter(request));
        findings.addAll(withoutIpv4(request));
        return findings;
    }

    private static List<Finding> missing(CheckRequest request) {
        List<ReadyNode> without = new ArrayList<>();
        String aside = "";
        for (int index = 0; index < request.answers().size(); index++) {
            Map<String, String> answers = request.answers().get(index);
            if (answers.containsKey(PROBE) && of(answers).isEmpty()) {
                without.add(request.launch().nodes().get(index));
                aside = aside.isEmpty() ? words(answers).getOrDefault("aside", "") : aside;
            }
        }
        if (without.isEmpty()) {
            return List.of();
        }
        String names = names(without);
        return List.of(new Finding(
                Severity.STOP,
                "Open MPI is missing",
                without,
                aside.isEmpty()
                        ? "a shell that is not interactive has neither orted nor prted on its PATH"
                        : "it is in " + aside + ", which is not on the PATH of a shell that is not interactive",
                aside.isEmpty()
                        ? "'sciabc provision " + names + "' installs it"
                        : "add 'export PATH=" + aside + ":$PATH' at the very top of ~/.bashrc there"));
    }

    /** Equal versions from different places or packages work as a rule. */
    private static List<Finding> differing(CheckRequest request) {
        Map<String, List<ReadyNode>> kinds = new LinkedHashMap<>();
        Set<String> versions = new HashSet<>();
        for (int index = 0; index < request.answers().size(); index++) {
            ReadyNode node = request.launch().nodes().get(index);
            Optional<OpenMpiBuild> found = of(request.answers().get(index));
            if (found.isPresent()) {
                versions.add(found.get().text());
                List<ReadyNode> alike = kinds.getOrDefault(found.get().place(), new ArrayList<>());
                alike.add(node);
                kinds.put(found.get().place(), alike);
            }
        }
        if (kinds.size() < 2 || versions.size() > 1) {
            return List.of();
        }
        List<String> shown = new ArrayList<>();
        for (Map.Entry<String, List<ReadyNode>> kind : kinds.entrySet()) {
            shown.add(kind.getKey() + " on " + names(kind.getValue()));
        }
        return List.of(new Finding(
                Severity.WARN,
                "Open MPI is not installed alike everywhere",
                List.of(),
                String.join(", ", shown),
                "the same packages everywhere are what Open MPI is tried with; on Debian and its relatives,"
                        + " 'sciabc exec -b -- dpkg-query -W openmpi-bin' shows them"));
    }

    private static List<Finding> starter(CheckRequest request) {
        Map<String, String> words = words(request.manager());
        if (!request.manager().containsKey(PROBE) || words.containsKey("starter")) {
            return List.of();
        }
        String mpirun = Untrusted.line(request.launch().settings().text("mpirun"), 80);
        String other = words.get("stranger");
        if (other == null) {
            return stop(
                    "no '" + mpirun + "' on this machine",
                    List.of(),
                    "Open MPI's mpirun starts the job from here",
                    OpenMpiLauncher.INSTALL);
        }
        return stop(
                "'" + mpirun + "' on this machine is not Open MPI's",
                List.of(),
                "it does not say a version as Open MPI's does",
                "'--set openmpi.mpirun=" + (other.isEmpty() ? "PATH" : Untrusted.line(other, 200))
                        + "' names Open MPI's where there are several");
    }

    private static List<Finding> withoutIpv4(CheckRequest request) {
        Optional<OpenMpiBuild> here = of(request.manager());
        if (here.isEmpty() || !here.get().prrte().isEmpty()) {
            return List.of();
        }
        List<ReadyNode> without = new ArrayList<>();
        for (ReadyNode node : request.launch().nodes()) {
            if (!HostfileAddress.isReadable(node)) {
                without.add(node);
            }
        }
        return without.isEmpty()
                ? List.of()
                : stop(
                        "Open MPI " + here.get().version() + " cannot reach nodes by IPv6",
                        without,
                        "no IPv4 address is known, and before version 5 its list of nodes knows no others",
                        "give them IPv4 addresses");
    }

    private static List<Finding> stop(String what, List<ReadyNode> nodes, String evidence, String hint) {
        return List.of(new Finding(Severity.STOP, what, nodes, evidence, hint));
    }

    private static String names(List<ReadyNode> nodes) {
        return NodeSet.of(nodes.stream().map(node -> node.node().name()).toList())
                .toString();
    }

    private static Map<String, String> words(Map<String, String> answers) {
        return Probe.words(answers.getOrDefault(PROBE, ""));
    }
}
