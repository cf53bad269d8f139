// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.Node;
import org.sciabc.spi.Probe;
import org.sciabc.spi.ReadyNode;

/** What the host itself asks each machine before a job. None of it runs the program. */
final class PreflightProbes {
    static final String MACHINE = "sciabc.machine";
    static final String NOW = "sciabc.now";
    static final String NETWORKS = "sciabc.networks";
    static final String LINKS = "sciabc.links";

    /** Nothing listens there as a rule: a refusal is as good as an answer, and silence means that something is in the way. */
    private static final int HIGH_PORT = 48_484;

    /** Up to so many nodes each one tries all others; of more, its neighbours in the list. */
    private static final int ALL_PAIRS = 8;

    private static final String FILE = "sciabc.file";

    /** {@code $f} is what is looked for, as a process finds it that begins here. */
    private static final String FIND = """
            case $f in
              */*) [ -e "$f" ] && p=$f ;;
              *) IFS=:; for d in $PATH; do [ -f "$d/$f" ] && [ -x "$d/$f" ] && { p=$d/$f; break; }; done; unset IFS
                [ -z "$p" ] && [ -f "./$f" ] && [ -x "./$f" ] && p=./$f ;;
            esac
            """;

    /** Processes are what a check costs: what a shell can do by itself it does, here and below. */
    private static final String DESCRIBE = """
            [ -n "$p" ] || { echo absent; exit; }
            echo "path $p"
            [ -d "$p" ] && { echo folder; exit; }
            [ -x "$p" ] && echo executable
            [ -r "$p" ] || exit
            set -- $(od -An -tx1 -N20 "$p"); IFS=; h=$*; unset IFS
            echo "head $h"
            case $p in
              /bin/* | /sbin/* | /usr/*) ;;
              *)
                s=$(sha256sum <"$p") || s=$(shasum -a 256 <"$p") || s=
                echo "sum ${s%% *}" ;;
            esac
            """;

    /**
     * Goes on where {@link #DESCRIBE} ended: {@code $p} is the file, {@code $h} how it begins. What matters most comes first:
     * no more than the beginning is kept.
     */
    static final String LIST_LIBRARIES = """
            case $h in 7f454c46*) ;; *) exit ;; esac
            case $p in */*) ;; *) p=./$p ;; esac
            list=
            for l in /lib64/ld-linux-x86-64.so.2 /lib/ld-linux-aarch64.so.1 /lib/ld-linux-armhf.so.3 /lib/ld-linux.so.2 \
                /lib/ld-linux-riscv64-lp64d.so.1 /lib64/ld64.so.2; do
              [ -x "$l" ] && list=$("$l" --list "$p") && break
              list=
            done
            [ -n "$list" ] || list=$(ldd "$p")
            others=
            set -f
            IFS='
            '
            for line in $list; do
              case $line in
                *'not found'* | *libmpi*) echo "$line" ;;
                *'=> /'*) others="$others$line
            " ;;
              esac
            done
            printf %s "$others"
            """;

    /** Where it is, and whether it is the same: what is opened is looked at anew by a network's file system, too. */
    private static final String FILE_EVIDENCE = """
            echo "at $PWD"
            if [ -n "$p" ]; then
              [ -d "$p" ] && echo folder
              [ -x "$p" ] && echo executable
              [ -r "$p" ] && echo readable && [ -f "$p" ] && true <"$p"
              on "$p"
            fi
            on /etc/ld.so.cache /etc/ld.so.preload
            """;

    /**
     * From Linux 6.1 on a file says what {@code uname} does, but to processes that are shown another machine: by
     * setarch(8), or by an emulator, whose programs are not for the machine that the file names.
     */
    private static final String ASK_MACHINE = """
            h=; for b in $(od -An -tx1 -N@BYTES@ /bin/sh); do h=$h$b; done; echo "shell $h"
            p=; k=; a=
            read -r p </proc/self/personality; read -r k </proc/sys/kernel/ostype; read -r a </proc/sys/kernel/arch
            case $a/$h in
              x86_64/@MACHINE@3e00* | x86_64/@MACHINE@0300* | aarch64/@MACHINE@b700* | aarch64/@MACHINE@2800*) ;;
              *) k= ;;
            esac
            [ "$p" = 00000000 ] && [ -n "$k" ] || { set -- $(uname -sm); k=$1; a=$2; }
            echo "kernel $k"; echo "arch $a"
            [ -r /etc/os-release ] && . /etc/os-release && echo "os $ID${VERSION_ID:+-$VERSION_ID}"
            """.replace("@BYTES@", Integer.toString(ElfHead.BYTES))
            .replace("@MACHINE@", "?".repeat(2 * ElfHead.MACHINE_AT));

    /** The lists of what is installed stand for all that packages bring, such as a launcher's libraries. */
    private static final String MACHINE_EVIDENCE = """
            on /bin/sh /etc/os-release /var/lib/dpkg/status /var/lib/rpm/rpmdb.sqlite /usr/lib/sysimage/rpm/rpmdb.sqlite
            """;

    private static final String ASK_NOW = """
            while read -r k v u; do [ "$k" = MemAvailable: ] && { echo "memory $v"; break; }; done </proc/meminfo
            n=0
            while read -r k v; do
              [ "$k" = Cpus_allowed_list: ] || continue
              IFS=,; for r in $v; do n=$((n + ${r#*-} - ${r%%-*} + 1)); done; unset IFS
              break
            done </proc/self/status
            """;

    /** The same in bash, which does not read these byte by byte. */
    private static final String ASK_NOW_IN_BASH = """
            mapfile -t -n 9 m </proc/meminfo
            for l in "${m[@]}"; do case $l in MemAvailable:*) echo "memory ${l//[!0-9]/}"; break ;; esac; done
            n=0
            mapfile -t m </proc/self/status
            for l in "${m[@]}"; do
              case $l in Cpus_allowed_list:*) ;; *) continue ;; esac
              IFS=$', \\t'; for r in ${l#*:}; do n=$((n + ${r#*-} - ${r%%-*} + 1)); done; unset IFS
              break
            done
            """;

    /**
     * Launchers keep files of a job where temporary files are. Without another process: bash gives a text that no pipe holds as
     * a file there.
     */
    private static final String TELL_ROOM_IN_BASH = """
            d=${TMPDIR:-/tmp}
            printf -v m '%070000d' 0
            [ -w "$d" ] && read -r -n 1 <<<"$m" || echo "full $d"
            """;

    private static final String TELL_NOW = """
            [ $n -gt 0 ] || n=$(getconf _NPROCESSORS_ONLN)
            echo "cores $n"
            [ -d @FOLDER@ ] && echo folder
            echo "seen ${SSH_CONNECTION%% *}"
            """;

    private static final String INTERFACES = """
            for d in /sys/class/net/*; do
              n=${d##*/}; k=; s=
              case $n in veth*) continue ;; esac
              read -r k <"$d/type"; read -r s <"$d/operstate"
              [ -e "$d/tun_flags" ] && k=tun
              if [ -d "$d/bridge" ]; then
                k=bridge
                for q in "$d"/brif/*; do [ -e "/sys/class/net/${q##*/}/device" ] && k=1; done
              fi
              echo "interface $n $k $s"
            done
            """;

    private static final String ASK_NETWORKS = INTERFACES + """
            PATH=$PATH:/usr/sbin:/sbin
            exec ip -o addr show up
            """;

    /**
     * The kernel's tables, which change with every address, cost less than to start {@code ip}. One with this machine's own
     * addresses among all routes comes twice.
     */
    private static final String NETWORKS_EVIDENCE = INTERFACES + """
            for f in fib_trie route if_inet6; do
              m=
              [ -r "/proc/net/$f" ] && while read -r t; do
                case $t in *LOCAL) m=1 ;; Local:) [ -n "$m" ] && break ;; esac
                echo "$f $t"
              done <"/proc/net/$f"
            done
            """;

    /** It knows the clock and opens connections without another process. */
    private static final String HAS_BASH = "command -v bash >/dev/null && command -v timeout >/dev/null || ";

    private static final String TELL_CLOCK_IN_BASH =
            "[ -n \"$EPOCHREALTIME\" ] && echo \"clock $EPOCHREALTIME\" || date '+clock %s.%N'\n";

    /** What is still silent after two seconds is ended with its process group. */
    private static final String TRY_SILENT = """
            once() {
              m=$(exec 2>&1 3<>"/dev/tcp/$1/$2") && m=open
              case $m in open | *refused*) echo "$1 $3-open" ;; *) echo "$1 $3-closed" ;; esac
            }
            for t; do
              once "${t%%,*}" PORT high &
              once "${t%%,*}" "${t##*,}" ssh &
            done
            wait
            """.replace("PORT", Integer.toString(HIGH_PORT));

    /**
     * As a rule each connection is refused at once, so that they are tried one after the other, in one shell that says whom
     * it tries and then what came of it; for those of which nothing was heard within a second, it is both ports at once: on a
     * loaded machine a wait has to be long, and two of them would be too long.
     */
    private static final String TRY =
            """
            each() {
              for t; do
                echo "to ${t%%,*}"
                true 3<>"/dev/tcp/${t%%,*}/PORT" && echo open
              done 2>&1
            }
            for t; do echo "${t%%,*} tried"; done
            heard=" "
            exec 9< <(each "$@")
            tries=$!
            read -r -t 1 -u 9 -N 65536 all
            IFS=$'\\n'
            for s in $all; do
              case $s in
                "to "*) a=${s#to } ;;
                open | *refused*) case $heard in *" $a "*) ;; *) echo "$a high-open"; heard="$heard$a " ;; esac ;;
              esac
            done
            unset IFS
            silent=
            for t; do case $heard in *" ${t%%,*} "*) ;; *) silent="$silent $t" ;; esac; done
            [ -n "$silent" ] || exit 0
            kill $tries
            exec timeout 2 bash --norc -c SILENT sh $silent
            """.replace("PORT", Integer.toString(HIGH_PORT)).replace("SILENT", PreflightScript.quoted(TRY_SILENT));

    private PreflightProbes() {}

    /** The files that the command needs: its program, and the script of an interpreter. */
    static List<String> files(List<String> command) {
        List<String> files = new ArrayList<>(List.of(command.get(0)));
        String name = Path.of(command.get(0).replace("\0", "")).getFileName() + "";
        if (name.matches("(python|perl|ruby|Rscript|julia|octave)[0-9.]*") && command.size() > 1) {
            String script = command.get(1);
            if (!script.startsWith("-")) {
                files.add(script.contains("/") ? script : "./" + script);
            }
        }
        return List.copyOf(files);
    }

    static String fileProbe(int number) {
        return FILE + number;
    }

    /**
     * The questions to each machine alike.
     *
     * @param folder where the person is, which is where processes begin
     */
    static List<Probe> ofEveryMachine(List<String> command, Path folder) {
        List<Probe> probes = new ArrayList<>();
        probes.add(new Probe(MACHINE, ASK_MACHINE, MACHINE_EVIDENCE));
        probes.add(new Probe(NETWORKS, ASK_NETWORKS, NETWORKS_EVIDENCE));
        List<String> files = files(command);
        for (int number = 0; number < files.size(); number++) {
            String find = find(files.get(number), folder);
            String libraries = number == 0 ? PreflightScript.mark(CheckRequest.LIBRARIES) + LIST_LIBRARIES : "";
            probes.add(new Probe(fileProbe(number), find + DESCRIBE + libraries, find + FILE_EVIDENCE));
        }
        PythonProgram.probe(command, folder).ifPresent(probes::add);
        return probes;
    }

    /** Sets {@code $p} to where a file is, as a process that begins in this folder finds it; to nothing where it is not. */
    static String find(String file, Path folder) {
        return "f=" + PreflightScript.quoted(file) + "; p=\ncd " + PreflightScript.quoted(folder.toString())
                + " 2>/dev/null || cd\n" + FIND;
    }

    /** Whom a node connects to: all others, or its neighbours, so that each pair that is tried is tried both ways. */
    static List<Integer> partners(int index, int count) {
        IntStream steps = count <= ALL_PAIRS ? IntStream.range(1, count) : IntStream.of(1, count - 1);
        return steps.map(step -> (index + step) % count).boxed().toList();
    }

    /** What is never the same for long, of this machine, which knows its clock. */
    static Probe now(Path folder) {
        return new Probe(NOW, ASK_NOW + tellNow(folder));
    }

    private static String tellNow(Path folder) {
        return TELL_NOW.replace("@FOLDER@", PreflightScript.quoted(folder.toString()));
    }

    /** The same of a node, and then connects from there to its partners, and back to this machine. */
    static Probe nowAndLinks(Path folder, int index, List<ReadyNode> nodes) {
        Set<String> tries = new LinkedHashSet<>();
        for (int partner : partners(index, nodes.size())) {
            ReadyNode other = nodes.get(partner);
            if (isUnscoped(other.address())) {
                tries.add(other.address().getHostAddress() + "," + other.node().port());
            }
        }
        // The launcher's processes on the nodes call this machine back.
        tries.add("${SSH_CONNECTION:+${SSH_CONNECTION%% *}," + HIGH_PORT + "}");
        String tell = tellNow(folder);
        String beginsLinks = PreflightScript.mark(LINKS);
        return new Probe(
                NOW,
                HAS_BASH + "{\n" + ASK_NOW + tell + "date '+clock %s.%N'\n" + beginsLinks + "exit 0; }\n"
                        + inBash(
                                ASK_NOW_IN_BASH + TELL_ROOM_IN_BASH + tell + TELL_CLOCK_IN_BASH + beginsLinks + TRY,
                                String.join(" ", tries)));
    }

    /** Connects to these addresses. */
    static Probe linksTo(List<InetAddress> addresses) {
        String others = addresses.stream()
                .map(address -> address.getHostAddress() + "," + Node.SSH_PORT)
                .distinct()
                .collect(Collectors.joining(" "));
        return new Probe(LINKS, HAS_BASH + "exit 0\n" + inBash(TRY, others));
    }

    private static String inBash(String script, String words) {
        return "exec bash --norc -c " + PreflightScript.quoted(script) + " sh " + words + "\n";
    }

    private static boolean isUnscoped(InetAddress address) {
        return !(address instanceof Inet6Address six) || !six.isLinkLocalAddress();
    }
}
