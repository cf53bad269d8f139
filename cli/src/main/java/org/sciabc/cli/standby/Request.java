// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.standby;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One command, as the start script lays it on the desk: its arguments, what its streams are, and named pipes for them.
 *
 * @param desk the folder that holds it
 * @param arguments the words after the program's name
 * @param terminals the digits of those of its streams that are terminals
 * @param columns the width of the terminal, where there is one
 * @param lines its height
 * @param client the process whose command it is
 */
record Request(Path desk, List<String> arguments, String terminals, String columns, String lines, long client) {
    private static final Charset OF_COMMAND_LINES =
            Charset.forName(System.getProperty("sun.jnu.encoding", StandardCharsets.UTF_8.name()));

    static Request on(Path desk) throws IOException {
        // As Java reads the words of a process of its own: what is no text there is none here.
        String words = new String(Files.readAllBytes(desk.resolve("arguments")), OF_COMMAND_LINES);
        String[] arguments = words.split("\0", -1);
        String[] about = Files.readString(desk.resolve("client")).split("\n", -1);
        try {
            return new Request(
                    desk,
                    List.copyOf(Arrays.asList(arguments).subList(0, arguments.length - 1)),
                    about[1],
                    about[2],
                    about[3],
                    Long.parseLong(about[0]));
        } catch (IndexOutOfBoundsException | NumberFormatException partly) {
            throw new IOException("this is no command: " + desk, partly);
        }
    }

    /** Whether whoever asked is still there. */
    boolean hasClient() {
        return isAlive(client);
    }

    /** Whether somebody is about to ask, or to hear the answer. */
    static boolean hasClient(Path desk) {
        try {
            return isAlive(on(desk).client());
        } catch (IOException none) {
            return false;
        }
    }

    private static boolean isAlive(long process) {
        return ProcessHandle.of(process).filter(ProcessHandle::isAlive).isPresent();
    }

    /** Whether it was taken back before it began. */
    boolean isInterrupted() {
        return Files.exists(desk.resolve("interrupted"));
    }

    /** The variables of the command: those of this process, but for the size of its terminal. */
    Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("COLUMNS", columns);
        environment.put("LINES", lines);
        return environment;
    }

    /** Nobody is at the other end any more: whoever waits for its input is not to wait for ever. */
    void release() throws IOException {
        Path in = desk.resolve("in");
        if (Files.exists(in)) {
            LateInput.release(in);
        }
    }

    /** Its streams; opening waits for the other ends, of the input when it is read. */
    Streams open() throws IOException {
        InputStream in =
                Files.exists(desk.resolve("in")) ? new LateInput(desk.resolve("in")) : InputStream.nullInputStream();
        FileOutputStream out = new FileOutputStream(desk.resolve("out").toFile());
        // Where both lead to one place they share a pipe: lines arrive there in the order in which they were written.
        FileOutputStream err = Files.exists(desk.resolve("err"))
                ? new FileOutputStream(desk.resolve("err").toFile())
                : out;
        FileOutputStream done = new FileOutputStream(desk.resolve("done").toFile());
        return new Streams(in, out, err, done);
    }

    /** The streams of a command. */
    record Streams(InputStream in, OutputStream out, OutputStream err, OutputStream done) {

        /** Ends the command: says how, when all of its output is on its way. */
        void end(String status) throws IOException {
            out.close();
            err.close();
            in.close();
            done.write((status + "\n").getBytes(StandardCharsets.US_ASCII));
            done.close();
        }
    }
}
