// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A command to run on a machine of a lab.
 *
 * @param words the program and its arguments, as it will get them
 * @param input what it reads on standard input before the end of the file; on a terminal, nothing: see
 *     {@link RunningCommand#type}
 * @param limit how long it may take in all before it is killed and the test fails
 * @param terminal whether it has a terminal, as it would under somebody's hands
 */
record Command(
        List<String> words,
        String user,
        Map<String, String> environment,
        String input,
        Duration limit,
        boolean terminal) {

    Command {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
    }

    /** Runs as root, with nothing to read. */
    static Command of(String... words) {
        return new Command(List.of(words), "root", Map.of(), "", Duration.ofSeconds(60), false);
    }

    /** A script for bash. */
    static Command script(String script) {
        return of("bash", "-c", script);
    }

    Command as(String otherUser) {
        return new Command(words, otherUser, environment, input, limit, terminal);
    }

    Command with(String variable, String value) {
        Map<String, String> extended = new TreeMap<>(environment);
        extended.put(variable, value);
        return new Command(words, user, extended, input, limit, terminal);
    }

    Command reading(String otherInput) {
        return new Command(words, user, environment, otherInput, limit, terminal);
    }

    Command within(Duration otherLimit) {
        return new Command(words, user, environment, input, otherLimit, terminal);
    }

    Command onTerminal() {
        return new Command(words, user, environment, input, limit, true);
    }

    @Override
    public String toString() {
        return user + "$ " + String.join(" ", words);
    }
}
