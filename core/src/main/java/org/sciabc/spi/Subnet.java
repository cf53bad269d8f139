// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A range of addresses in CIDR form (RFC 4632, RFC 4291), such as {@code 10.0.3.0/24}.
 *
 * @param base the first address: bits after the prefix are zero
 * @param prefixLength the number of leading bits that all addresses of the range share
 */
public record Subnet(InetAddress base, int prefixLength) {
    private static final Pattern LITERAL = Pattern.compile("[0-9]+(\\.[0-9]+){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    public Subnet {
        base = masked(base, prefixLength);
    }

    /** The range that holds this address. */
    public static Subnet of(InetAddress address, int prefixLength) {
        return new Subnet(address, prefixLength);
    }

    /** Reads {@code ADDRESS/PREFIX}, or a lone address; empty when the text is neither. Never asks a name server. */
    public static Optional<Subnet> parse(String text) {
        String[] parts = text.strip().split("/", -1);
        if (parts.length > 2 || !LITERAL.matcher(parts[0]).matches()) {
            return Optional.empty();
        }
        try {
            InetAddress address = InetAddress.getByName(parts[0]);
            int bits = address.getAddress().length * 8;
            int prefix = parts.length == 1 ? bits : Integer.parseInt(parts[1]);
            return prefix < 0 || prefix > bits ? Optional.empty() : Optional.of(new Subnet(address, prefix));
        } catch (UnknownHostException | NumberFormatException notASubnet) {
            return Optional.empty();
        }
    }

    /** Whether the address is in the range. */
    public boolean contains(InetAddress address) {
        return address.getAddress().length == base.getAddress().length
                && Arrays.equals(masked(address, prefixLength).getAddress(), base.getAddress());
    }

    /** The form {@code ADDRESS/PREFIX}. */
    @Override
    public String toString() {
        return base.getHostAddress() + "/" + prefixLength;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Subnet that && base.equals(that.base) && prefixLength == that.prefixLength;
    }

    @Override
    public int hashCode() {
        return Objects.hash(base, prefixLength);
    }

    private static InetAddress masked(InetAddress address, int prefixLength) {
        byte[] bytes = address.getAddress();
        if (prefixLength < 0 || prefixLength > bytes.length * 8) {
            throw new IllegalArgumentException("not a prefix length: " + prefixLength);
        }
        for (int i = 0; i < bytes.length; i++) {
            int keptBits = Math.max(0, Math.min(8, prefixLength - 8 * i));
            bytes[i] &= (byte) (0xFF << (8 - keptBits));
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
