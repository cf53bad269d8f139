// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * The constants of one class file (JVMS 4.4): which classes and members it refers to. Reads only what it is asked for,
 * because it is in the way of every class of a plugin that is loaded.
 */
final class ConstantPool {
    static final int UTF8 = 1;
    static final int CLASS = 7;
    static final int FIELD = 9;
    static final int METHOD = 10;
    static final int INTERFACE_METHOD = 11;
    static final int NAME_AND_TYPE = 12;
    static final int METHOD_HANDLE = 15;

    private static final int MAGIC = 0xCAFEBABE;
    private static final int FIRST = 10;

    private final byte[] bytes;
    private final int[] offsets;
    private final int end;

    private ConstantPool(byte[] bytes, int[] offsets, int end) {
        this.bytes = bytes;
        this.offsets = offsets;
        this.end = end;
    }

    /** Finds the constants; empty when this is not a class file, or one of a form that is not known here. */
    static Optional<ConstantPool> of(byte[] bytes) {
        if (bytes.length < FIRST || int4(bytes, 0) != MAGIC) {
            return Optional.empty();
        }
        int[] offsets = new int[int2(bytes, 8)];
        int at = FIRST;
        for (int index = 1; index < offsets.length; index++) {
            if (at + 3 > bytes.length) {
                return Optional.empty();
            }
            offsets[index] = at;
            int tag = bytes[at];
            int length = length(bytes, at, tag);
            if (length == 0) {
                return Optional.empty();
            }
            at += length;
            if (tag == 5 || tag == 6) {
                // Long and double take two places (JVMS 4.4.5).
                index++;
            }
        }
        return at + 8 > bytes.length ? Optional.empty() : Optional.of(new ConstantPool(bytes, offsets, at));
    }

    /** How many places there are; indexes begin with 1. */
    int size() {
        return offsets.length;
    }

    /** Where the bytes behind the constants begin: access flags, this class, and so on. */
    int end() {
        return end;
    }

    int offset(int index) {
        return offsets[index];
    }

    /** The kind of constant; 0 for the second place of a long or double. */
    int tag(int index) {
        return offsets[index] == 0 ? 0 : bytes[offsets[index]];
    }

    void forEach(int tag, IntConsumer action) {
        for (int index = 1; index < offsets.length; index++) {
            if (tag(index) == tag) {
                action.accept(index);
            }
        }
    }

    /** The index that a constant holds in its first two bytes. */
    int first(int index) {
        return int2(bytes, offsets[index] + 1);
    }

    /** The index that a constant holds in its next two bytes. */
    int second(int index) {
        return int2(bytes, offsets[index] + 3);
    }

    String utf8(int index) {
        int at = offsets[index];
        return new String(bytes, at + 3, int2(bytes, at + 1), StandardCharsets.UTF_8);
    }

    /** Whether a text is this one, without making a string of it. */
    boolean isUtf8(int index, byte[] text) {
        int at = offsets[index];
        if (int2(bytes, at + 1) != text.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (bytes[at + 3 + i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    /** The name of a class constant as class files have it, such as {@code java/lang/System}. */
    String className(int index) {
        return utf8(first(index));
    }

    /** The member that a field or method constant refers to. */
    Member member(int index) {
        int nameAndType = second(index);
        return new Member(className(first(index)), utf8(first(nameAndType)), utf8(second(nameAndType)));
    }

    /** A member of another class; the names are those of class files. */
    record Member(String owner, String name, String descriptor) {}

    static int int2(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
    }

    static int int4(byte[] bytes, int at) {
        return int2(bytes, at) << 16 | int2(bytes, at + 2);
    }

    private static int length(byte[] bytes, int at, int tag) {
        return switch (tag) {
            case UTF8 -> 3 + int2(bytes, at + 1);
            case CLASS, 8, 16, 19, 20 -> 3;
            case METHOD_HANDLE -> 4;
            case 3, 4, FIELD, METHOD, INTERFACE_METHOD, NAME_AND_TYPE, 17, 18 -> 5;
            case 5, 6 -> 9;
            default -> 0;
        };
    }
}
