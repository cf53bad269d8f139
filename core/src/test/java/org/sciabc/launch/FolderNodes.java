// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.sciabc.spi.Finding;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Node;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.Settings;
import org.sciabc.spi.Subnet;

/**
 * Three "nodes" that are folders of this machine, with programs of their own, behind a remote shell that is a script.
 * {@code sh} is what it is given to run, and it runs it.
 */
final class FolderNodes {
    private final Path folder;
    private final Path shell;

    private FolderNodes(Path folder) throws IOException {
        this.folder = folder;
        this.shell = program("shell", """
                #!/bin/sh
                # ADDRESS COMMAND: each node has a folder with what its commands are, and they begin there.
                echo >>"%1$s/connected"
                [ -d "%1$s/$1" ] || { echo "ssh: connect to host $1 port 22: No route to host" >&2; exit 255; }
                cd "%1$s/$1" && HOME=$PWD PATH="$PWD/bin:$PATH" exec sh -c "$2"
                """.formatted(folder));
        for (int number = 1; number <= 3; number++) {
            Files.createDirectories(of(number).resolve("bin"));
        }
    }

    static FolderNodes in(Path folder) throws IOException {
        return new FolderNodes(folder);
    }

    /** The folder that a node is. */
    Path of(int number) {
        return folder.resolve("127.9.0." + number);
    }

    /** Puts a program or file onto a node. */
    void put(int number, String name, String content) throws IOException {
        program(of(number).resolve(name).toString(), content);
    }

    /** Puts it onto each of them. */
    void putEverywhere(String name, String content) throws IOException {
        for (int number = 1; number <= 3; number++) {
            put(number, name, content);
        }
    }

    /** Puts a program beside the nodes; {@code shell} is what reaches them. */
    Path program(String name, String content) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    LaunchRequest request(List<String> command) throws Exception {
        return request(command, false);
    }

    /** One whose connections stay open, or do not. */
    LaunchRequest request(List<String> command, boolean staysOpen) throws Exception {
        return new LaunchRequest(
                new LaunchRequest.Job(command, OptionalInt.empty(), Map.of(), false),
                Stream.of(1, 2, 3).map(FolderNodes::node).toList(),
                folder.resolve("nodes.txt"),
                List.of(Subnet.parse("127.9.0.0/24").orElseThrow()),
                new RemoteShell(List.of(shell.toString()), staysOpen),
                Settings.defaults(List.of()),
                folder,
                new OwnProcesses(System.getenv("PATH"), Duration.ofSeconds(2)));
    }

    Preflight preflight(VersionLauncher launcher) {
        return preflight(launcher, KeptConnections.NONE);
    }

    Preflight preflight(VersionLauncher launcher, KeptConnections kept) {
        return new Preflight(launcher, folder.resolve("nowhere"), InstantSource.system(), kept);
    }

    Preflight.Result check(LaunchRequest request) throws Exception {
        return preflight(new VersionLauncher())
                .run(request, new Preflight.Wanted(false, List.of()), EarlierAnswers.NONE, () -> {});
    }

    Preflight.Result check(List<String> command) throws Exception {
        return check(request(command));
    }

    static boolean stops(Finding finding) {
        return finding.severity() == Finding.Severity.STOP;
    }

    static String names(Finding finding) {
        return Unreachable.names(finding.nodes());
    }

    private static ReadyNode node(int number) {
        var address = Subnet.parse("127.9.0." + number).orElseThrow().base();
        return new ReadyNode(Node.of("node" + number, List.of(address)), address, "pi", 2);
    }
}
