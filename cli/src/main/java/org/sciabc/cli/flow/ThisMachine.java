// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.sciabc.spi.Hardware;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.Untrusted;

/** What this machine can say about itself; what it cannot find out is left out. */
public final class ThisMachine {
    private static final int BYTES_A_KIB = 1024;
    private static final int HOME_FIELD = 5;
    private static final int LONGEST_ID = 100;
    private static final Pattern ANNOUNCED_ID = Pattern.compile("<txt-record>id=([^<]+)</txt-record>");

    private final Path root;

    /**
     * A machine whose files are below this folder.
     *
     * @param root {@code /}
     */
    public ThisMachine(Path root) {
        this.root = root;
    }

    /** This machine as a node of a cluster. Its addresses are left to the backends, which know their networks. */
    public Node describe(NodeId id, String cluster, String user, int sshPort) {
        Node node = Node.of(name(), List.of())
                .withId(id)
                .withCluster(cluster)
                .withUser(user)
                .withPort(sshPort)
                .withHardware(hardware());
        return hostKey().map(node::withHostKey).orElse(node);
    }

    /** The name that this machine goes by. */
    public String name() {
        return firstLine("proc/sys/kernel/hostname")
                .or(() -> Optional.ofNullable(System.getenv("HOSTNAME")))
                .map(name -> name.replaceFirst("\\..*", ""))
                .flatMap(Untrusted::nodeName)
                .orElse("node");
    }

    /** The id that provisioning gave to this machine. */
    public Optional<NodeId> provisionedId() {
        return firstLine("var/lib/sciabc/id").flatMap(NodeId::parse);
    }

    /** The id that Avahi announces this machine with, where 'sciabc announce --install' has written what it announces. */
    Optional<NodeId> announcedId() {
        List<String> lines = lines(AnnounceInstallation.AVAHI_FILE.substring(1)).toList();
        if (lines.stream().noneMatch(line -> line.contains(AnnounceInstallation.MARK))) {
            return Optional.empty();
        }
        return lines.stream()
                .map(ANNOUNCED_ID::matcher)
                .filter(Matcher::find)
                .flatMap(found -> NodeId.parse(found.group(1)).stream())
                .findFirst();
    }

    /** The id that an account of this machine announces it with, where it has its files in their usual place. */
    Optional<NodeId> idOf(String account) {
        return lines("etc/passwd")
                .filter(line -> line.startsWith(account + ":"))
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length > HOME_FIELD && fields[HOME_FIELD].startsWith("/"))
                .map(fields -> fields[HOME_FIELD].substring(1) + "/.local/state/sciabc/node-id")
                .filter(this::isShortAndPlain)
                .findFirst()
                .flatMap(this::firstLine)
                .flatMap(NodeId::parse);
    }

    /** Who may write there could put anything in its place, and this reads it as root. */
    private boolean isShortAndPlain(String file) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(root.resolve(file), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile() && attributes.size() <= LONGEST_ID;
        } catch (IOException absent) {
            return false;
        }
    }

    private Hardware hardware() {
        return new Hardware(
                OptionalInt.of(Runtime.getRuntime().availableProcessors()), memoryBytes(), arch(), operatingSystem());
    }

    private OptionalLong memoryBytes() {
        return lines("proc/meminfo")
                .filter(line -> line.matches("MemTotal:\\s+\\d+ kB"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * BYTES_A_KIB)
                .findFirst();
    }

    private static Optional<String> arch() {
        String arch = System.getProperty("os.arch", "");
        return Untrusted.word(arch.equals("amd64") ? "x86_64" : arch);
    }

    private Optional<String> operatingSystem() {
        Optional<String> id = osRelease("ID");
        Optional<String> version = osRelease("VERSION_ID");
        return id.map(name -> version.map(number -> name + "-" + number).orElse(name))
                .or(() -> Optional.of(System.getProperty("os.name", "").toLowerCase(Locale.ROOT)))
                .flatMap(Untrusted::word);
    }

    private Optional<String> osRelease(String key) {
        return lines("etc/os-release")
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1).replace("\"", ""))
                .findFirst();
    }

    /** The fingerprint of the key that sshd presents first. */
    private Optional<String> hostKey() {
        return Stream.of("ed25519", "ecdsa", "rsa")
                .flatMap(type -> firstLine("etc/ssh/ssh_host_" + type + "_key.pub").stream())
                .map(line -> line.split(" "))
                .filter(words -> words.length >= 2)
                .flatMap(words -> fingerprint(words[1]).stream())
                .findFirst();
    }

    private static Optional<String> fingerprint(String base64) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(Base64.getDecoder().decode(base64));
            return Optional.of("SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash));
        } catch (IllegalArgumentException notAKey) {
            return Optional.empty();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Optional<String> firstLine(String file) {
        return lines(file).findFirst().map(String::strip).filter(line -> !line.isEmpty());
    }

    private Stream<String> lines(String file) {
        try {
            return Files.readString(root.resolve(file), StandardCharsets.ISO_8859_1)
                    .lines();
        } catch (IOException absentOrPrivate) {
            return Stream.empty();
        }
    }
}
