// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import static org.sciabc.plugin.ConstantPool.int2;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Keeps a plugin from ending the program: calls of {@code System.exit}, {@code Runtime.exit} and {@code Runtime.halt} in its
 * classes are made calls of {@link ExitRefused} when they are loaded. There is no other way since security managers went
 * (JEP 411). What a plugin calls by reflection, or has the JDK call, is not held back.
 *
 * <p>A static call needs only its constant changed. A call on a {@code Runtime} becomes a static one that takes it as its
 * first argument: constant, opcode and method handle change, and no length does.
 */
final class ExitCalls {
    private static final byte[] SYSTEM = ascii("java/lang/System");
    private static final byte[] RUNTIME = ascii("java/lang/Runtime");
    private static final byte[] EXIT = ascii("exit");
    private static final byte[] HALT = ascii("halt");
    private static final byte[] STATUS = ascii("(I)V");
    private static final byte[] CODE = ascii("Code");
    private static final String STATUS_ON_RUNTIME = "(Ljava/lang/Runtime;I)V";

    private static final int INVOKE_VIRTUAL = 182;
    private static final int INVOKE_STATIC = 184;
    private static final int HANDLE_VIRTUAL = 5;
    private static final int HANDLE_STATIC = 6;
    private static final int MOST_CONSTANTS = 65_535;

    private ExitCalls() {}

    /** The class file with these calls refused; the same array when there are none. */
    static byte[] refuse(byte[] classFile) {
        Optional<ConstantPool> constants = ConstantPool.of(classFile);
        if (constants.isEmpty()) {
            return classFile;
        }
        ConstantPool pool = constants.get();
        List<Integer> onSystem = calls(pool, SYSTEM);
        List<Integer> onRuntime = calls(pool, RUNTIME);
        if (onSystem.isEmpty() && onRuntime.isEmpty()) {
            return classFile;
        }
        return rewrite(classFile, pool, onSystem, onRuntime);
    }

    private static List<Integer> calls(ConstantPool pool, byte[] owner) {
        List<Integer> calls = List.of();
        for (int index = 1; index < pool.size(); index++) {
            if (pool.tag(index) == ConstantPool.METHOD
                    && pool.isUtf8(pool.first(pool.first(index)), owner)
                    && endsProgram(pool, pool.second(index))) {
                calls = calls.isEmpty() ? new ArrayList<>() : calls;
                calls.add(index);
            }
        }
        return calls;
    }

    private static boolean endsProgram(ConstantPool pool, int nameAndType) {
        int name = pool.first(nameAndType);
        return (pool.isUtf8(name, EXIT) || pool.isUtf8(name, HALT)) && pool.isUtf8(pool.second(nameAndType), STATUS);
    }

    private static byte[] rewrite(
            byte[] classFile, ConstantPool pool, List<Integer> onSystem, List<Integer> onRuntime) {
        if (pool.size() + 3 + onRuntime.size() > MOST_CONSTANTS) {
            return classFile;
        }
        byte[] changed = classFile.clone();
        ByteArrayOutputStream added = new ByteArrayOutputStream();
        int utf8 = pool.size();
        int owner = utf8 + 1;
        int descriptor = utf8 + 2;
        addUtf8(added, ExitRefused.class.getName().replace('.', '/'));
        add(added, ConstantPool.CLASS, utf8);
        addUtf8(added, STATUS_ON_RUNTIME);
        onSystem.forEach(call -> set2(changed, pool.offset(call) + 1, owner));
        int next = utf8 + 3;
        for (int call : onRuntime) {
            add(added, ConstantPool.NAME_AND_TYPE, pool.first(pool.second(call)), descriptor);
            set2(changed, pool.offset(call) + 1, owner);
            set2(changed, pool.offset(call) + 3, next++);
        }
        if (!onRuntime.isEmpty()) {
            makeHandlesStatic(changed, pool, onRuntime);
            makeCallsStatic(changed, pool, onRuntime);
        }
        set2(changed, 8, next);
        return ByteBuffer.allocate(changed.length + added.size())
                .put(changed, 0, pool.end())
                .put(added.toByteArray())
                .put(changed, pool.end(), changed.length - pool.end())
                .array();
    }

    private static void makeHandlesStatic(byte[] classFile, ConstantPool pool, List<Integer> calls) {
        pool.forEach(ConstantPool.METHOD_HANDLE, index -> {
            int at = pool.offset(index);
            if (classFile[at + 1] == HANDLE_VIRTUAL && calls.contains(int2(classFile, at + 2))) {
                classFile[at + 1] = HANDLE_STATIC;
            }
        });
    }

    /** Goes through fields and methods (JVMS 4.1, 4.5, 4.6) to the code of each method. */
    private static void makeCallsStatic(byte[] classFile, ConstantPool pool, List<Integer> calls) {
        int at = pool.end() + 6;
        at += 2 + 2 * int2(classFile, at);
        for (int part = 0; part < 2; part++) {
            int members = int2(classFile, at);
            at += 2;
            for (int member = 0; member < members; member++) {
                int attributes = int2(classFile, at + 6);
                at += 8;
                for (int attribute = 0; attribute < attributes; attribute++) {
                    if (pool.isUtf8(int2(classFile, at), CODE)) {
                        int begin = at + 14;
                        int end = begin + ConstantPool.int4(classFile, at + 10);
                        makeStatic(classFile, begin, end, calls);
                    }
                    at += 6 + ConstantPool.int4(classFile, at + 2);
                }
            }
        }
    }

    private static void makeStatic(byte[] classFile, int begin, int end, List<Integer> calls) {
        for (int at = begin; at < end; at += Instructions.length(classFile, begin, at)) {
            if ((classFile[at] & 0xFF) == INVOKE_VIRTUAL && calls.contains(int2(classFile, at + 1))) {
                classFile[at] = (byte) INVOKE_STATIC;
            }
        }
    }

    private static void addUtf8(ByteArrayOutputStream out, String text) {
        byte[] bytes = ascii(text);
        add(out, ConstantPool.UTF8, bytes.length);
        out.writeBytes(bytes);
    }

    private static void add(ByteArrayOutputStream out, int tag, int... values) {
        out.write(tag);
        for (int value : values) {
            out.write(value >> 8);
            out.write(value);
        }
    }

    private static void set2(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >> 8);
        bytes[at + 1] = (byte) value;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
