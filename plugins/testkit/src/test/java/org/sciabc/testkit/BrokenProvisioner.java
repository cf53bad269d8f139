// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.pf4j.Extension;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ConnectException;
import org.sciabc.spi.ConnectException.Kind;
import org.sciabc.spi.ConnectRequest;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.RemoteShellRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Secret;

/** Provisioners that each do one thing wrong. */
final class BrokenProvisioner {
    private BrokenProvisioner() {}

    /** One whose connections are broken. */
    @Extension
    public static class WithConnection extends LocalProvisioner {
        private final Function<Path, NodeConnection> connections;

        /** A right one, for the host. */
        public WithConnection() {
            this(LocalConnection::new);
        }

        WithConnection(Function<Path, NodeConnection> connections) {
            this.connections = connections;
        }

        @Override
        NodeConnection connection(Path home) {
            return connections.apply(home);
        }
    }

    /** Returns while output is still under way. */
    static final class DroppingOutput extends LocalConnection {
        DroppingOutput(Path home) {
            super(home);
        }

        @Override
        OutputStream out(CommandStreams streams) {
            return new OutputStream() {
                private int left = 100_000;

                @Override
                public void write(int oneByte) throws IOException {
                    write(new byte[] {(byte) oneByte}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    left -= length;
                    if (left > 0) {
                        streams.out().write(bytes, offset, length);
                    }
                }
            };
        }
    }

    /** Delivers output when all of it is there. */
    static final class Hoarding extends LocalConnection {
        Hoarding(Path home) {
            super(home);
        }

        @Override
        ExitStatus attend(Process process, RemoteCommand command, CommandStreams streams)
                throws SciabcException, InterruptedException {
            ByteArrayOutputStream hoard = new ByteArrayOutputStream();
            try {
                return super.attend(process, command, new CommandStreams(streams.in(), hoard, streams.err()));
            } finally {
                try {
                    streams.out().write(hoard.toByteArray());
                } catch (IOException e) {
                    process.destroy();
                }
            }
        }
    }

    /** Waits for input that nobody needs any more. */
    static final class Thirsty extends LocalConnection {
        Thirsty(Path home) {
            super(home);
        }

        @Override
        void finish(Thread in, Thread out, Thread err) throws InterruptedException {
            in.join();
            super.finish(in, out, err);
        }
    }

    /** Takes everything for a success. */
    static final class Optimistic extends LocalConnection {
        Optimistic(Path home) {
            super(home);
        }

        @Override
        ExitStatus status(Process process) {
            return ExitStatus.OK;
        }
    }

    /** Passes no input on. */
    static final class Deaf extends LocalConnection {
        Deaf(Path home) {
            super(home);
        }

        @Override
        ExitStatus attend(Process process, RemoteCommand command, CommandStreams streams)
                throws SciabcException, InterruptedException {
            return super.attend(process, command, CommandStreams.to(streams.out(), streams.err()));
        }
    }

    /** Hands the script over as an argument, whose length is limited. */
    static final class Argumentative extends LocalConnection {
        private final Path home;

        Argumentative(Path home) {
            super(home);
            this.home = home;
        }

        @Override
        Process start(String script) throws SciabcException {
            try {
                Files.createDirectories(home);
                return new ProcessBuilder("/bin/sh", "-c", script)
                        .directory(home.toFile())
                        .start();
            } catch (IOException e) {
                throw new SciabcException("cannot run a command", "the script is too long", "", e);
            }
        }
    }

    /** Leaves running what it should end. */
    static final class Abandoning extends LocalConnection {
        Abandoning(Path home) {
            super(home);
        }

        @Override
        void kill(Process process) {}
    }

    /** Does not look at the time. */
    static final class Timeless extends LocalConnection {
        Timeless(Path home) {
            super(home);
        }

        @Override
        ExitStatus attend(Process process, RemoteCommand command, CommandStreams streams)
                throws SciabcException, InterruptedException {
            return super.attend(process, RemoteCommand.of(command.script()), streams);
        }
    }

    /** Closes what it wrote to. */
    static final class Closing extends LocalConnection {
        Closing(Path home) {
            super(home);
        }

        @Override
        ExitStatus attend(Process process, RemoteCommand command, CommandStreams streams)
                throws SciabcException, InterruptedException {
            ExitStatus status = super.attend(process, command, streams);
            try {
                streams.out().close();
            } catch (IOException e) {
                throw new SciabcException("cannot run a command", "something broke", "", e);
            }
            return status;
        }
    }

    /** Works when it is closed. */
    static final class Undead extends LocalConnection {
        Undead(Path home) {
            super(home);
        }

        @Override
        void requireOpen() {}
    }

    /** Writes into the file that is to be replaced. */
    static final class Overwriting extends LocalConnection {
        private final Path home;

        Overwriting(Path home) {
            super(home);
            this.home = home;
        }

        @Override
        public void upload(InputStream content, String path, int mode) throws SciabcException {
            try {
                Files.createDirectories(home);
                Files.copy(content, home.resolve(path), StandardCopyOption.REPLACE_EXISTING);
                Files.setPosixFilePermissions(home.resolve(path), permissions(mode));
            } catch (IOException e) {
                throw new SciabcException("cannot write the file", "something broke", "", e);
            }
        }
    }

    /** Forgets the mode. */
    static final class Modeless extends LocalConnection {
        Modeless(Path home) {
            super(home);
        }

        @Override
        public void upload(InputStream content, String path, int mode) throws SciabcException, InterruptedException {
            super.upload(content, path, 0644);
        }
    }

    /** Trusts everybody. */
    public static class Credulous extends LocalProvisioner {
        @Override
        void checkKey(ConnectRequest request) {}
    }

    /** Asks again. */
    public static class Forgetful extends LocalProvisioner {
        @Override
        void remember(Path known) {}
    }

    /** Tells the password. */
    public static class Telltale extends LocalProvisioner {
        @Override
        SciabcException wrong(Secret password) {
            return new ConnectException(
                    Kind.AUTHENTICATION, "cannot log in", "it does not take " + new String(password.characters()), "");
        }
    }

    /** Says that it takes no passwords, and ignores them. */
    public static class DenyingPasswords extends LocalProvisioner {
        @Override
        public boolean supports(Feature feature) {
            return feature != Feature.PASSWORD;
        }

        @Override
        void checkPassword(Optional<Secret> password) {}
    }

    /** Says that it cannot upload, and does. */
    public static class DenyingUploads extends LocalProvisioner {
        @Override
        public boolean supports(Feature feature) {
            return feature != Feature.UPLOAD;
        }
    }

    /** Waits longer than it may. */
    public static class Patient extends LocalProvisioner {
        @Override
        void greet(Node node, Duration timeout) throws SciabcException, InterruptedException {
            super.greet(node, timeout.plusSeconds(3));
        }
    }

    /** Goes on when it is interrupted. */
    public static class Stubborn extends LocalProvisioner {
        @Override
        void greet(Node node, Duration timeout) throws SciabcException, InterruptedException {
            try {
                super.greet(node, timeout);
            } catch (InterruptedException e) {
                super.greet(node, Duration.ofSeconds(3));
            }
        }
    }

    /** Names another reason. */
    public static class Guessing extends LocalProvisioner {
        @Override
        void greet(Node node, Duration timeout) throws SciabcException, InterruptedException {
            try {
                super.greet(node, timeout);
            } catch (ConnectException e) {
                throw new ConnectException(Kind.SILENT, e.what(), e.why(), "", e);
            }
        }
    }

    /** Counts on the PATH. */
    public static class Pathless extends LocalProvisioner {
        @Override
        public RemoteShell remoteShell(RemoteShellRequest request) throws SciabcException {
            return new RemoteShell(List.of("sh", "-c", "shift; exec \"$@\"", "sh"));
        }
    }

    /** One with this in place of a remote shell: a script for a shell, which is given address and program. */
    @Extension
    public static class WithShell extends LocalProvisioner {
        private final String script;

        /** A right one, for the host. */
        public WithShell() {
            this("shift; exec /bin/sh -c \"$*\"");
        }

        WithShell(String script) {
            this.script = script;
        }

        @Override
        public RemoteShell remoteShell(RemoteShellRequest request) throws SciabcException {
            return new RemoteShell(List.of("/bin/sh", "-c", script, "sh"));
        }
    }

    /** Says that it has no remote shell, and has one. */
    public static class DenyingShell extends LocalProvisioner {
        @Override
        public boolean supports(Feature feature) {
            return feature != Feature.REMOTE_SHELL;
        }
    }
}
