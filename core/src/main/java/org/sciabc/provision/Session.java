// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import org.sciabc.provision.Facts.Place;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Secret;

/**
 * Runs scripts on one node as root or as the account in use. The script goes through standard input, behind the password
 * where sudo wants one: nothing of either shows in a list of processes.
 */
final class Session {
    private static final String SHELL = "/bin/sh -s --";

    /** Between the password and the script. */
    private static final String MARK = "@sciabc here begins the script";

    /** A sudo that wants no password this time leaves it in the input, where it would be run as a command. */
    private static final String PAST_THE_PASSWORD =
            "while IFS= read -r line && [ \"$line\" != '" + MARK + "' ]; do :; done; exec \"$@\"";

    /** Not every su can be told which shell to take. */
    private static final String BECOME = """
            name=$1
            shift
            if [ "$(uname -s)" = Darwin ]; then exec su "$name" -c 'exec /bin/sh -s -- "$@"' "$@"; fi
            exec su -s /bin/sh -c 'exec /bin/sh -s -- "$@"' "$name" "$@"
            """;

    private final NodeConnection connection;
    private final Privilege.Level level;
    private final Optional<Secret> password;
    private final Optional<String> account;

    /**
     * For one node.
     *
     * @param account the account in use; absent means the one that the connection came with
     */
    Session(NodeConnection connection, Privilege.Level level, Optional<Secret> password, Optional<String> account) {
        this.connection = connection;
        this.level = level;
        this.password = password;
        this.account = account;
    }

    /**
     * Runs a script to its end; what it says comes line by line.
     *
     * @throws SciabcException when the connection broke or the time is up
     * @throws InterruptedException when the thread was interrupted; everything that the script started is being ended
     */
    ExitStatus run(Place place, String script, Deadline deadline, Consumer<String> lines)
            throws SciabcException, InterruptedException {
        Optional<String> command = command(place);
        if (command.isEmpty()) {
            throw new SciabcException(
                    "cannot act as root there", Privilege.of(level).describe(), "");
        }
        HeldInput input = new HeldInput(input(place, script));
        BoundedLines bounded = new BoundedLines(lines);
        ExitStatus status;
        try (LineOutput out = new LineOutput(bounded);
                LineOutput err = new LineOutput(bounded)) {
            status = connection.run(
                    RemoteCommand.of(command.get()).within(deadline.left()), new CommandStreams(input, out, err));
        } finally {
            input.release();
        }
        if (bounded.isExceeded()) {
            throw new SciabcException(
                    "cannot follow what is said there", "it is more than " + (BoundedLines.MOST >> 20) + " MiB", "");
        }
        return status;
    }

    private Optional<String> command(Place place) {
        String port = "flag=\nport=${SSH_CONNECTION-}\nport=${port##* }\n";
        String arguments = " \"$(id -un)\" \"${HOME:-/}\" \"$port\" \"$flag\"";
        return shell(place)
                .map(shell ->
                        port + (shell.startsWith("sudo") ? tidily(shell + arguments) : "exec " + shell + arguments));
    }

    /** Debian's sudo leaves a file in the home folder of who used it first. Root removes it at once: nobody may be left to. */
    private static String tidily(String sudo) {
        return "flag=${HOME:-/}/.sudo_as_admin_successful\nif [ -e \"$flag\" ]; then flag=; fi\n"
                + sudo
                + "\nstatus=$?\nif [ -n \"$flag\" ]; then rm -f -- \"$flag\"; fi\nexit \"$status\"\n";
    }

    private Optional<String> shell(Place place) {
        boolean another = place == Place.HOME && account.isPresent();
        if (place == Place.HOME && !another) {
            return Optional.of(SHELL);
        }
        String asRoot = another ? as(account.get()) : SHELL;
        return switch (level) {
            case ROOT -> Optional.of(asRoot);
            case SUDO -> Optional.of("sudo -k -n -- " + asRoot);
            case SUDO_WITH_PASSWORD ->
                Optional.of(
                        "sudo -k -S -p '' -- /bin/sh -c " + ShellText.quote(PAST_THE_PASSWORD) + " sciabc " + asRoot);
            case PASSWORD_NEEDED, NONE -> Optional.empty();
        };
    }

    /** From root, whom everybody has to become: sudo may not let who may become root become anybody else. */
    private static String as(String name) {
        return "/bin/sh -c " + ShellText.quote(BECOME) + " sciabc " + ShellText.quote(name) + " sciabc";
    }

    private byte[] input(Place place, String script) {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        boolean viaSudo = place == Place.SYSTEM || account.isPresent();
        if (viaSudo && level == Privilege.Level.SUDO_WITH_PASSWORD) {
            input.writeBytes(password.map(Secret::utf8).orElse(new byte[0]));
            input.writeBytes(("\n" + MARK + "\n").getBytes(StandardCharsets.UTF_8));
        }
        input.writeBytes(script.getBytes(StandardCharsets.UTF_8));
        return input.toByteArray();
    }

    /** Whoever reads keeps much of it: a node cannot fill the memory, neither with long lines nor with short ones. */
    private static final class BoundedLines implements Consumer<String> {
        /** A journal of some hundred changes, which a session ends with, takes a third of it. */
        private static final int MOST = 64 << 20;

        private static final int OF_EACH_LINE = 64;

        private final Consumer<String> lines;
        private int taken;

        BoundedLines(Consumer<String> lines) {
            this.lines = lines;
        }

        @Override
        public synchronized void accept(String line) {
            if (isExceeded()) {
                return;
            }
            taken += line.length() + OF_EACH_LINE;
            if (!isExceeded()) {
                lines.accept(line);
            }
        }

        synchronized boolean isExceeded() {
            return taken > MOST;
        }
    }
}
