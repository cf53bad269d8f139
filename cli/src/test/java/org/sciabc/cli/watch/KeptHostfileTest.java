// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.Node;
import org.sciabc.spi.Notice;
import org.sciabc.spi.ReadyNode;

class KeptHostfileTest implements KeptHostfile.Ear {
    @TempDir
    private Path folder = Path.of("");

    private final List<String> heard = new ArrayList<>();
    private long now;

    @Test
    void growsAndShrinks() throws IOException {
        KeptHostfile kept = kept("nodes.txt");
        kept.keep(nodes("a", "b"), true, now);
        assertThat(folder.resolve("nodes.txt")).hasContent("a\nb\n");
        kept.keep(nodes("b"), true, now);
        assertThat(folder.resolve("nodes.txt")).hasContent("b\n");
        kept.keep(nodes(), true, now);
        assertThat(folder.resolve("nodes.txt")).isEmptyFile();
        assertThat(heard).containsExactly("nodes.txt 2", "nodes.txt 1", "nodes.txt 0");
    }

    @Test
    void isLeftAloneWhileItIsTrue() throws IOException {
        Files.writeString(folder.resolve("nodes.txt"), "a\n");
        var before = Files.getLastModifiedTime(folder.resolve("nodes.txt"));
        kept("nodes.txt").keep(nodes("a"), true, now);
        assertThat(Files.getLastModifiedTime(folder.resolve("nodes.txt"))).isEqualTo(before);
        assertThat(heard).containsExactly("nodes.txt 1");
    }

    @Test
    void isMendedWhenSomebodyElseChangedOrRemovedIt() throws IOException {
        KeptHostfile kept = kept("nodes.txt");
        kept.keep(nodes("a"), true, now);
        Files.delete(folder.resolve("nodes.txt"));
        kept.keep(nodes("a"), true, now);
        assertThat(folder.resolve("nodes.txt")).hasContent("a\n");
        Files.writeString(folder.resolve("nodes.txt"), "mine\n");
        kept.keep(nodes("a"), true, now);
        assertThat(folder.resolve("nodes.txt")).hasContent("a\n");
    }

    @Test
    void isNotEmptiedWithoutANetworkAndSaysSoOnce() throws IOException {
        KeptHostfile kept = kept("nodes.txt");
        kept.keep(nodes("a", "b"), true, now);
        kept.keep(nodes(), false, now);
        kept.keep(nodes(), false, now);
        assertThat(folder.resolve("nodes.txt")).hasContent("a\nb\n");
        assertThat(heard)
                .containsExactly("nodes.txt 2", "WARNING this machine has no network: nodes.txt is kept as it was");
        kept.keep(nodes(), true, now);
        assertThat(folder.resolve("nodes.txt")).isEmptyFile();
    }

    @Test
    void nodesOnThisMachineAreListedWithoutANetwork() {
        kept("nodes.txt").keep(nodes("a"), false, now);
        assertThat(folder.resolve("nodes.txt")).hasContent("a\n");
    }

    @Test
    void whatCannotBeWrittenIsSaidAgainNowAndThenUntilItCan() throws IOException {
        KeptHostfile kept = kept("missing/nodes.txt");
        kept.keep(nodes("a"), true, now);
        kept.keep(nodes("a"), true, now);
        assertThat(heard).hasSize(1);
        assertThat(heard.get(0)).startsWith("WARNING cannot write ").contains("there is no folder", "goes on");
        pass(Duration.ofSeconds(31));
        kept.keep(nodes("a"), true, now);
        assertThat(heard).hasSize(2);
        Files.createDirectory(folder.resolve("missing"));
        kept.keep(nodes("a"), true, now);
        assertThat(folder.resolve("missing/nodes.txt")).hasContent("a\n");
        assertThat(heard.subList(2, 4))
                .containsExactly("nodes.txt 1", "INFO nodes.txt can be written again, and is true");
    }

    @Test
    void anEmptyListIsKnownAsOneInEveryForm() throws IOException {
        Files.writeString(folder.resolve("nodes.txt"), "header\n");
        KeptHostfile withHeader =
                new KeptHostfile(folder.resolve("nodes.txt"), nodes -> "header\n" + text(nodes), this);
        assertThat(withHeader.listsAnything()).isFalse();
        assertThat(kept("nodes.txt").listsAnything()).isTrue();
        assertThat(kept("no-such-file").listsAnything()).isFalse();
    }

    @Override
    public void lists(Path file, int nodes) {
        heard.add(file.getFileName() + " " + nodes);
    }

    @Override
    public void notice(Notice notice) {
        heard.add(notice.level() + " "
                + notice.text().replace(folder + "/missing/", "").replace(folder + "/", ""));
    }

    private KeptHostfile kept(String name) {
        return new KeptHostfile(folder.resolve(name), KeptHostfileTest::text, this);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private static String text(List<ReadyNode> nodes) {
        return nodes.stream().map(node -> node.node().name() + "\n").collect(Collectors.joining());
    }

    private static List<ReadyNode> nodes(String... names) {
        InetAddress address = InetAddress.getLoopbackAddress();
        return Stream.of(names)
                .map(name -> new ReadyNode(Node.of(name, List.of(address)), address, "pi", 1))
                .toList();
    }
}
