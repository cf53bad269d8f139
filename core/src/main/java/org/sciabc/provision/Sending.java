// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.SciabcException;

/** Sends one node the files that its steps take from the manager: those that it needs and does not have yet. */
final class Sending {
    private static final String MARK = "@sciabc ";
    private static final int PRIVATE = 0600;

    private final Node node;
    private final NodeConnection connection;
    private final NodeLayout layout;
    private final NodeOutput output;
    private final Deadline deadline;
    private final Consumer<ProvisionEvent> events;

    Sending(
            Node node,
            NodeConnection connection,
            NodeLayout layout,
            NodeOutput output,
            Deadline deadline,
            Consumer<ProvisionEvent> events) {
        this.node = node;
        this.connection = connection;
        this.layout = layout;
        this.output = output;
        this.deadline = deadline;
        this.events = events;
    }

    /** Sends the distribution. */
    void distribution(LocalDistribution distribution) throws SciabcException, InterruptedException {
        send(
                ask("ask_for distribution.tar " + distribution.hash(), InputStream.nullInputStream()),
                Map.of("distribution.tar", distribution.archive()));
    }

    /**
     * Sends package files: of a Debian node's those that apt chooses, of others' those that are needed.
     *
     * @param names what will be installed
     * @param interrupted whether an earlier installation was cut off, so that apt has to mend before it can choose
     */
    void packages(PackageFolder folder, List<LocalPackage> files, List<String> names, boolean interrupted)
            throws SciabcException, InterruptedException {
        Map<String, Path> byPlace = new LinkedHashMap<>();
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (TarWriter tar = new TarWriter(archive)) {
            StringBuilder list = new StringBuilder();
            for (int number = 0; number < files.size(); number++) {
                OfferedPackage offer = folder.offer(files.get(number));
                if (offer.isDebian()) {
                    byte[] beginning = offer.beginning();
                    tar.add(number + ".deb", PRIVATE, beginning.length, new ByteArrayInputStream(beginning));
                }
                byPlace.put("packages/" + offer.place(number), offer.file().file());
                list.append(offer.line(number)).append('\n');
            }
            add(tar, "files", list.toString());
            add(tar, "needs", folder.needs(files));
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        String words = names.stream().map(ShellText::quote).collect(Collectors.joining(" "));
        String command = "manager=$(package_manager)\nfixing=" + (interrupted ? "--fix-broken" : "")
                + "\nchoose_packages " + words;
        send(ask(command, new ByteArrayInputStream(archive.toByteArray())), byPlace);
    }

    private static void add(TarWriter tar, String name, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        tar.add(name, PRIVATE, bytes.length, new ByteArrayInputStream(bytes));
    }

    /** Where things go, and what is wanted of them. */
    private record Answer(String folder, List<String> wanted) {}

    private Answer ask(String command, InputStream input) throws SciabcException, InterruptedException {
        String script = NodeScripts.of(NodeScripts.BASE, NodeScripts.STATE, NodeScripts.PACKAGES, NodeScripts.SEND)
                + "\nset -e\nsciabc_login=$(id -un)\n" + layout.sentVariable()
                + "\nopen_sent\nsay \"@sciabc sent $sciabc_sent\"\n" + command + "\nsay '@sciabc end'\n";
        List<String> answers = new ArrayList<>();
        NodeOutput said = new NodeOutput();
        ExitStatus status;
        try (LineOutput out = new LineOutput(line -> {
                    if (line.startsWith(MARK)) {
                        answers.add(line.substring(MARK.length()));
                    }
                });
                LineOutput err = new LineOutput(line -> output.add(said.add(line)))) {
            status = connection.run(
                    RemoteCommand.of(script).within(deadline.left()), new CommandStreams(input, out, err));
        }
        Optional<String> folder = answers.stream()
                .filter(answer -> answer.startsWith("sent "))
                .map(answer -> answer.substring("sent ".length()))
                .findFirst();
        if (!status.isOk() || folder.isEmpty() || !answers.contains("end")) {
            String why = reason(said.lines());
            throw new SciabcException(
                    "cannot send what is to be installed",
                    why.isEmpty() ? "the node ended with status " + status.code() : why,
                    "are all packages that these depend on among the files, for this distribution?");
        }
        return new Answer(
                folder.get(),
                answers.stream()
                        .filter(answer -> answer.startsWith("wanted "))
                        .map(answer -> answer.substring("wanted ".length()))
                        .toList());
    }

    /** apt names what cannot be had before it says that something cannot be had. */
    private static String reason(List<String> said) {
        return said.stream()
                .map(String::strip)
                .filter(line -> line.matches(".*(Depends|Conflicts|Breaks): .*"))
                .findFirst()
                .orElseGet(() -> NodeOutput.reason(said));
    }

    private void send(Answer answer, Map<String, Path> files) throws SciabcException, InterruptedException {
        int number = 0;
        for (String wanted : answer.wanted()) {
            Path file = files.get(wanted);
            if (file == null) {
                throw new SciabcException(
                        "cannot send what is to be installed", "the node asks for something else", "");
            }
            events.accept(new ProvisionEvent.Sending(
                    node, ++number, answer.wanted().size(), file.getFileName().toString()));
            try (InputStream content = Files.newInputStream(file)) {
                connection.upload(content, answer.folder() + "/" + wanted, PRIVATE);
            } catch (IOException unreadable) {
                throw new SciabcException("cannot send " + file, "it cannot be read any more", "", unreadable);
            }
        }
    }
}
