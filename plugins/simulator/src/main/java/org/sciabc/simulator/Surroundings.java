// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * What this machine gives to simulated nodes.
 *
 * @param user the account that everything runs as
 * @param environment the variables of this process
 * @param random where identities and passwords come from
 * @param wholeLoopback whether every address of 127.0.0.0/8 can be used without being set up, as on Linux
 */
record Surroundings(String user, Map<String, String> environment, RandomGenerator random, boolean wholeLoopback) {

    static Surroundings ofThisProcess() {
        boolean linux =
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("linux");
        return new Surroundings(System.getProperty("user.name", ""), System.getenv(), new SecureRandom(), linux);
    }

    /** Whether a server can listen on this loopback address. */
    boolean has(InetAddress address) {
        try {
            return wholeLoopback || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException unknown) {
            return false;
        }
    }

    /** Finds a program in the folders of {@code PATH}, and then in these. */
    Optional<Path> program(String name, String... more) {
        return Stream.concat(
                        Stream.of(environment
                                .getOrDefault("PATH", "/usr/bin:/bin")
                                .split(":")),
                        Stream.of(more))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder).resolve(name))
                .filter(Files::isExecutable)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** As many letters and digits that nobody guesses and that read alike in no font. */
    String randomText(int length) {
        String alphabet = "abcdefghijkmnpqrstuvwxyz23456789";
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
