// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * Writes one file of a node by way of its shell: one command instead of a subsystem's dozen messages, and no need of SFTP on
 * the node. The end of the input says nothing about whether it was whole: it looks the same when the manager was killed. So a
 * mark that no content can know comes behind it, is looked for, and is cut off before the new file takes the old one's place.
 */
final class Upload {
    private final NodeConnection connection;
    private final String path;
    private final int mode;
    private final String temporary;
    private final String mark;

    Upload(NodeConnection connection, String path, int mode, SecureRandom random) {
        this.connection = connection;
        // Neither an option nor, to the shell, anything but a path.
        this.path = path.startsWith("/") ? path : "./" + path;
        this.mode = mode;
        int name = this.path.lastIndexOf('/') + 1;
        this.temporary = this.path.substring(0, name) + ".sciabc-" + token(random, 6);
        this.mark = token(random, 16);
    }

    private static String token(SecureRandom random, int bytes) {
        byte[] token = new byte[bytes];
        random.nextBytes(token);
        return HexFormat.of().formatHex(token);
    }

    void carryOut(InputStream content) throws SciabcException, InterruptedException {
        if (path.endsWith("/") || path.indexOf('\0') >= 0) {
            throw failed("that is not the path of a file");
        }
        InputStream marked =
                new SequenceInputStream(content, new ByteArrayInputStream(mark.getBytes(StandardCharsets.US_ASCII)));
        run(script(), marked);
    }

    /** Whatever happens, the temporary file does not stay. */
    private String script() {
        return "t=" + ShellText.quoted(temporary) + "\np=" + ShellText.quoted(path) + "\nm=" + mark
                + "\nLC_ALL=C\nexport LC_ALL\n"
                + "[ ! -d \"$p\" ] || { echo 'it is a folder' >&2; exit 1; }\n"
                + "trap 'rm -f \"$t\"' EXIT\ntrap 'exit 143' HUP INT TERM PIPE\n"
                + "umask 077\ncat >\"$t\" || exit 1\n"
                + "tail -c ${#m} \"$t\" | grep -q -x \"$m\" || { echo 'not all of it arrived' >&2; exit 1; }\n"
                + "dd if=/dev/null of=\"$t\" bs=1 seek=$(($(wc -c <\"$t\") - ${#m})) 2>/dev/null || exit 1\n"
                + "chmod " + Integer.toOctalString(mode & 07777) + " \"$t\" && mv -f \"$t\" \"$p\" || exit 1\n";
    }

    private void run(String script, InputStream input) throws SciabcException, InterruptedException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ExitStatus status = connection.run(RemoteCommand.of(script), new CommandStreams(input, said, said));
        if (!status.isOk()) {
            throw failed(reason(said.toString(StandardCharsets.UTF_8), status));
        }
    }

    /** The shell's message without the shell's name, its line and the temporary file's name. */
    private static String reason(String said, ExitStatus status) {
        String last = said.lines().filter(line -> !line.isBlank()).reduce("", (first, second) -> second);
        String cause = Untrusted.line(last.substring(last.lastIndexOf(": ") < 0 ? 0 : last.lastIndexOf(": ") + 2), 120);
        return cause.isEmpty() ? "the shell ended with status " + status.code() : cause;
    }

    private SciabcException failed(String why) {
        return new SciabcException("cannot write " + shown(), why, "");
    }

    private String shown() {
        return Untrusted.line(path, 120);
    }
}
