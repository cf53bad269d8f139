// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The examples, compiled or in Python, on nodes that have what provisioning brings and no more. The manager has a compiler for C
 * until it is taken away; the third node has several of its own and joins late. The acts of one story, so that their order
 * matters.
 */
@RequiresContainerEngine
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BuildIT {
    private static final Duration PROVISIONING = Duration.ofMinutes(8);
    private static final String EXAMPLES = ManagerContainer.DISTRIBUTION + "/examples/";
    private static final Pattern PICTURE = Pattern.compile("picture: `sciabc (launch [^`]*)`");
    private static final Pattern MENDING = Pattern.compile("hint: '(sciabc provision [^']*)'");
    private static final String MODULES = "/usr/lib/python3/dist-packages/";

    @AutoClose
    private static Lab lab;

    private static Jobs jobs;

    @BeforeAll
    static void makeTwoNodesReady() {
        lab = Lab.of(MachineImage.BARE_MPICH, MachineImage.BARE_MPICH, MachineImage.TOOLS);
        jobs = new Jobs(lab);
        lab.nodes().subList(0, 2).forEach(NodeContainer::announceAs2016);
        provision("provision", "--user", "pi", "--expect", "2", "--for", "20s", "--accept-new-host-keys");
        lab.manager().write("/tmp/hello.cpp", """
                #include <iostream>
                #include <string>
                #include <mpi.h>
                int main(int argc, char **argv) {
                    int rank, ranks;
                    MPI_Init(&argc, &argv);
                    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
                    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
                    std::cout << std::string("C++ rank ") + std::to_string(rank) + " of " + std::to_string(ranks) + "\\n";
                    MPI_Finalize();
                }
                """);
        lab.manager().write("/tmp/hello.f90", """
                program hello
                  use mpi
                  implicit none
                  integer :: rank, ranks, failure
                  call MPI_Init(failure)
                  call MPI_Comm_rank(MPI_COMM_WORLD, rank, failure)
                  call MPI_Comm_size(MPI_COMM_WORLD, ranks, failure)
                  print '(a,i0,a,i0)', 'Fortran rank ', rank, ' of ', ranks
                  call MPI_Finalize(failure)
                end program hello
                """);
    }

    @Test
    @Order(1)
    void thisMachineCompilesForNodesThatCannot() {
        Result result = launch("-v", "--build", "--", EXAMPLES + "hello.c").succeeded();

        assertThat(result.stderr()).contains("hello.c on this machine (Debian GNU/Linux 12 (bookworm) on x86_64)");
        assertThat(result.stdout()).contains("rank 0 of 2 on node1", "rank 1 of 2 on node2");
    }

    @ParameterizedTest
    @Order(2)
    @ValueSource(strings = {"pi.c", "ring.c", "hello.py", "pi.py 200000", "ring.py"})
    void theOtherExamplesRunAsTheyAre(String example) {
        String language = example.contains(".c") ? "--build " : "";

        assertThat(jobs.inFolder(
                                ManagerContainer.DISTRIBUTION + "/examples",
                                "launch --user pi --known --slots 1 " + language + "-- " + example)
                        .succeeded()
                        .stdout())
                .containsAnyOf("of 2 on node2", "ranks   = 2", "ranks     = 2");
        assertNothingIsLeft();
    }

    @Test
    @Order(3)
    void thePictureOfTheReadmeComesHomeAndIsOne() throws IOException {
        Matcher readme = PICTURE.matcher(Files.readString(Project.root().resolve("README.md")));
        assertThat(readme.find()).isTrue();
        lab.manager().sh("mkdir -m 777 -p /tmp/heat && cp " + EXAMPLES + "heat.* /tmp/heat/");

        lab.manager()
                .run(Command.script("cd /tmp/heat && PATH=" + ManagerContainer.DISTRIBUTION + "/bin:$PATH && sciabc "
                                + readme.group(1))
                        .as(ManagerContainer.USER)
                        // All machines of a lab share the processors of one: who waits has to let others run.
                        .with("OMPI_MCA_mpi_yield_when_idle", "1")
                        .within(PROVISIONING))
                .succeeded();
        jobs.inFolder("/tmp/heat", "launch --slots 2 --fetch heat.ppm --results c --build -- heat.c 40 100")
                .succeeded();
        jobs.inFolder("/tmp/heat", "launch --slots 2 --fetch '*.ppm' --results py -- heat.py 40 100")
                .succeeded();

        assertThat(lab.manager().sh("cd /tmp/heat && find . -name '*.ppm' -size +0 | sort"))
                .isEqualTo("./c/node1/heat.ppm\n./py/node1/heat.ppm\n./results/node1/heat.ppm\n");
        String head = "P6\n300 300\n255\n";
        String picture = "/tmp/heat/results/node1/heat.ppm";
        assertThat(lab.manager().sh("head -3 " + picture)).isEqualTo(head);
        assertThat(lab.manager().sh("stat -c %s " + picture).strip())
                .isEqualTo(Integer.toString(head.length() + 300 * 300 * 3));
        // Hot at one side and cold at the other, whatever the language.
        assertThat(lab.manager().sh("tail -c +" + (head.length() + 1) + " " + picture + " | head -c 3 | od -An -tx1"))
                .isNotEqualTo(lab.manager().sh("tail -c 3 " + picture + " | od -An -tx1"));
        lab.manager().sh("cmp /tmp/heat/c/node1/heat.ppm /tmp/heat/py/node1/heat.ppm");
    }

    @Test
    @Order(4)
    void whatIsNoSourceIsRefusedAndWhatDoesNotCompileIsNotStarted() {
        lab.manager().write("/tmp/notes.txt", "");

        lab.manager().write("/tmp/wrong.c", "int main(void) { return nothing; }\n");
        Result wrong = launch("--build", "--", "/tmp/wrong.c");

        assertThat(wrong.exitStatus()).isEqualTo(75);
        assertThat(wrong.stderr())
                .contains(
                        "undeclared (first use in this function)",
                        "error: cannot compile tmp/wrong.c: the compiler ended");
        assertNothingIsLeft();
        assertUsage(launch("--build", "--", "/tmp/gone.c"), "there is no file /tmp/gone.c to compile");
        assertUsage(launch("--build", "--", "/tmp/notes.txt"), "cannot compile /tmp/notes.txt: --build knows C (.c)");
        assertUsage(launch("--build", "--no-stage", "--", EXAMPLES + "hello.c"), "--no-stage does not go with");
    }

    @Test
    @Order(5)
    void whereNobodyCanCompileTheCommandThatMendsItIsNamedAndDoes() {
        lab.manager().sh("mv /usr/bin/opal_wrapper /usr/bin/opal_wrapper.away");

        Result refused = launch("--build", "--", EXAMPLES + "hello.c");

        assertThat(refused.exitStatus()).as(refused.toString()).isEqualTo(75);
        assertThat(refused.stderr())
                .contains("hello.c for node[1-2]: no MPI compiler for C works there, nor on this machine");
        assertNothingIsLeft();
        Matcher mending = MENDING.matcher(refused.stderr());
        assertThat(mending.find()).as(refused.stderr()).isTrue();
        assertThat(mending.group(1)).isEqualTo("sciabc provision node1 --set openmpi.compilers=c");

        provision(mending.group(1).replace("sciabc ", "").split(" ", -1));
        Result built = launch("-v", "--build", "--", EXAMPLES + "hello.c").succeeded();

        assertThat(built.stderr()).contains("hello.c on node1 (");
        assertThat(built.stdout()).contains("rank 0 of 2 on node1", "rank 1 of 2 on node2");
        assertNothingIsLeft();
    }

    @Test
    @Order(6)
    void anyNodeOfTheKindCompilesNotOnlyTheFirst() {
        lab.node(3).announceAs2016();
        provision("provision", "--user", "pi", "--expect", "3", "--for", "20s", "--accept-new-host-keys");

        Result cxx = launch("-v", "--build", "--", "/tmp/hello.cpp").succeeded();
        Result fortran = launch("--build", "-v", "--", "/tmp/hello.f90").succeeded();

        assertThat(cxx.stderr()).contains("compiling tmp/hello.cpp on node3 (");
        assertThat(cxx.stdout().lines()).hasSize(3).contains("C++ rank 2 of 3");
        assertThat(fortran.stderr()).contains("compiling tmp/hello.f90 on node3 (");
        assertThat(fortran.stdout().lines()).hasSize(3).contains("Fortran rank 2 of 3");
    }

    @Test
    @Order(7)
    void aNodeWithoutMpi4pyIsNamedWithWhatInstallsIt() {
        lab.node(2).sh("mv " + MODULES + "mpi4py /root/");
        try {
            Result refused = launch("--", "python3", EXAMPLES + "hello.py");

            assertThat(refused.exitStatus()).as(refused.toString()).isEqualTo(75);
            assertThat(refused.stderr())
                    .contains("error: mpi4py is missing on node2: ", "hint: 'sciabc provision node2' installs it");
            lab.node(2).sh("mv /usr/bin/python3 /root/");
            assertThat(launch("--", EXAMPLES + "hello.py").stderr())
                    .contains("'python3' is missing on node2", "mpi4py is missing on node2");
        } finally {
            lab.node(2).sh("cd /root && mv mpi4py " + MODULES + " && { [ ! -L python3 ] || mv python3 /usr/bin/; }");
        }
        assertThat(launch("--", EXAMPLES + "hello.py").succeeded().stdout()).contains("rank 1 of 3 on node2");
    }

    @Test
    @Order(8)
    void mpi4pyForTheOtherFamilyIsNamedBeforeEachProcessIsAlone() {
        assertThat(launch("--launcher", "mpich", "--", "python3", EXAMPLES + "hello.py")
                        .stderr())
                .containsPattern(
                        "error: mpi4py is built for Open MPI on node\\[1-3]: " + MODULES
                                + "mpi4py/MPI\\S+ is linked with libmpi.so.40; under MPICH each of its processes would be rank 0 of 1");
        String place = "/usr/local/lib/python3.11/dist-packages/mpi4py";
        lab.node(1)
                .sh("mkdir -p " + place + " && cd " + place
                        + " && touch __init__.py && echo 'int f(void){return 0;}' >f.c"
                        + " && gcc -shared -fPIC -Wl,-soname,libmpich.so.12 -o libmpich.so.12 f.c"
                        + " && echo 'int f(void); int g(void){return f();}' >g.c"
                        + " && gcc -shared -fPIC -o MPI.so g.c ./libmpich.so.12");
        try {
            Result refused = launch("--", "python3", EXAMPLES + "hello.py");

            assertThat(refused.exitStatus()).as(refused.toString()).isEqualTo(75);
            assertThat(refused.stderr())
                    .contains(
                            "error: mpi4py is built for MPICH on node1: " + place
                                    + "/MPI.so is linked with libmpich.so.12",
                            "rank 0 of 1",
                            "'sciabc provision node1' installs that of the system");
        } finally {
            lab.node(1).sh("rm -r " + place);
        }
    }

    private static void assertUsage(Result result, String said) {
        assertThat(result.exitStatus()).as(result.toString()).isEqualTo(64);
        assertThat(result.stderr()).contains(said);
    }

    private static void assertNothingIsLeft() {
        lab.nodes().forEach(node -> assertThat(node.sh("ls /tmp")).doesNotContain("sciabc-"));
        assertThat(lab.manager().sh("ls /tmp")).doesNotContain("sciabc-build-");
    }

    private static void provision(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--yes", "--password-file", "-"));
        lab.manager()
                .run(lab.manager()
                        .command(all.toArray(String[]::new))
                        .reading(NodeContainer.PASSWORD + "\n")
                        .within(PROVISIONING))
                .succeeded();
    }

    private static Result launch(String... arguments) {
        List<String> words = new ArrayList<>(List.of("--slots", "1"));
        words.addAll(List.of(arguments));
        return jobs.launch(words.toArray(String[]::new));
    }
}
