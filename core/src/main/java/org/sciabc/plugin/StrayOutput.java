// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Stands in for {@code System.out} while plugins are loaded: what is printed from a class of a plugin, or from anything that
 * such a class called, goes aside, because standard output is for data. Everybody else prints as before.
 */
final class StrayOutput extends OutputStream {
    private final PrintStream data;
    private final PrintStream aside;
    private final Consumer<PluginJarLoader> culprits;
    private final Set<PluginJarLoader> known = new HashSet<>();
    private boolean atLineStart = true;
    private final PrintStream installed = new PrintStream(this, true, charset());

    private StrayOutput(PrintStream data, PrintStream aside, Consumer<PluginJarLoader> culprits) {
        this.data = data;
        this.aside = aside;
        this.culprits = culprits;
    }

    /**
     * Takes the place of {@code System.out}.
     *
     * @param aside where plugins' output goes instead
     * @param culprits is told of each plugin that prints, once
     */
    static StrayOutput install(PrintStream aside, Consumer<PluginJarLoader> culprits) {
        StrayOutput output = new StrayOutput(System.out, aside, culprits);
        System.setOut(output.installed);
        return output;
    }

    /** Gives {@code System.out} back, unless somebody else has replaced it since. */
    void remove() {
        if (System.out == installed) {
            System.setOut(data);
        }
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Optional<PluginJarLoader> culprit = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .walk(StrayOutput::plugin);
        if (culprit.isEmpty()) {
            data.write(bytes, offset, length);
            return;
        }
        boolean first;
        synchronized (known) {
            first = known.add(culprit.get());
            writeAside(culprit.get(), bytes, offset, length);
        }
        if (first) {
            culprits.accept(culprit.get());
        }
    }

    /** Each line begins with the name of the plugin that it comes from. */
    private void writeAside(PluginJarLoader culprit, byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (atLineStart) {
                aside.print("plugin " + culprit.contents().info().id() + " printed: ");
            }
            aside.write(bytes[i]);
            atLineStart = bytes[i] == '\n';
        }
        aside.flush();
    }

    @Override
    public void flush() {
        data.flush();
        aside.flush();
    }

    /** That of the stream that this stands in for; Java 17 does not say it, and uses the default. */
    private static Charset charset() {
        String name = System.getProperty("stdout.encoding", "");
        return name.isEmpty() ? Charset.defaultCharset() : Charset.forName(name);
    }

    private static Optional<PluginJarLoader> plugin(Stream<StackWalker.StackFrame> frames) {
        return frames.map(frame -> frame.getDeclaringClass().getClassLoader())
                .filter(PluginJarLoader.class::isInstance)
                .map(PluginJarLoader.class::cast)
                .findFirst();
    }
}
