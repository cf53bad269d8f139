// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.lang.reflect.InvocationTargetException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.pf4j.PluginRuntimeException;
import org.sciabc.plugin.PluginProblem.Kind;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.SpiVersion;

/**
 * What a throwable that came out of a plugin means, in words without the names of exceptions.
 *
 * @param cause fits behind a subject, such as {@code needs a class that is missing}
 */
record Failure(Kind kind, String cause, String fix) {
    private static final String AUTHOR = "tell the plugin's author; 'sciabc plugins remove ID' takes it out";

    static Failure of(Throwable thrown) {
        Throwable root = unwrap(thrown);
        if (root instanceof ExitRefused) {
            return new Failure(Kind.EXITS, message(root).orElse("tried to end the program"), AUTHOR);
        }
        if (root instanceof UnsupportedClassVersionError) {
            return new Failure(
                    Kind.JAVA_VERSION,
                    "was compiled for a newer Java than this one ("
                            + Runtime.version().feature() + ")",
                    "run sciabc with a newer Java, or build the plugin with --release 17");
        }
        if (root instanceof NoClassDefFoundError || root instanceof ClassNotFoundException) {
            return missing(message(root).orElse("?").replace('/', '.'));
        }
        if (root instanceof IncompatibleClassChangeError && mentionsContract(root)) {
            return new Failure(
                    Kind.SPI_VERSION,
                    "was built against another version of the SPI than " + SpiVersion.CURRENT + ": "
                            + message(root).orElse("its members differ"),
                    "build it against this version, and say so with Plugin-Requires");
        }
        if (root instanceof LinkageError) {
            return new Failure(
                    Kind.FAILED,
                    "has classes that do not fit together: " + message(root).orElse("no reason given"),
                    "build it again from clean sources: mvn clean verify");
        }
        if (root instanceof OutOfMemoryError || root instanceof StackOverflowError) {
            return new Failure(Kind.FAILED, "used up all memory", AUTHOR);
        }
        if (root instanceof SciabcException failure) {
            return new Failure(
                    Kind.FAILED,
                    "failed: " + failure.getMessage(),
                    failure.hint().orElse(AUTHOR));
        }
        return new Failure(
                Kind.FAILED,
                "failed" + message(root).map(text -> ": " + text).orElse(" without saying why"),
                AUTHOR + "; --stacktrace shows where");
    }

    private static Failure missing(String name) {
        if (name.startsWith("org.sciabc.") && !name.startsWith("org.sciabc.spi.")) {
            return new Failure(
                    Kind.HOST_INTERNALS,
                    "uses " + name + ", which belongs to the host alone",
                    "plugins may use org.sciabc.spi and what is in their own jar");
        }
        if (name.startsWith("org.sciabc.spi.")) {
            return new Failure(
                    Kind.SPI_VERSION,
                    "uses " + name + ", which SPI " + SpiVersion.CURRENT + " does not have",
                    "build it against this version, and say so with Plugin-Requires");
        }
        return new Failure(
                Kind.MISSING_CLASS,
                "needs the class " + name + ", which is not in its jar",
                "its build has to put the library with that class into the jar");
    }

    private static boolean mentionsContract(Throwable thrown) {
        return message(thrown).filter(text -> text.contains("org.sciabc.spi")).isPresent();
    }

    private static Optional<String> message(Throwable thrown) {
        return Optional.ofNullable(thrown.getMessage()).filter(text -> !text.isBlank());
    }

    private static Throwable unwrap(Throwable thrown) {
        Throwable inner = thrown.getCause();
        boolean wrapper = thrown instanceof InvocationTargetException
                || thrown instanceof ExecutionException
                || thrown instanceof ExceptionInInitializerError
                || thrown instanceof PluginRuntimeException;
        return wrapper && inner != null ? unwrap(inner) : thrown;
    }
}
