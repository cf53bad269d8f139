// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.SciabcException;

/** What a node answers about its files: lines of a kind and a value, and an end, without which it was cut off. */
record CopyAnswer(List<String> lines) {
    private static final String MARK = "@sciabc ";
    private static final int LONGEST_COMPLAINT = 64 << 10;

    /** Of the 1 MiB that a script may have. */
    private static final int MOST_IN_SCRIPT = 512 << 10;

    /** What runs a script: a connection, a remote shell, or this machine itself. */
    @FunctionalInterface
    interface Machine {
        /** Runs it to its end. */
        ExitStatus run(RemoteCommand command, CommandStreams streams) throws SciabcException, InterruptedException;
    }

    /** Asks a node. */
    static CopyAnswer of(NodeConnection connection, String script, InputStream input, long limit, Deadline deadline)
            throws SciabcException, InterruptedException {
        return of(connection::run, RemoteCommand.of(script).within(deadline.left()), input, limit);
    }

    /**
     * Asks by a command that reads a text. In the script itself it costs a node less than as input, for which a shell reads
     * its script byte by byte.
     */
    static CopyAnswer of(
            NodeConnection connection, String functions, String command, String text, long limit, Deadline deadline)
            throws SciabcException, InterruptedException {
        if (text.length() > MOST_IN_SCRIPT) {
            InputStream input = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
            return of(connection, functions + command + "\n", input, limit, deadline);
        }
        String script = functions + ShellText.withInput(command, "", text) + "\n";
        return of(connection, script, InputStream.nullInputStream(), limit, deadline);
    }

    /**
     * Asks.
     *
     * @param limit the most characters that an honest node would answer with, beyond some thousands
     */
    static CopyAnswer of(Machine machine, RemoteCommand command, InputStream input, long limit)
            throws SciabcException, InterruptedException {
        List<String> said = new ArrayList<>();
        long[] room = {limit + LONGEST_COMPLAINT};
        ByteArrayOutputStream complaints = new ByteArrayOutputStream();
        ExitStatus status;
        try (LineOutput out = new LineOutput(line -> {
                    room[0] -= line.length();
                    if (line.startsWith(MARK) && room[0] > 0) {
                        said.add(line.substring(MARK.length()));
                    }
                });
                LineOutput err = new LineOutput(line -> {
                    if (complaints.size() < LONGEST_COMPLAINT) {
                        complaints.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
                    }
                })) {
            status = machine.run(command, new CommandStreams(input, out, err));
        }
        if (!status.isOk()) {
            List<String> lines =
                    complaints.toString(StandardCharsets.UTF_8).lines().toList();
            throw new SciabcException(
                    "cannot copy",
                    lines.isEmpty()
                            ? "the node ended with status " + status.code()
                            : shown(lines.get(lines.size() - 1)),
                    "");
        }
        if (room[0] <= 0 || !said.remove("end")) {
            throw new SciabcException("cannot copy", "the node did not say all of what it has", "");
        }
        return new CopyAnswer(List.copyOf(said));
    }

    /** The values of the lines of this kind. */
    List<String> all(String kind) {
        return lines.stream()
                .filter(line -> line.startsWith(kind + " "))
                .map(line -> line.substring(kind.length() + 1))
                .toList();
    }

    /** The value of the one line of this kind. */
    String only(String kind) throws SciabcException {
        List<String> values = all(kind);
        if (values.size() != 1) {
            throw new SciabcException("cannot copy", "the node did not say all of what it has", "");
        }
        return values.get(0);
    }

    private static String shown(String line) {
        return org.sciabc.spi.Untrusted.line(line, 300);
    }
}
