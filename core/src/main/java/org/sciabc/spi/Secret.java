// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A password or key that must not be shown: {@link #toString} hides it, and it is not serializable. */
public final class Secret {
    private final char[] characters;

    private Secret(char[] characters) {
        this.characters = characters;
    }

    /** Wraps a text. */
    public static Secret of(String text) {
        return new Secret(text.toCharArray());
    }

    /** Wraps a copy of the characters. */
    public static Secret of(char[] characters) {
        return new Secret(characters.clone());
    }

    /** A copy of the characters. The caller may wipe it. */
    public char[] characters() {
        return characters.clone();
    }

    /** The secret in UTF-8, as it goes to the standard input of a command. Never put it on a command line. */
    public byte[] utf8() {
        var buffer = StandardCharsets.UTF_8.encode(CharBuffer.wrap(characters));
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** Whether both are the same text. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(utf8(), secret.utf8());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(characters);
    }

    @Override
    public String toString() {
        return "***";
    }
}
