// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.Node;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.Subnet;

/** What mpirun writes with --tag-output and --display-map, as version 4.1.4 and version 5.0.7 wrote it. */
class TaggedOutputTest {
    private static final String MAP_OF_4 = """
             Data for JOB [26548,1] offset 0 Total slots allocated 2

             ========================   JOB MAP   ========================

             Data for node: 10.0.3.1\tNum slots: 1\tMax slots: 0\tNum procs: 1
             \tProcess OMPI jobid: [26548,1] App: 0 Process rank: 0 Bound: socket 0[core 0[hwt 0]]:[B/.]

             Data for node: 10.0.3.2\tNum slots: 1\tMax slots: 0\tNum procs: 1
             \tProcess OMPI jobid: [26548,1] App: 0 Process rank: 1 Bound: N/A

             =============================================================
            """;
    private static final String MAP_OF_5 = """

            ========================   JOB MAP   ========================
            Data for JOB prterun-59dfa3481522-7@1 offset 0 Total slots allocated 2
                Mapping policy: BYCORE:NOOVERSUBSCRIBE  Ranking policy: FILL Binding policy: CORE:IF-SUPPORTED
                Cpu set: N/A  PPR: N/A  Cpus-per-rank: N/A  Cpu Type: CORE


            Data for node: 10.0.3.1\tNum slots: 1\tMax slots: 0\tNum procs: 1
                    Process jobid: prterun-59dfa3481522-7@1 App: 0 Process rank: 0 Bound: package[0][core:0]
            Data for node: 10.0.3.2\tNum slots: 1\tMax slots: 0\tNum procs: 1
                    Process jobid: prterun-59dfa3481522-7@1 App: 0 Process rank: 1 Bound: package[0][core:1]

            =============================================================
            """;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100_000})
    void everyLineSaysItsRankAndNode(int piece) throws Exception {
        String text = MAP_OF_4 + "[1,0]<stdout>:one\n[1,1]<stdout>:  two\n\nmpirun itself\n";

        assertThat(retagged(text, piece)).isEqualTo("[0 node1] one\n[1 node2]   two\nmpirun itself\n");
    }

    @Test
    void theMapThatEveryNodePrintsIsTakenOutEachTime() throws Exception {
        String text = MAP_OF_4 + "[1,1]<stdout>:two\n" + MAP_OF_4 + "[1,0]<stdout>:one\n";

        assertThat(retagged(text, 50)).isEqualTo("[1 node2] two\n[0 node1] one\n");
    }

    @Test
    void theSpaceOfVersion5IsNotTheJobs() throws Exception {
        assertThat(retagged(MAP_OF_5 + "[1,1]<stdout>: out\n[1,0]<stdout>:  in\n", 64))
                .isEqualTo("[1 node2] out\n[0 node1]  in\n");
    }

    @Test
    void whereARankEndedWithoutALineFeedTheNextBeginsALine() throws Exception {
        assertThat(retagged(MAP_OF_4 + "[1,0]<stdout>:next[1,1]<stdout>:out\n[1,1]<stdout>:end", 64))
                .isEqualTo("[1 node2] out\n[0 node1] next\n[1 node2] end");
    }

    @Test
    void aLineThatArrivesInPiecesStaysOne() throws Exception {
        assertThat(retagged(MAP_OF_4 + "[1,0]<stdout>:a[1,0]<stdout>:b[1,0]<stdout>:\n[1,0]<stdout>:c\n", 64))
                .isEqualTo("[0 node1] ab\n[0 node1] c\n");
    }

    @Test
    void piecesOfOthersDoNotTearALine() throws Exception {
        String pieces = "[1,0]<stdout>:a[1,1]<stdout>:x[1,0]<stdout>:\n[1,1]<stdout>:y\n";

        assertThat(retagged(MAP_OF_4 + pieces, 64)).isEqualTo("[0 node1] a\n[1 node2] xy\n");
    }

    @Test
    void theMapOfANodeDoesNotTearALine() throws Exception {
        assertThat(retagged(MAP_OF_4 + "[1,0]<stdout>:a" + MAP_OF_4 + "[1,1]<stdout>:x\n[1,0]<stdout>:b\n", 64))
                .isEqualTo("[1 node2] x\n[0 node1] ab\n");
    }

    @Test
    void aLongLineThatArrivesInPiecesStaysOne() throws Exception {
        String piece = "[1,0]<stdout>:" + "x".repeat(40_000);

        assertThat(retagged(MAP_OF_4 + piece + piece + "[1,0]<stdout>:y\n", 70_000))
                .isEqualTo("[0 node1] " + "x".repeat(80_000) + "y\n");
    }

    @Test
    void bytesThatAreNoTextPass() throws Exception {
        RankMap map = RankMap.of(List.of());
        TaggedOutput output = new TaggedOutput(out, map);
        output.write((MAP_OF_4 + "[1,0]<stdout>:").getBytes(StandardCharsets.UTF_8));
        output.write(new byte[] {(byte) 0xff, 0, (byte) 0xc3, '\n'});
        output.finish();

        assertThat(out.toByteArray()).endsWith(0xff, 0, 0xc3, '\n');
    }

    @Test
    void aLineWithoutAnEndIsNotWaitedFor() throws Exception {
        TaggedOutput output = new TaggedOutput(out, map());
        output.write((MAP_OF_4 + "[1,0]<stdout>:" + "x".repeat(70_000)).getBytes(StandardCharsets.UTF_8));

        assertThat(out.size()).isGreaterThan(60_000);
    }

    private String retagged(String text, int piece) throws IOException {
        TaggedOutput output = new TaggedOutput(out, map());
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int start = 0; start < bytes.length; start += piece) {
            output.write(bytes, start, Math.min(piece, bytes.length - start));
        }
        output.finish();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static RankMap map() {
        return RankMap.of(List.of(node(1), node(2)));
    }

    private static ReadyNode node(int number) {
        var address = Subnet.parse("10.0.3." + number).orElseThrow().base();
        return new ReadyNode(Node.of("node" + number, List.of(address)), address, "pi", 1);
    }
}
