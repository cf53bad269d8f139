// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteShellRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * The configuration with which OpenSSH's client reaches the cluster's nodes, as ssh_config(5) describes it. Another process
 * may be launching on other nodes with the same file: what it wrote about them stays. Every launch comes past here, and a
 * plugin's lambdas cost a millisecond each: there are none but one.
 */
final class SshConfigFile {
    private static final int MOST_BLOCKS = 2_000;

    /** A socket's path has room for 104 bytes (macOS), of which OpenSSH takes 17 while it makes one. */
    private static final int LONGEST_SOCKET_PATH = 86;

    /** What it is called in the state folder. */
    static final String NAME = "ssh_config";

    /** The folder of the sockets, in the state folder. */
    static final String SOCKETS = "ssh";

    /** Of a process that leaves nothing open; its number follows. */
    private static final String OWN = "ssh_config_of_";

    /** What a launch opened that was killed, and could not close it, closes by itself. */
    private static final Duration UNATTENDED = Duration.ofSeconds(10);

    private static final int SOCKET_NAME = 12;

    private static final String LOOPBACK = "127.0.0.1";

    /** Without those that resist quantum computers: they cost 70 ms of CPU a connection, on a network of one's own. */
    private static final List<String> KEY_EXCHANGES = List.of(
            "curve25519-sha256",
            "curve25519-sha256@libssh.org",
            "ecdh-sha2-nistp256",
            "ecdh-sha2-nistp384",
            "ecdh-sha2-nistp521",
            "diffie-hellman-group16-sha512",
            "diffie-hellman-group14-sha256");

    private final RemoteShellRequest request;
    private final SshSettings settings;
    private final Surroundings surroundings;
    private final KnownHosts knownHosts;
    private final ShortWays shortWays;

    SshConfigFile(RemoteShellRequest request, SshSettings settings, Surroundings surroundings, ShortWays shortWays) {
        this.request = request;
        this.settings = settings;
        this.surroundings = surroundings;
        this.knownHosts = new KnownHosts(request.stateFolder(), surroundings.userFolder());
        this.shortWays = shortWays;
    }

    /** Writes it, and says where it is: by a path without spaces. */
    Path write() throws SciabcException, InterruptedException {
        ShortWays.Begun ways = shortWays.begin(request.isCold() ? request.nodes() : List.of());
        String common = common();
        List<Block> blocks = blocks(ways);
        String name = request.isCold() ? ownName() : NAME;
        AtomicFile file = AtomicFile.ownerOnlyAt(request.stateFolder().resolve(name));
        if (request.isCold()) {
            removeThoseOfEndedProcesses();
            file.write(text(blocks, "", common));
        } else {
            file.update(present -> text(blocks, present.orElse(""), common));
        }
        return StateAlias.of(request.stateFolder(), Integer.MAX_VALUE, surroundings)
                .resolve(name);
    }

    /** What it is called for this process alone. */
    static String ownName() {
        return OWN + ProcessHandle.current().pid();
    }

    /** What the files of other processes, and this one, are called. */
    static List<String> namesOfLivingProcesses(Path stateFolder) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(stateFolder, OWN + "*")) {
            for (Path file : files) {
                if (!isOfEndedProcess(file)) {
                    names.add(String.valueOf(file.getFileName()));
                }
            }
        }
        return names;
    }

    private static boolean isOfEndedProcess(Path file) {
        String process = String.valueOf(file.getFileName()).substring(OWN.length());
        return process.matches("\\d{1,9}")
                && ProcessHandle.of(Long.parseLong(process)).isEmpty();
    }

    private void removeThoseOfEndedProcesses() throws SciabcException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(request.stateFolder(), OWN + "*")) {
            for (Path file : files) {
                if (isOfEndedProcess(file)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException failure) {
            throw new SciabcException(
                    "cannot clean up " + request.stateFolder(),
                    Untrusted.line(String.valueOf(failure.getMessage()), 200),
                    "",
                    failure);
        }
    }

    /** What is said about one node: the names that it goes by, and lines. */
    private record Block(List<String> names, String lines) {
        boolean sharesNameWith(List<Block> others) {
            for (Block other : others) {
                if (!Collections.disjoint(names, other.names)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public String toString() {
            return "Host " + String.join(" ", names) + "\n" + lines;
        }
    }

    private static String text(List<Block> fresh, String present, String common) {
        List<Block> all = new ArrayList<>(fresh);
        for (Block old : parse(present)) {
            if (!old.sharesNameWith(fresh)) {
                all.add(old);
            }
        }
        StringBuilder text = new StringBuilder("# Written by sciabc, for launchers. Each launch writes it again.\n");
        for (Block block : all.subList(0, Math.min(all.size(), MOST_BLOCKS))) {
            text.append(block);
        }
        return text.append(common).toString();
    }

    private static List<Block> parse(String text) {
        List<Block> blocks = new ArrayList<>();
        for (String part : text.split("(?m)^(?=Host )", -1)) {
            int end = part.indexOf('\n');
            if (part.startsWith("Host ") && !part.startsWith("Host *") && end > 0) {
                String names = part.substring("Host ".length(), end);
                blocks.add(new Block(List.of(names.split(" ", -1)), part.substring(end + 1)));
            }
        }
        return blocks;
    }

    private List<Block> blocks(ShortWays.Begun ways) throws SciabcException, InterruptedException {
        List<Block> blocks = new ArrayList<>();
        Optional<Path> sockets = sockets();
        Map<ReadyNode, Integer> ports = ways.ports();
        for (ReadyNode node : request.nodes()) {
            Block block = block(node, sockets, Optional.ofNullable(ports.get(node)));
            if (block.sharesNameWith(blocks)) {
                throw new SciabcException(
                        "two nodes have the address " + address(node),
                        "a launcher knows nodes by their address alone",
                        "leave one of them out");
            }
            blocks.add(block);
        }
        return blocks;
    }

    private Block block(ReadyNode ready, Optional<Path> sockets, Optional<Integer> way) throws SciabcException {
        Endpoint endpoint = new Endpoint(ready.address(), ready.node().port());
        List<String> names = new ArrayList<>(List.of(address(ready)));
        if (isKnownByName(ready)) {
            names.add(ready.node().name());
        }
        names.addAll(otherNames(ready));
        String lines =
                line("HostName", way.isPresent() ? LOOPBACK : address(ready).replace("%", "%%"))
                        + line("Port", Integer.toString(way.orElse(endpoint.port())))
                        + line("User", ready.user())
                        + line("HostKeyAlias", knownHosts.lookUpName(ready.node(), endpoint))
                        + (sockets.isPresent() ? line("ControlPath", sockets.get() + "/" + socketName(ready)) : "");
        return new Block(names, lines);
    }

    /** Some launchers know nodes by IPv4 addresses alone. */
    private List<String> otherNames(ReadyNode ready) {
        if (ready.address() instanceof Inet4Address) {
            return List.of();
        }
        return ready.node().addresses().stream()
                .filter(Inet4Address.class::isInstance)
                .filter(address -> request.nodes().stream()
                        .noneMatch(other -> !other.equals(ready)
                                && (other.address().equals(address)
                                        || other.node().addresses().contains(address))))
                .map(InetAddress::getHostAddress)
                .toList();
    }

    /** Unless the node's name could be taken for the address or the name of another one: names are announced. */
    private boolean isKnownByName(ReadyNode ready) {
        String name = ready.node().name();
        int bearers = 0;
        for (ReadyNode other : request.nodes()) {
            bearers += other.node().name().equalsIgnoreCase(name) ? 1 : 0;
        }
        return bearers == 1 && !name.toLowerCase(Locale.ROOT).matches("[0-9.]+|0x[0-9a-f.x]+");
    }

    private String common() throws SciabcException {
        boolean hasOwnKey = Files.exists(ClusterKey.fileIn(request.stateFolder()));
        List<String> lines = new ArrayList<>();
        lines.add("Host *\n");
        for (Path identity : identities()) {
            lines.add(line("IdentityFile", quoted(identity)));
        }
        // Before a cluster's key was made, the agent's keys are what there is.
        lines.add(line("IdentitiesOnly", hasOwnKey || !settings.userKeys() ? "yes" : "no"));
        lines.add(line("UserKnownHostsFile", quoted(knownHosts.file())));
        lines.add(line("GlobalKnownHostsFile", "/dev/null"));
        lines.add(line("StrictHostKeyChecking", "yes"));
        lines.add(line("CheckHostIP", "no"));
        lines.add(line("BatchMode", "yes"));
        lines.add(line("ConnectTimeout", "10"));
        lines.add(line(
                "ServerAliveInterval",
                Long.toString(Math.max(1, settings.patience().toSeconds() / 4))));
        lines.add(line("ServerAliveCountMax", "3"));
        lines.add(line("KexAlgorithms", String.join(",", KEY_EXCHANGES)));
        lines.add(line("ForwardAgent", "no"));
        lines.add(line("ForwardX11", "no"));
        lines.add(line("LogLevel", "ERROR"));
        if (sharesConnections()) {
            Duration idle = request.isCold() ? UNATTENDED : settings.keepOpen();
            lines.add(line("ControlMaster", "auto"));
            lines.add(line("ControlPersist", Long.toString(Math.max(1, idle.toSeconds()))));
        }
        return String.join("", lines);
    }

    private List<Path> identities() {
        List<Path> files = new ArrayList<>(List.of(ClusterKey.fileIn(request.stateFolder())));
        if (settings.identity().isPresent()) {
            files.add(settings.identity().get());
        }
        if (settings.userKeys()) {
            for (String usual : Identities.USUAL_FILES) {
                files.add(surroundings.userFolder().resolve(usual));
            }
        }
        List<Path> usable = new ArrayList<>();
        for (Path file : files) {
            Path absolute = file.toAbsolutePath().normalize();
            if (PrivateKeyFile.needsNothingElse(absolute)) {
                usable.add(absolute);
            }
        }
        return usable;
    }

    /** Within one launch, too: its checks and the launcher log in once. */
    private boolean sharesConnections() {
        return request.isCold() || settings.keepsOpen();
    }

    /** Where the sockets of open connections are. */
    private Optional<Path> sockets() throws SciabcException {
        if (!sharesConnections()) {
            return Optional.empty();
        }
        try {
            Path folder = request.stateFolder().resolve(SOCKETS);
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            int longest = LONGEST_SOCKET_PATH - SOCKET_NAME - SOCKETS.length() - 2;
            return Optional.of(
                    StateAlias.of(request.stateFolder(), longest, surroundings).resolve(SOCKETS));
        } catch (IOException failure) {
            throw new SciabcException(
                    "cannot keep connections open",
                    Untrusted.line(String.valueOf(failure.getMessage()), 200),
                    "",
                    failure);
        }
    }

    private String socketName(ReadyNode ready) {
        String target = ready.user() + "@" + address(ready) + ":" + ready.node().port();
        return StateAlias.shortName(request.isCold() ? target + " " + ownName() : target);
    }

    private static String address(ReadyNode ready) {
        return ready.address().getHostAddress();
    }

    private static String line(String keyword, String value) {
        return "  " + keyword + " " + value + "\n";
    }

    private static String quoted(Path file) throws SciabcException {
        return "\"" + path(file) + "\"";
    }

    /** A path as ssh_config(5) takes it. Older versions know no way to write a double quote or a backslash. */
    private static String path(Path file) throws SciabcException {
        String text = file.toString();
        if (text.contains("\"") || text.contains("\\") || text.contains("${") || hasControlCharacter(text)) {
            throw new SciabcException(
                    "cannot write a configuration for ssh",
                    "it has no way to write the path " + Untrusted.line(text, 200),
                    "SCIABC_HOME can name a folder whose path has no quotes, backslashes or ${");
        }
        return text.replace("%", "%%");
    }

    private static boolean hasControlCharacter(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (Character.isISOControl(text.charAt(at))) {
                return true;
            }
        }
        return false;
    }
}
