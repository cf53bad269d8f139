// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sciabc.spi.Notice;

/**
 * Standard input, output and error, and which of them a person sees. The launch script finds out which are terminals
 * ({@code -Dsciabc.tty=}), because the JDK cannot tell one from another.
 */
public final class Terminal {
    private static final int BUFFER = 8192;
    private static final int USUAL_WIDTH = 80;
    private static final int USUAL_HEIGHT = 24;

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final String terminals;
    private final boolean colourful;
    private final boolean dumb;
    private final int width;
    private final int height;
    private Optional<Drawing> drawing = Optional.empty();
    private boolean verbose;
    private boolean tracing;
    private OutputStream rawOut;
    private OutputStream rawErr;
    private Optional<OwnOutput> own = Optional.empty();
    private Optional<OwnOutput> ownErr = Optional.empty();
    private boolean isOther;
    private boolean isAsking;

    /** Lines that are drawn over, and that other lines are printed above of. */
    interface Drawing {
        /** Draws the lines below what was printed. */
        void draw();

        /** Takes them away. */
        void erase();
    }

    /**
     * A terminal over these streams.
     *
     * @param terminals the digits of those of standard input (0), output (1) and error (2) that are terminals
     */
    public Terminal(
            InputStream in, PrintStream out, PrintStream err, String terminals, Map<String, String> environment) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.rawOut = out;
        this.rawErr = err;
        this.terminals = terminals;
        this.dumb = "dumb".equals(environment.get("TERM"));
        this.colourful = terminals.contains("2")
                && !dumb
                && environment.getOrDefault("NO_COLOR", "").isEmpty();
        this.width = size(environment.getOrDefault("COLUMNS", ""), USUAL_WIDTH);
        this.height = size(environment.getOrDefault("LINES", ""), USUAL_HEIGHT);
    }

    /** The terminal of this process. */
    public static Terminal ofProcess() {
        OwnOutput out = new OwnOutput(new FileOutputStream(FileDescriptor.out), Path.of("/proc/self/fd/1"));
        OwnOutput err = new OwnOutput(new FileOutputStream(FileDescriptor.err), Path.of("/proc/self/fd/2"));
        return new Terminal(System.in, out, err, System.getProperty("sciabc.tty", ""), System.getenv());
    }

    /** The terminal of another process, whose streams are passed on. */
    public static Terminal ofOther(
            InputStream in, OutputStream out, OutputStream err, String terminals, Map<String, String> environment) {
        OwnOutput own = new OwnOutput(out);
        Terminal terminal = new Terminal(in, own, err == out ? own : new OwnOutput(err), terminals, environment);
        terminal.isOther = true;
        return terminal;
    }

    private Terminal(InputStream in, OwnOutput out, OwnOutput err, String terminals, Map<String, String> environment) {
        this(in, buffered(out), new PrintStream(err, true, charset()), terminals, environment);
        this.rawOut = out;
        this.rawErr = err;
        this.own = Optional.of(out);
        this.ownErr = Optional.of(err);
    }

    private static PrintStream buffered(OutputStream out) {
        return new PrintStream(new BufferedOutputStream(out, BUFFER), false, charset());
    }

    /** How text is written for people and programs of this machine. ASCII is what Java takes an unknown locale for. */
    private static Charset charset() {
        Charset charset = Charset.forName(
                System.getProperty("sun.stdout.encoding", System.getProperty("native.encoding", "UTF-8")));
        return charset.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : charset;
    }

    /**
     * Before something is done to the terminal itself.
     *
     * @throws NotHereException when it is that of another process
     */
    void requireOwn() {
        if (isOther) {
            throw new NotHereException();
        }
    }

    /** Data: what another program may read. */
    public PrintStream out() {
        return out;
    }

    /** Data in JSON, a line that is UTF-8 in every locale (RFC 8259, 8.1). */
    public void json(String text) {
        byte[] line = (text + "\n").getBytes(StandardCharsets.UTF_8);
        out.write(line, 0, line.length);
    }

    /** Standard output for what a job writes, byte by byte; whoever uses it has flushed {@link #out}. */
    public OutputStream rawOut() {
        return rawOut;
    }

    /** Standard error for what a job writes. */
    public OutputStream rawErr() {
        return rawErr;
    }

    /** Everything else. */
    public PrintStream err() {
        return err;
    }

    /** Standard input. */
    public InputStream in() {
        return in;
    }

    /** Whether somebody can be asked: questions go to standard error, answers come from standard input. */
    public boolean canAsk() {
        return terminals.contains("0") && terminals.contains("2");
    }

    /** Whether what comes on standard input is typed. */
    public boolean readsFromPerson() {
        return terminals.contains("0");
    }

    /** Whether a person sees standard output as it comes. */
    public boolean showsData() {
        return terminals.contains("1");
    }

    /** Whether lines of standard error can be drawn over. */
    public boolean canRedraw() {
        return terminals.contains("2") && colourful;
    }

    /** Whether a person sees standard output as it comes, and lines of it can be drawn over. */
    public boolean canRedrawData() {
        return showsData() && !dumb;
    }

    /** The number of columns. */
    public int width() {
        return width;
    }

    /** The number of lines. */
    public int height() {
        return height;
    }

    /** Whether more is to be said about what happens. */
    public boolean isVerbose() {
        return verbose;
    }

    /** Sets whether more is to be said about what happens. */
    public void setVerbose(boolean more) {
        verbose = more;
    }

    /** Sets whether it is shown where in the program a failure came from. */
    public void setTracing(boolean shown) {
        tracing = shown;
    }

    /** Where in the program a failure came from, for the person who wants to see that. */
    public void trace(Throwable failure) {
        if (tracing) {
            StringWriter text = new StringWriter();
            failure.printStackTrace(new PrintWriter(text));
            line(text.toString().stripTrailing());
        }
    }

    /** Lines that are being drawn over, which others must be printed above of. */
    synchronized void drawing(Optional<Drawing> drawn) {
        drawing = drawn;
    }

    /** A question is on the screen, or is no longer: nothing is drawn over it. */
    synchronized void asking(boolean begins) {
        if (begins) {
            drawing.ifPresent(Drawing::erase);
        }
        isAsking = begins;
        if (!begins) {
            drawing.ifPresent(Drawing::draw);
        }
    }

    synchronized boolean isAsking() {
        return isAsking;
    }

    /** A step that begins, for the person who follows. */
    public void step(String text) {
        say(paint("1", "==> ") + text);
    }

    /** A line for the person who follows. */
    public void say(String text) {
        line(text);
    }

    /** A line for the person who wants to follow closely. */
    public void detail(String text) {
        if (verbose) {
            line(text);
        }
    }

    /**
     * Tells notices in their order.
     *
     * @param said those among them that are said in any case
     */
    public void notices(List<Notice> all, List<Notice> said) {
        for (Notice each : all) {
            if (said.contains(each)) {
                say(each.text());
            } else {
                notice(each);
            }
        }
    }

    /** A notice from a backend, provisioner or launcher. */
    public void notice(Notice notice) {
        if (notice.level() == Notice.Level.WARNING) {
            warning(notice.text());
        } else {
            detail(notice.text());
        }
    }

    /** Something is off, and the work goes on. */
    public void warning(String text) {
        line(paint("33", "warning: ") + text);
    }

    /** Something failed. */
    public void error(String text) {
        line(paint("31", "error: ") + text);
    }

    /** What to do about it. */
    public void hint(String text) {
        line(paint("36", "hint: ") + text);
    }

    /** Passes on what is still held back. */
    public void flush() {
        out.flush();
        err.flush();
    }

    /** Does this when output or errors are written and nobody reads them any longer; it may be done more than once. */
    public void whenReaderLeaves(Runnable action) {
        own.ifPresent(out -> out.whenReaderLeaves(action));
        ownErr.ifPresent(err -> err.whenReaderLeaves(action));
    }

    /** Why something is missing on standard output of this process; that its reader left is no reason. */
    public Optional<String> unwritten() {
        return own.flatMap(OwnOutput::failure);
    }

    private synchronized void line(String text) {
        out.flush();
        drawing.ifPresent(Drawing::erase);
        err.println(text);
        drawing.ifPresent(Drawing::draw);
    }

    private String paint(String code, String text) {
        return colourful ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    private static int size(String text, int usual) {
        return text.matches("[1-9]\\d{1,3}") ? Integer.parseInt(text) : usual;
    }
}
