// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.sciabc.spi.SciabcException;

/** The rules for text that a person reads. */
final class Said {
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");
    private static final Pattern CLASS_NAME =
            Pattern.compile("\\b[A-Z]\\w*(Exception|Error)\\b|\\b(java|javax|org|com|net)(\\.[a-z]\\w*)+\\.[A-Z]\\w+");

    private Said() {}

    /** A duration as it reads in a message. */
    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }

    /** What is wrong with text that is to be one line; empty when nothing is. */
    static Optional<String> wrongInLine(String text) {
        if (text.isBlank()) {
            return Optional.of("is blank");
        }
        if (UNPRINTABLE.matcher(text).find()) {
            return Optional.of("has a line break or another character that does not print");
        }
        return Optional.empty();
    }

    /** What is wrong with text that is to be one line without a full stop; empty when nothing is. */
    static Optional<String> wrongInPhrase(String text) {
        return wrongInLine(text).or(() -> text.endsWith(".") ? Optional.of("ends in a full stop") : Optional.empty());
    }

    /** What is wrong with a failure that a person is to read; empty when nothing is. */
    static Optional<String> wrongInFailure(SciabcException failure) {
        String what = failure.what();
        String why = failure.why();
        return wrongInPhrase(what)
                .map(wrong -> "what it says '" + what + "' " + wrong)
                .or(() -> Character.isUpperCase(what.codePointAt(0)) && !isAbbreviation(what)
                        ? Optional.of("what it says '" + what + "' begins in upper case")
                        : Optional.empty())
                .or(() -> why.isEmpty()
                        ? Optional.empty()
                        : wrongInPhrase(why).map(wrong -> "the reason '" + why + "' " + wrong))
                .or(() -> CLASS_NAME
                                .matcher(what + " " + why + " " + failure.hint().orElse(""))
                                .find()
                        ? Optional.of("it names a class: " + failure.getMessage())
                        : Optional.empty());
    }

    /** The first word of a sentence may be a name such as SSH. */
    private static boolean isAbbreviation(String text) {
        return text.length() > 1 && Character.isUpperCase(text.codePointAt(1));
    }
}
