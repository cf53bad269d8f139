// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A failure, said for the person at the keyboard: what did not work, why, and what to do about it. The texts must not
 * contain the class names of exceptions, secrets, or control characters; they begin in lower case and have no full stop.
 */
public class SciabcException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String what;
    private final String why;
    private final String hint;

    /**
     * A failure with a remedy.
     *
     * @param what what did not work, such as {@code cannot read the configuration}
     * @param why the reason, such as {@code line 3, column 7: expected a value}; empty text when there is none, or null, as
     *     from an exception without a message
     * @param hint what to do, a sentence or a command; empty text when there is none
     * @throws NullPointerException when {@code what} or {@code hint} is null
     */
    public SciabcException(String what, @Nullable String why, String hint) {
        super(message(what, why));
        this.what = what;
        this.why = Objects.requireNonNullElse(why, "");
        this.hint = Objects.requireNonNull(hint, "hint is null");
    }

    private static String message(String what, @Nullable String why) {
        Objects.requireNonNull(what, "what is null");
        return why == null || why.isEmpty() ? what : what + ": " + why;
    }

    /** A failure with a remedy and a cause that only {@code --stacktrace} shows. */
    public SciabcException(String what, @Nullable String why, String hint, Throwable cause) {
        this(what, why, hint);
        initCause(cause);
    }

    /** What did not work. */
    public String what() {
        return what;
    }

    /** Why; empty text when {@link #what} says it all. */
    public String why() {
        return why;
    }

    /** What to do about it. */
    public Optional<String> hint() {
        return hint.isEmpty() ? Optional.empty() : Optional.of(hint);
    }
}
