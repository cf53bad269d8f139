// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sciabc.spi.Relay;

/**
 * Stands between {@code mpirun} and the {@code prte} that it talks to, because PMIx 5 leaves Nagle's algorithm on: it would wait
 * when a job begins and when it ends.
 */
final class PrteRelay implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("tcp4://(\\d{1,3}(?:\\.\\d{1,3}){3}):(\\d{1,5})");

    private final Relay relay;
    private final Path file;

    private PrteRelay(Relay relay, Path file) {
        this.relay = relay;
        this.file = file;
    }

    /**
     * Begins to listen, on this machine alone.
     *
     * @return absent where what {@code prte} says of where it listens is not understood, or there can be no relay: a job takes
     *     longer then
     */
    static Optional<PrteRelay> to(PrteFolder prte) {
        String uri = prte.uri();
        Matcher address = ADDRESS.matcher(uri);
        if (!address.find()) {
            return Optional.empty();
        }
        Optional<Relay> relay = target(address).flatMap(Relay::to);
        if (relay.isEmpty()) {
            return Optional.empty();
        }
        int port = relay.get().port();
        PrteRelay made = new PrteRelay(relay.get(), prte.ofOneJob(port));
        try {
            Files.writeString(made.file, address.replaceFirst("tcp4://127.0.0.1:" + port));
            return Optional.of(made);
        } catch (IOException full) {
            made.close();
            return Optional.empty();
        }
    }

    private static Optional<InetSocketAddress> target(Matcher address) {
        try {
            return Optional.of(
                    new InetSocketAddress(InetAddress.getByName(address.group(1)), Integer.parseInt(address.group(2))));
        } catch (IOException | IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    /** Where {@code prte} is reached by this way, as {@code mpirun --dvm} takes it. */
    String dvm() {
        return PrteFolder.dvm(file);
    }

    @Override
    public void close() {
        relay.close();
        try {
            Files.deleteIfExists(file);
        } catch (IOException stays) {
            // It says where nobody listens, and goes with its folder.
            return;
        }
    }
}
