// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the first bytes of a binary say, as in elf(5). Those of a machine's shell say what its programs are built for, which
 * the kernel's name does not: Raspberry Pi OS has one set of programs for armv6l and armv7l, and the 32-bit one often has a
 * kernel that calls itself aarch64.
 *
 * @param machine the processor, such as {@code arm}
 * @param is32Bit whether addresses have 32 bits
 * @param isLittleEndian whether the smallest byte of a number comes first
 * @param flags of 32-bit binaries, where they are known; else zero
 */
record ElfHead(String machine, boolean is32Bit, boolean isLittleEndian, int flags) {
    /** How many bytes of a file are enough to tell. */
    static final int BYTES = 40;

    /** Where among them it says what processor it is for, in two bytes. */
    static final int MACHINE_AT = 18;

    private static final String MAGIC = "7f454c46";
    private static final int CLASS_AT = 4;
    private static final int ORDER_AT = 5;
    private static final int FLAGS_AT = 36;
    private static final int SHORTEST = 20;
    private static final int ARM_HARD_FLOAT = 0x400;
    private static final int ARM_SOFT_FLOAT = 0x200;

    /** The numbers of elf(5), as far as somebody brings such a machine. */
    private static final Map<Integer, String> MACHINES = Map.of(
            0x03,
            "i386",
            0x08,
            "mips",
            0x14,
            "ppc",
            0x15,
            "ppc64",
            0x16,
            "s390x",
            0x28,
            "arm",
            0x3e,
            "x86_64",
            0xb7,
            "aarch64",
            0xf3,
            "riscv",
            0x102,
            "loongarch64");

    /** What these bytes, in hexadecimal digits, say; absent where they do not begin a binary of this kind. */
    static Optional<ElfHead> of(String hex) {
        if (!hex.startsWith(MAGIC) || hex.length() < 2 * SHORTEST) {
            return Optional.empty();
        }
        boolean is32Bit = octet(hex, CLASS_AT) == 1;
        boolean isLittleEndian = octet(hex, ORDER_AT) == 1;
        int number = number(hex, MACHINE_AT, 2, isLittleEndian);
        int flags = is32Bit && hex.length() >= 2 * BYTES ? number(hex, FLAGS_AT, 4, isLittleEndian) : 0;
        return Optional.of(
                new ElfHead(MACHINES.getOrDefault(number, "another kind of machine"), is32Bit, isLittleEndian, flags));
    }

    /** What a program must be built for in order to run beside this one, by the name that distributions give it. */
    String abi() {
        return switch (machine) {
            case "arm" -> (flags & ARM_HARD_FLOAT) != 0 ? "armhf" : (flags & ARM_SOFT_FLOAT) != 0 ? "armel" : "arm";
            case "x86_64" -> is32Bit ? "x32" : "x86_64";
            case "ppc64" -> isLittleEndian ? "ppc64le" : "ppc64";
            case "mips" -> (is32Bit ? "mips" : "mips64") + (isLittleEndian ? "el" : "");
            case "riscv" -> is32Bit ? "riscv32" : "riscv64";
            default -> machine;
        };
    }

    /**
     * Whether a machine runs programs for this processor. It may run those of its 32-bit predecessor; a Raspberry Pi with a
     * 64-bit kernel often does.
     *
     * @param built as in {@link #machine}
     * @param arch what the kernel or {@link #abi} says
     */
    static boolean runsOn(String built, String arch) {
        String lower = arch.toLowerCase(Locale.ROOT);
        return switch (built) {
            case "x86_64" -> lower.equals("x86_64") || lower.equals("amd64") || lower.equals("x32");
            case "i386" -> lower.matches("i[3-6]86|x86_64|amd64|x32");
            case "aarch64" -> lower.matches("aarch64|arm64");
            case "arm" -> lower.startsWith("arm") || lower.equals("aarch64");
            case "ppc64" -> lower.startsWith("ppc64");
            default -> lower.startsWith(built);
        };
    }

    private static int number(String hex, int at, int octets, boolean isLittleEndian) {
        int value = 0;
        for (int i = 0; i < octets; i++) {
            value = value << 8 | octet(hex, isLittleEndian ? at + octets - 1 - i : at + i);
        }
        return value;
    }

    private static int octet(String hex, int at) {
        return Integer.parseInt(hex.substring(2 * at, 2 * at + 2), 16);
    }
}
