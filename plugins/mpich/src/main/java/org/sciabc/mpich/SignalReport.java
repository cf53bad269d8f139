// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.mpich;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sciabc.spi.ExitStatus;

/**
 * Standard output on its way through. Hydra ends with the bare number of the signal that ended a process, as if the program
 * had returned it; which of the two it was, it says in words alone.
 */
final class SignalReport extends OutputStream {
    private static final Pattern EXIT_STRING =
            Pattern.compile("APPLICATION TERMINATED WITH THE EXIT STRING: .*\\(signal (\\d{1,2})\\)");
    private static final int LONGEST_LINE = 400;

    private final OutputStream out;
    private final StringBuilder line = new StringBuilder();
    private OptionalInt signal = OptionalInt.empty();

    SignalReport(OutputStream out) {
        this.out = out;
    }

    /** The status as a shell counts. */
    synchronized ExitStatus statusOf(ExitStatus status) {
        read();
        return signal.isPresent() && signal.getAsInt() == status.code()
                ? ExitStatus.signalled(signal.getAsInt())
                : status;
    }

    @Override
    public synchronized void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        String text = new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
        for (int index = 0; index < text.length(); index++) {
            char character = text.charAt(index);
            if (character == '\n') {
                read();
            } else if (line.length() < LONGEST_LINE) {
                line.append(character);
            }
        }
        out.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    private void read() {
        Matcher matcher = EXIT_STRING.matcher(line);
        if (matcher.find()) {
            signal = OptionalInt.of(Integer.parseInt(matcher.group(1)));
        }
        line.setLength(0);
    }
}
