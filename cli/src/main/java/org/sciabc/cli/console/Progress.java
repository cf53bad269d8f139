// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * One line a node while long work goes on: drawn over on a terminal, printed once for each change elsewhere. Lines that are
 * done move up into the scrolled text. May be used from several threads.
 */
public final class Progress implements Terminal.Drawing, AutoCloseable {
    private static final int MOST_LINES = 12;
    private static final long NANOS_A_TENTH = 100_000_000L;

    private final Terminal terminal;
    private final PrintStream err;
    private final LongSupplier nanoTime;
    private final long start;
    private final Map<String, String> running = new LinkedHashMap<>();
    private int drawn;

    /** Progress on this terminal, with elapsed times by this clock. */
    public Progress(Terminal terminal, LongSupplier nanoTime) {
        this.terminal = terminal;
        this.err = terminal.err();
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
        terminal.drawing(Optional.of(this));
    }

    /** What a node is doing now. */
    public void doing(String node, String what) {
        if (!terminal.canRedraw()) {
            terminal.say("  " + node + ": " + what);
            return;
        }
        synchronized (terminal) {
            erase();
            running.put(node, what);
            draw();
        }
    }

    /** How a node ended. */
    public void done(String node, String how) {
        synchronized (terminal) {
            erase();
            running.remove(node);
            err.println("  " + node + ": " + how + " (" + elapsed() + ")");
            draw();
        }
    }

    /** The time since the beginning, such as {@code 1.2 s}. */
    public String elapsed() {
        long tenths = (nanoTime.getAsLong() - start) / NANOS_A_TENTH;
        return tenths / 10 + "." + tenths % 10 + " s";
    }

    /** Takes the lines away. */
    @Override
    public void close() {
        synchronized (terminal) {
            erase();
            running.clear();
            terminal.drawing(Optional.empty());
        }
    }

    @Override
    public void draw() {
        if (!terminal.canRedraw() || terminal.isAsking()) {
            return;
        }
        List<Map.Entry<String, String>> shown =
                running.entrySet().stream().limit(MOST_LINES).toList();
        for (var entry : shown) {
            err.println(cut("  " + entry.getKey() + ": " + entry.getValue() + " (" + elapsed() + ")"));
        }
        if (running.size() > MOST_LINES) {
            err.println("  ... and " + (running.size() - MOST_LINES) + " more");
        }
        drawn = Math.min(running.size(), MOST_LINES + 1);
        err.flush();
    }

    @Override
    public void erase() {
        if (drawn > 0) {
            err.print("\u001b[" + drawn + "A\u001b[0J");
            drawn = 0;
        }
    }

    private String cut(String line) {
        return line.length() < terminal.width() ? line : line.substring(0, terminal.width() - 1);
    }
}
