// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import static org.sciabc.plugin.ConstantPool.int4;

/** How long the instructions of the JVM are (JVMS 6.5, 7). */
final class Instructions {
    private static final int INCREMENT = 132;
    private static final int TABLE_SWITCH = 170;
    private static final int LOOKUP_SWITCH = 171;
    private static final int WIDE = 196;

    private Instructions() {}

    /**
     * The length of one instruction with its operands.
     *
     * @param begin where the method's code begins: operands of a switch are aligned to that
     * @param at where the instruction begins
     */
    static int length(byte[] bytes, int begin, int at) {
        int opcode = bytes[at] & 0xFF;
        return switch (opcode) {
            case TABLE_SWITCH -> {
                int operands = aligned(begin, at);
                int low = int4(bytes, operands + 4);
                int high = int4(bytes, operands + 8);
                yield operands + 12 + 4 * (high - low + 1) - at;
            }
            case LOOKUP_SWITCH -> {
                int operands = aligned(begin, at);
                yield operands + 8 + 8 * int4(bytes, operands + 4) - at;
            }
            case WIDE -> (bytes[at + 1] & 0xFF) == INCREMENT ? 6 : 4;
            default -> length(opcode);
        };
    }

    private static int aligned(int begin, int at) {
        int behindOpcode = at + 1 - begin;
        return begin + (behindOpcode + 3) / 4 * 4;
    }

    private static int length(int opcode) {
        // bipush, ldc, loads and stores of a local variable, ret, newarray
        if (opcode == 16
                || opcode == 18
                || (opcode >= 21 && opcode <= 25)
                || (opcode >= 54 && opcode <= 58)
                || opcode == 169
                || opcode == 188) {
            return 2;
        }
        // sipush, ldc_w, iinc, branches, members, new, anewarray, casts, branches on null
        if (opcode == 17
                || opcode == 19
                || opcode == 20
                || opcode == INCREMENT
                || (opcode >= 153 && opcode <= 168)
                || (opcode >= 178 && opcode <= 184)
                || opcode == 187
                || opcode == 189
                || opcode == 192
                || opcode == 193
                || opcode == 198
                || opcode == 199) {
            return 3;
        }
        if (opcode == 197) {
            return 4;
        }
        // invokeinterface, invokedynamic, wide branches
        return opcode == 185 || opcode == 186 || opcode == 200 || opcode == 201 ? 5 : 1;
    }
}
