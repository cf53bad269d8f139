// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
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
 * the node. The end of the input says nothing about whether it was whole, so that the size is compared before the new file
 * takes the old one's place: at once where the content is small, in a second command where its size is known only later.
 */
final class Upload {
    private static final int SMALL = 256 * 1024;

    private final NodeConnection connection;
    private final String path;
    private final int mode;
    private final String temporary;

    Upload(NodeConnection connection, String path, int mode, SecureRandom random) {
        this.connection = connection;
        // Neither an option nor, to the shell, anything but a path.
        this.path = path.startsWith("/") ? path : "./" + path;
        this.mode = mode;
        byte[] token = new byte[6];
        random.nextBytes(token);
        int name = this.path.lastIndexOf('/') + 1;
        this.temporary =
                this.path.substring(0, name) + ".sciabc-" + HexFormat.of().formatHex(token);
    }

    void carryOut(InputStream content) throws SciabcException, InterruptedException {
        if (path.endsWith("/") || path.indexOf('\0') >= 0) {
            throw failed("that is not the path of a file");
        }
        byte[] beginning = beginning(content);
        if (beginning.length < SMALL) {
            run(receive() + replace(beginning.length), new ByteArrayInputStream(beginning));
            return;
        }
        Counted all = new Counted(new SequenceInputStream(new ByteArrayInputStream(beginning), content));
        run(receive() + "trap - EXIT\n", all);
        run(names() + cleaning() + replace(all.count), InputStream.nullInputStream());
    }

    private byte[] beginning(InputStream content) throws SciabcException {
        try {
            return content.readNBytes(SMALL);
        } catch (IOException failure) {
            throw new SciabcException(
                    "cannot read what is to be written to " + shown(),
                    Untrusted.line(String.valueOf(failure.getMessage()), 120),
                    "",
                    failure);
        }
    }

    private String names() {
        return "t=" + ShellText.quoted(temporary) + "\np=" + ShellText.quoted(path) + "\nLC_ALL=C\nexport LC_ALL\n";
    }

    /** Whatever happens, the temporary file does not stay. */
    private static String cleaning() {
        return "trap 'rm -f \"$t\"' EXIT\ntrap 'exit 143' HUP INT TERM\n";
    }

    private String receive() {
        return names() + "[ ! -d \"$p\" ] || { echo 'it is a folder' >&2; exit 1; }\n" + cleaning()
                + "umask 077\ncat >\"$t\" || exit 1\n";
    }

    private String replace(long size) {
        return "[ \"$(wc -c <\"$t\")\" -eq " + size + " ] || { echo 'not all of it arrived' >&2; exit 1; }\n" + "chmod "
                + Integer.toOctalString(mode & 07777) + " \"$t\" && mv -f \"$t\" \"$p\" || exit 1\n";
    }

    private void run(String script, InputStream input) throws SciabcException, InterruptedException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ExitStatus status = connection.run(RemoteCommand.of(script), new CommandStreams(input, said, said));
        if (!status.isOk()) {
            throw failed(reason(said.toString(java.nio.charset.StandardCharsets.UTF_8), status));
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

    /** Counts what was read. */
    private static final class Counted extends FilterInputStream {
        private long count;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count += read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            count += Math.max(0, read);
            return read;
        }
    }
}
