// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;

/**
 * What this machine and the person at it bring along.
 *
 * @param environment the environment's variables
 * @param userFolder the person's own {@code .ssh}: read, never written
 * @param random where randomness comes from
 */
record Surroundings(Map<String, String> environment, Path userFolder, SecureRandom random) {

    /** This process's own. */
    static Surroundings ofThisProcess() {
        Path home = Path.of(System.getProperty("user.home", "/"));
        return new Surroundings(System.getenv(), home.resolve(".ssh"), new SecureRandom());
    }

    /** A variable; absent when it is empty. */
    Optional<String> variable(String name) {
        String value = environment.getOrDefault(name, "");
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }
}
