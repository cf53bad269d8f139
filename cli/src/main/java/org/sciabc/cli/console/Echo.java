// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.sciabc.cli.CliFailure;

/**
 * The terminal's echo, off while this is open. {@code java.io.Console} would need standard output to be a terminal, too,
 * which it is not in {@code sciabc ... --json | jq}; so stty(1) is asked, on the terminal itself.
 */
final class Echo implements AutoCloseable {
    private static final File TERMINAL = new File("/dev/tty");

    private final String before;

    private Echo(String before) {
        this.before = before;
    }

    static Echo off() throws CliFailure, InterruptedException {
        String before = stty("-g");
        stty("-echo");
        return new Echo(before);
    }

    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            stty(before);
        } catch (CliFailure | InterruptedException unrestorable) {
            System.err.println("warning: the terminal may not show what you type; 'stty sane' mends it");
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String stty(String argument) throws CliFailure, InterruptedException {
        try {
            Process process = new ProcessBuilder("stty", argument)
                    .redirectInput(TERMINAL)
                    .redirectErrorStream(true)
                    .start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            if (process.waitFor() == 0) {
                return answer.strip();
            }
        } catch (IOException missing) {
            throw cannotHide();
        }
        throw cannotHide();
    }

    private static CliFailure cannotHide() {
        return CliFailure.usage(
                "a password cannot be asked for here",
                "the terminal's echo cannot be turned off",
                "give --password-file FILE");
    }
}
