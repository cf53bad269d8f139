// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a node said about its machine. Unknown values are absent, never made up.
 *
 * @param cores the number of processor cores, 1 to 65,536
 * @param memoryBytes the memory in bytes
 * @param arch the architecture as {@code uname -m} prints it, such as {@code x86_64} or {@code aarch64}
 * @param os the operating system as a short word, such as {@code debian-12}
 */
public record Hardware(OptionalInt cores, OptionalLong memoryBytes, Optional<String> arch, Optional<String> os) {
    /** Nothing known. */
    public static final Hardware UNKNOWN =
            new Hardware(OptionalInt.empty(), OptionalLong.empty(), Optional.empty(), Optional.empty());

    public Hardware {
        Objects.requireNonNull(arch, "arch is null");
        Objects.requireNonNull(os, "os is null");
        if (cores.isPresent() && (cores.getAsInt() < 1 || cores.getAsInt() > 65_536)) {
            throw new IllegalArgumentException("cores out of range: " + cores.getAsInt());
        }
        if (memoryBytes.isPresent() && memoryBytes.getAsLong() < 1) {
            throw new IllegalArgumentException("memory out of range: " + memoryBytes.getAsLong());
        }
    }

    /** This where it is known, the other where it is not. */
    public Hardware orElse(Hardware other) {
        return new Hardware(
                cores.isPresent() ? cores : other.cores,
                memoryBytes.isPresent() ? memoryBytes : other.memoryBytes,
                arch.or(other::arch),
                os.or(other::os));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Hardware that
                && cores.equals(that.cores)
                && memoryBytes.equals(that.memoryBytes)
                && arch.equals(that.arch)
                && os.equals(that.os);
    }

    @Override
    public int hashCode() {
        return Objects.hash(cores, memoryBytes, arch, os);
    }
}
