// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.spi.Secret;

/** Asks the person at the keyboard, one question at a time; without a terminal, names the option that answers instead. */
public final class Questions {
    private static final int LONGEST_PASSWORD = 4096;
    private final Terminal terminal;
    private final boolean alwaysYes;

    /**
     * Questions on this terminal.
     *
     * @param alwaysYes whether every yes-or-no question is already answered ({@code --yes})
     */
    public Questions(Terminal terminal, boolean alwaysYes) {
        this.terminal = terminal;
        this.alwaysYes = alwaysYes;
    }

    /**
     * Asks a question to be answered with yes or no; no is the default.
     *
     * @param option the option that would have answered it
     * @throws CliFailure when there is nobody to ask
     * @throws InterruptedException when the thread was interrupted
     */
    public synchronized boolean agrees(String question, String option) throws CliFailure, InterruptedException {
        if (alwaysYes) {
            return true;
        }
        if (!terminal.canAsk()) {
            throw CliFailure.usage(
                    question, "there is no terminal to ask on", "give " + option + " to agree beforehand");
        }
        String answer = answer(question + " [y/N] ");
        return answer.equals("y") || answer.equals("yes");
    }

    /** Asks a question and returns what was typed, stripped and in lower case; only where there is somebody to ask. */
    public synchronized String answer(String question) throws CliFailure, InterruptedException {
        terminal.asking(true);
        try {
            terminal.err().print(question);
            terminal.err().flush();
            return typed().strip().toLowerCase(Locale.ROOT);
        } finally {
            terminal.asking(false);
        }
    }

    /**
     * Asks for a password, which is not shown.
     *
     * @throws CliFailure when there is nobody to ask
     * @throws InterruptedException when the thread was interrupted; the terminal is as it was before
     */
    public synchronized Secret password(String prompt) throws CliFailure, InterruptedException {
        if (!terminal.canAsk()) {
            throw CliFailure.usage(
                    "a password is needed",
                    "there is no terminal to ask on",
                    "give --password-file FILE, or '-' for standard input");
        }
        terminal.requireOwn();
        Echo echo = Echo.off();
        try {
            terminal.err().print(prompt);
            terminal.err().flush();
            return Secret.of(typed());
        } finally {
            echo.close();
            terminal.err().println();
        }
    }

    /**
     * Reads the first line of a file, or of standard input for {@code -}.
     *
     * @throws InterruptedException when the thread was interrupted
     */
    public Secret passwordFrom(String file) throws CliFailure, InterruptedException {
        try {
            return Secret.of(aside(() -> firstLine(file)));
        } catch (ExecutionException unreadable) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    file.equals("-") ? "cannot read standard input" : "cannot read the password file '" + file + "'",
                    whyNot(file),
                    "--password-file takes a file whose first line is the password, or '-' for standard input");
        }
    }

    private String firstLine(String file) throws IOException {
        if (file.equals("-")) {
            return readLine(terminal.in());
        }
        try (InputStream content = Files.newInputStream(Path.of(file))) {
            return readLine(content);
        }
    }

    private static String whyNot(String file) {
        if (file.equals("-")) {
            return "it ended unexpectedly";
        }
        try {
            Path path = Path.of(file);
            if (Files.isDirectory(path)) {
                return "it is a folder";
            }
            return Files.exists(path) ? "it is not readable" : "there is no such file";
        } catch (java.nio.file.InvalidPathException impossible) {
            return "no file can be called that";
        }
    }

    private String typed() throws CliFailure, InterruptedException {
        try {
            return aside(() -> readLine(terminal.in()));
        } catch (ExecutionException failed) {
            throw CliFailure.usage("cannot read standard input", "it ended unexpectedly", "");
        }
    }

    /**
     * Reads on a thread of its own: neither a read of a terminal or a pipe nor the opening of one can be interrupted, and Ctrl-C
     * must work there.
     */
    private static String aside(Callable<String> read) throws ExecutionException, InterruptedException {
        FutureTask<String> reading = new FutureTask<>(read);
        Thread reader = new Thread(reading, "answer");
        reader.setDaemon(true);
        reader.start();
        return reading.get();
    }

    /** Reads bytes up to a line feed, and not one more: the rest belongs to whoever reads next. */
    private static String readLine(InputStream in) throws IOException {
        byte[] line = new byte[LONGEST_PASSWORD];
        int length = 0;
        for (int next = in.read(); next >= 0 && next != '\n' && length < line.length; next = in.read()) {
            line[length++] = (byte) next;
        }
        int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        String text = new String(line, 0, end, StandardCharsets.UTF_8);
        java.util.Arrays.fill(line, (byte) 0);
        return text;
    }
}
