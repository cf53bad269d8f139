// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ConnectRequest;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.Provisioner;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.RemoteShellRequest;
import org.sciabc.spi.SciabcException;

/**
 * A node that is a folder of this machine: commands run here, with a home folder and a PATH of their own. On the PATH are
 * the system's tools without its package managers, and what a test puts there.
 */
final class LocalNode implements Provisioner {
    private static final Duration TURN = Duration.ofSeconds(2);

    /** Nothing that could change this machine, and nothing that would tell the tests what this machine is. */
    private static final List<String> TOOLS = List.of(
            "awk",
            "base64",
            "basename",
            "cat",
            "chmod",
            "chown",
            "cksum",
            "cmp",
            "cp",
            "cut",
            "date",
            "df",
            "dirname",
            "echo",
            "env",
            "expr",
            "false",
            "find",
            "fold",
            "grep",
            "gzip",
            "head",
            "id",
            "kill",
            "ln",
            "ls",
            "mkdir",
            "mktemp",
            "mv",
            "od",
            "printf",
            "ps",
            "readlink",
            "rm",
            "rmdir",
            "sed",
            "sha256sum",
            "sh",
            "sleep",
            "sort",
            "ssh-keygen",
            "stat",
            "sync",
            "tail",
            "tar",
            "test",
            "touch",
            "tr",
            "true",
            "uname",
            "wc",
            "xargs",
            "getconf",
            "ip");

    /** The account is called pi, whoever runs the tests. */
    private static final String FAKE_ID = """
            case "$*" in
            "") echo "uid=${FAKE_UID:-1000}(pi) gid=1000(pi) groups=1000(pi),27(${FAKE_GROUP:-sudo})" ;;
            -u) echo "${FAKE_UID:-1000}" ;;
            -un) echo pi ;;
            -Gn) echo "pi ${FAKE_GROUP:-sudo}" ;;
            "-u -- "*) grep -q -x -- "$3" "$HOME/../accounts" 2>/dev/null ;;
            esac
            """;

    /** Wants a password when there is one, and writes down what it was called with. */
    private static final String FAKE_SUDO = """
            printf '%s\n' "$*" >>"$HOME/../log/sudo"
            while [ $# -gt 0 ]; do
                case $1 in
                -n) never=yes && shift ;;
                -k | -S | -H) shift ;;
                -p | -u) shift 2 ;;
                --) shift && break ;;
                esac
            done
            if [ -n "${FAKE_PASSWORD-}" ]; then
                if [ -n "${never-}" ]; then echo 'sudo: a password is required' >&2 && exit 1; fi
                IFS= read -r given
                if [ "$given" != "$FAKE_PASSWORD" ]; then echo 'sudo: 1 incorrect password attempt' >&2 && exit 1; fi
            fi
            exec "$@"
            """;

    /** Everything that a connection was asked to run. */
    final List<String> scripts = new java.util.concurrent.CopyOnWriteArrayList<>();

    private final Path folder;
    private final String shell;
    private final Map<String, String> environment = new HashMap<>();
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger passwordless = new AtomicInteger();
    private String greeting = "";
    private boolean takesPassword = true;
    private Optional<Path> breaking = Optional.empty();
    private Optional<String> hostKey = Optional.empty();

    private LocalNode(Path folder, String shell) {
        this.folder = folder;
        this.shell = shell;
    }

    /** A node in this folder, with this shell as its {@code /bin/sh}. */
    static LocalNode in(Path folder, String shell) throws IOException {
        LocalNode node = new LocalNode(folder, shell);
        Files.createDirectories(node.home());
        Files.createDirectories(node.bin());
        Files.createDirectories(folder.resolve("root/var/lib"));
        Files.createDirectories(folder.resolve("root/etc"));
        Files.createDirectories(folder.resolve("log"));
        node.with("id", FAKE_ID);
        node.with("sudo", FAKE_SUDO);
        return node;
    }

    static LocalNode in(Path folder) throws IOException {
        return in(folder, "/bin/sh");
    }

    /** Links to the system's tools, made once. */
    private static synchronized Path tools() throws IOException {
        Path folder = Files.createDirectories(Path.of("target/local-node-tools").toAbsolutePath());
        for (String tool : TOOLS) {
            for (String place : List.of("/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/")) {
                if (Files.exists(Path.of(place + tool)) && !Files.exists(folder.resolve(tool))) {
                    Files.createSymbolicLink(folder.resolve(tool), Path.of(place + tool));
                }
            }
        }
        return folder;
    }

    /** The shells of this machine that stand for what nodes have. */
    static Stream<String> shells() {
        return Stream.of("/bin/dash", "/bin/bash", "/usr/bin/busybox sh", "/bin/mksh")
                .filter(shell -> Files.isExecutable(Path.of(shell.split(" ", -1)[0])));
    }

    Path home() {
        return folder.resolve("home");
    }

    Path bin() {
        return folder.resolve("bin");
    }

    /** What stands for the machine's {@code /etc}. */
    Path etc() {
        return folder.resolve("root/etc");
    }

    /** What a fake program wrote down. */
    List<String> log(String name) throws IOException {
        Path file = folder.resolve("log").resolve(name);
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    /** Everything that provisioning may change: names, modes, contents. */
    List<String> snapshot() throws IOException {
        List<String> lines = new java.util.ArrayList<>(FolderSnapshot.of(home()));
        lines.addAll(FolderSnapshot.of(folder.resolve("root")));
        return lines;
    }

    /** What stands for the folder of the machine's own journal. */
    NodeLayout layout() {
        return new NodeLayout(system().toString(), folder.resolve("root/sent").toString(), TURN);
    }

    /** What stands for the manager's private folder. */
    Path manager() {
        return folder.resolve("manager");
    }

    Path system() {
        return folder.resolve("root/var/lib/sciabc");
    }

    /** Puts a program on the node's PATH. */
    LocalNode with(String program, String script) throws IOException {
        Path file = bin().resolve(program);
        Files.deleteIfExists(file);
        Files.writeString(file, "#!/bin/sh\n" + script);
        Set<PosixFilePermission> mode = new HashSet<>(Files.getPosixFilePermissions(file));
        mode.add(PosixFilePermission.OWNER_EXECUTE);
        Files.setPosixFilePermissions(file, mode);
        return this;
    }

    /** What a script prints here. */
    String output(String script) throws Exception {
        var out = new java.io.ByteArrayOutputStream();
        new Connection().run(RemoteCommand.of(script), CommandStreams.to(out, out));
        return out.toString(java.nio.charset.StandardCharsets.UTF_8);
    }

    /** Sets an environment variable, as {@code NAME=value}. */
    LocalNode with(String variable) {
        environment.put(variable.substring(0, variable.indexOf('=')), variable.substring(variable.indexOf('=') + 1));
        return this;
    }

    /** Makes the login shell print this before anything else. */
    LocalNode greeting(String text) {
        greeting = text;
        return this;
    }

    /** From the time that this file is there, no connection brings a command to its end. */
    LocalNode breakingWhen(Path file) {
        breaking = Optional.of(file);
        return this;
    }

    /** What connections tell of the node's host key from now on. */
    LocalNode withHostKey(String fingerprint) {
        hostKey = Optional.of(fingerprint);
        return this;
    }

    /** Lets nobody in who comes with a password. */
    LocalNode takingNoPassword() {
        takesPassword = false;
        return this;
    }

    NodeConnection connection() {
        return new Connection();
    }

    @Override
    public String id() {
        return "local";
    }

    @Override
    public String summary() {
        return "a folder of this machine";
    }

    @Override
    public boolean supports(Feature feature) {
        return feature != Feature.PASSWORD || takesPassword;
    }

    @Override
    public NodeConnection connect(ConnectRequest request) throws SciabcException {
        if (!takesPassword && request.password().isPresent()) {
            throw new SciabcException("local takes no password", "", "");
        }
        connections.incrementAndGet();
        if (request.password().isEmpty()) {
            passwordless.incrementAndGet();
        }
        return new Connection();
    }

    @Override
    public RemoteShell remoteShell(RemoteShellRequest request) throws SciabcException {
        throw new SciabcException("not here", "", "");
    }

    private final class Connection implements NodeConnection {
        @Override
        public ExitStatus run(RemoteCommand command, CommandStreams streams)
                throws SciabcException, InterruptedException {
            scripts.add(command.script());
            Process process = start(command.script());
            Thread in = copier(() -> copy(streams.in(), process.getOutputStream(), true));
            Thread out = copier(() -> copy(process.getInputStream(), streams.out(), false));
            Thread err = copier(() -> copy(process.getErrorStream(), streams.err(), false));
            try {
                long limit = command.timeout().map(java.time.Duration::toMillis).orElse(600_000L);
                if (!process.waitFor(limit, TimeUnit.MILLISECONDS)) {
                    throw new SciabcException("the command took too long", "", "");
                }
                out.join();
                err.join();
                if (breaking.filter(Files::exists).isPresent()) {
                    throw new SciabcException("the connection broke", "", "");
                }
                return new ExitStatus(process.exitValue());
            } finally {
                // As a server does when the connection breaks: nothing is signalled, the pipes are closed.
                in.interrupt();
                close(process.getOutputStream());
            }
        }

        private Process start(String script) throws SciabcException {
            try {
                ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", script.replace("/bin/sh", shell));
                builder.environment().clear();
                builder.environment().put("HOME", home().toString());
                builder.environment().put("PATH", bin() + ":" + tools());
                builder.environment().putAll(environment);
                Process process = builder.directory(home().toFile()).start();
                return process;
            } catch (IOException unusable) {
                throw new SciabcException("cannot start a shell", "", "", unusable);
            }
        }

        private Thread copier(Runnable work) {
            Thread thread = new Thread(work, "local node");
            thread.setDaemon(true);
            thread.start();
            return thread;
        }

        private void copy(InputStream from, OutputStream to, boolean closing) {
            try {
                if (!closing && !greeting.isEmpty()) {
                    to.write(greeting.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                }
                byte[] buffer = new byte[8192];
                for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                    to.write(buffer, 0, n);
                    to.flush();
                }
            } catch (IOException ended) {
                // The other side has gone.
            } finally {
                if (closing) {
                    close(to);
                }
            }
        }

        private void close(OutputStream stream) {
            try {
                stream.close();
            } catch (IOException gone) {
                // The process has ended.
            }
        }

        @Override
        public void upload(InputStream content, String path, int mode) throws SciabcException {
            try {
                Path target = home().resolve(path);
                // Root, as whom tests may run, could; the account of a node cannot.
                if (!Files.getPosixFilePermissions(target.getParent()).contains(PosixFilePermission.OWNER_WRITE)) {
                    throw new SciabcException("cannot write " + path, "permission denied", "");
                }
                Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException unwritable) {
                throw new SciabcException("cannot write " + path, "", "", unwritable);
            }
        }

        @Override
        public Optional<String> hostKey() {
            return hostKey;
        }

        @Override
        public void close() {}
    }
}
