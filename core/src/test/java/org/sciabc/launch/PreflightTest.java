// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.Finding;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.SciabcException;

/** Whether nodes answer, whether they fit together, and what is asked of them again. */
class PreflightTest {
    @TempDir
    private Path folder;

    private FolderNodes nodes;

    @BeforeEach
    void makeNodes() throws IOException {
        nodes = FolderNodes.in(folder);
    }

    @Test
    void nothingIsFoundWhereAllIsWell() throws Exception {
        Preflight.Result result = nodes.check(List.of("sh", "-c", "true"));

        assertThat(result.findings()).filteredOn(FolderNodes::stops).isEmpty();
        assertThat(result.absences()).isEmpty();
        assertThat(result.nodes()).hasSize(3);
        assertThat(result.groups()).hasSize(1);
    }

    @Test
    void aDeadNodeIsNamedWithTheReason() throws Exception {
        Files.delete(nodes.of(2).resolve("bin"));
        Files.delete(nodes.of(2));

        assertThat(nodes.check(List.of("sh")).findings())
                .filteredOn(FolderNodes::stops)
                .extracting(Finding::what, FolderNodes::names, Finding::evidence)
                .containsExactly(tuple("no answer", "node2", "No route to host"));
    }

    @Test
    void aServerThatHangsUpForAMomentIsTriedAgain() throws Exception {
        hangingUp(4, "kex_exchange_identification: read: Connection reset by peer");

        assertThat(nodes.check(List.of("sh", "-c", "true")).findings())
                .filteredOn(FolderNodes::stops)
                .isEmpty();
        assertThat(Files.readAllLines(folder.resolve("calls"))).hasSize(5 + 2);
    }

    @Test
    void oneThatHangsUpWithoutAWordIsTriedAgainToo() throws Exception {
        hangingUp(2, "");

        assertThat(nodes.check(List.of("sh", "-c", "true")).findings())
                .filteredOn(FolderNodes::stops)
                .isEmpty();
    }

    @Test
    void oneThatGoesOnHangingUpIsNamedWithWhatThatMeans() throws Exception {
        hangingUp(1000, "kex_exchange_identification: read: Connection reset by peer");

        assertThat(nodes.check(List.of("sh")).findings())
                .filteredOn(FolderNodes::stops)
                .singleElement()
                .satisfies(finding -> {
                    assertThat(FolderNodes.names(finding)).isEqualTo("node2");
                    assertThat(finding.hint()).contains("MaxStartups").contains("PerSourcePenalties");
                });
    }

    /** The second node does so some times. */
    private void hangingUp(int times, String complaint) throws IOException {
        Path shell = folder.resolve("shell");
        Files.move(shell, folder.resolve("shell-that-works"));
        nodes.program("shell", """
                #!/bin/sh
                echo "$1" >>"%1$s/calls"
                if [ "$1" = 127.9.0.2 ] && [ "$(grep -c 127.9.0.2 "%1$s/calls")" -le %2$d ]; then
                  [ -z "%3$s" ] || echo "%3$s" >&2
                  exit 255
                fi
                exec "%1$s/shell-that-works" "$@"
                """.formatted(folder, times, complaint));
    }

    @Test
    void nodesOfDifferentBuildsStopTheJobAndAreShown() throws Exception {
        build(1, "4.1.4");
        build(2, "5.0.7");
        build(3, "4.1.4");
        Preflight.Result result = nodes.check(List.of("sh"));

        assertThat(result.findings())
                .filteredOn(FolderNodes::stops)
                .extracting(Finding::what)
                .containsExactly("the nodes do not fit together");
        assertThat(result.groups()).hasSize(2);
        assertThat(result.groups().get(0)).startsWith("node[1,3]: 4.1.4, ").endsWith("; up to 4 processes");
        assertThat(result.groups().get(1)).startsWith("node2: 5.0.7, ");
    }

    @Test
    void theLargestGroupIsUsedWhereThatIsWanted() throws Exception {
        build(1, "4.1.4");
        build(2, "5.0.7");
        build(3, "4.1.4");
        Preflight.Result result = nodes.preflight(new VersionLauncher())
                .run(
                        nodes.request(List.of("sh")),
                        new Preflight.Wanted(true, List.of()),
                        EarlierAnswers.NONE,
                        () -> {});

        assertThat(result.findings()).filteredOn(FolderNodes::stops).isEmpty();
        assertThat(result.nodes()).extracting(node -> node.node().name()).containsExactly("node1", "node3");
    }

    @Test
    void aSecondJobAsksOnlyWhatCanHaveChanged() throws Exception {
        countTheAsked();
        Preflight.Result first = nodes.check(List.of("sh"));
        Preflight.Result second = nodes.check(List.of("sh"));

        assertThat(asked()).isEqualTo(3);
        assertThat(second.groups()).isEqualTo(first.groups()).isNotEmpty();
        assertThat(second.places()).isEqualTo(first.places());
        assertThat(second.networks()).isEqualTo(first.networks());
    }

    @Test
    void whereConnectionsStayOpenTheNextJobAsksTheShellsThatWait() throws Exception {
        Preflight preflight = nodes.preflight(new VersionLauncher(), new Staying(new WaitingShells()));
        for (int job = 0; job < 3; job++) {
            preflight.run(
                    nodes.request(List.of("sh"), true),
                    new Preflight.Wanted(false, List.of()),
                    EarlierAnswers.NONE,
                    () -> {});
        }
        assertThat(connected()).isEqualTo(3);

        nodes.putEverywhere(".bashrc", "PATH=/somewhere/else:$PATH");
        preflight.run(
                nodes.request(List.of("sh"), true),
                new Preflight.Wanted(false, List.of()),
                EarlierAnswers.NONE,
                () -> {});
        assertThat(connected()).isEqualTo(6);

        preflight.run(
                nodes.request(List.of("sh"), false),
                new Preflight.Wanted(false, List.of()),
                EarlierAnswers.NONE,
                () -> {});
        assertThat(connected()).isEqualTo(9);
    }

    @Test
    void aColdJobReadsAndWritesWhatIsRememberedAsAnyOther() throws Exception {
        countTheAsked();
        nodes.check(nodes.request(List.of("sh")).cold());
        nodes.check(List.of("sh"));
        nodes.check(nodes.request(List.of("sh")).cold());

        assertThat(asked()).isEqualTo(3);
    }

    @Test
    void whatALoginShellPrintsIsNotAnAnswer() throws Exception {
        nodes.program("shell", "#!/bin/sh\necho Welcome; echo '@@sciabc'\nexec sh -c \"$2\"\n");

        assertThat(nodes.check(List.of("sh")).findings())
                .filteredOn(FolderNodes::stops)
                .isEmpty();
    }

    /** Each node notes when it is asked for its addresses, and says them as this one does. */
    private void countTheAsked() throws IOException {
        String ip = """
                #!/bin/sh
                echo >>'%s'
                PATH=/usr/sbin:/sbin:/usr/bin:/bin
                exec ip "$@"
                """.formatted(folder.resolve("asked"));
        nodes.putEverywhere("bin/ip", ip);
    }

    private int connected() throws IOException {
        return Files.readAllLines(folder.resolve("connected")).size();
    }

    private int asked() throws IOException {
        return Files.readAllLines(folder.resolve("asked")).size();
    }

    private void build(int node, String version) throws IOException {
        nodes.put(node, "version", version + "\n");
    }

    /** A process that stays, and has no trouble with its connections. */
    private record Staying(WaitingShells all) implements KeptConnections {
        @Override
        public Optional<WaitingShells> shells() {
            return Optional.of(all);
        }

        @Override
        public Set<InetAddress> openedBefore(Instant moment) {
            return Set.of();
        }

        @Override
        public RemoteShell another(Set<InetAddress> nodes) throws SciabcException {
            return NONE.another(nodes);
        }

        @Override
        public void close(Set<InetAddress> gone) {
            throw new AssertionError(gone);
        }
    }
}
