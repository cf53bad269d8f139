// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.config;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.sciabc.spi.Subnet;

/**
 * A default gateway by its address, or by its hardware address (MAC), which tells one {@code 192.168.1.1} from another.
 *
 * @param text the normal form of either
 */
public record GatewayName(String text) {
    private static final Pattern MAC = Pattern.compile("[0-9a-f]{2}([:-][0-9a-f]{2}){5}");

    /** Reads either; empty when the text is neither. */
    public static Optional<GatewayName> parse(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        if (MAC.matcher(lower).matches()) {
            return Optional.of(new GatewayName(lower.replace('-', ':')));
        }
        return lower.contains("/")
                ? Optional.empty()
                : Subnet.parse(lower).map(Subnet::base).map(GatewayName::of);
    }

    /** The gateway at this address. */
    public static GatewayName of(InetAddress address) {
        return new GatewayName(address.getHostAddress().replaceFirst("%.*", ""));
    }

    /** Whether it is a hardware address. */
    public boolean isHardware() {
        return MAC.matcher(text).matches();
    }

    @Override
    public String toString() {
        return text;
    }
}
