// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;
import org.sciabc.spi.Settings;
import org.sciabc.spi.Subnet;
import org.sciabc.spi.Untrusted;

/**
 * How many nodes to simulate, where, and how well they behave.
 *
 * @param nodes how many
 * @param address the loopback address of the first; each further node has the next one
 * @param port the SSH port to try first
 * @param cores the processor cores that each node announces
 * @param passwordFile a file whose first line is the password of every node; absent means a random one
 * @param delay how long each node takes before it runs a command
 * @param silent the names of nodes that accept connections and then say nothing
 */
record SimulatorSettings(
        int nodes,
        InetAddress address,
        int port,
        int cores,
        Optional<Path> passwordFile,
        Duration delay,
        Set<String> silent) {
    static final List<Setting> DECLARED = List.of(
            Setting.number("nodes", 4, "how many nodes to simulate, 1 to 1000"),
            Setting.text(
                    "address", "127.0.7.1", "the first node's loopback address; each further node has the next one"),
            Setting.number("port", 2222, "the nodes' SSH port; where it is taken, the next free one"),
            Setting.number("cores", 1, "the processor cores that each node announces"),
            Setting.optionalText(
                    "password-file", "a file whose first line is every node's password; a random one where not given"),
            Setting.duration("delay", Duration.ZERO, "how long each node takes before it runs a command"),
            Setting.list("silent", "nodes that accept connections and then say nothing, such as node2,node4"));

    private static final int MOST_NODES = 1_000;
    private static final Subnet LOOPBACK = Subnet.parse("127.0.0.0/8").orElseThrow();

    SimulatorSettings {
        silent = Set.copyOf(silent);
    }

    static SimulatorSettings parse(Settings settings) throws SciabcException {
        int nodes = number(settings, "nodes", 1, MOST_NODES);
        return new SimulatorSettings(
                nodes,
                address(settings.text("address"), nodes),
                number(settings, "port", 1, 65_535),
                number(settings, "cores", 1, 65_536),
                settings.optionalText("password-file").map(Path::of).map(Path::toAbsolutePath),
                settings.duration("delay"),
                silent(settings.list("silent"), nodes));
    }

    /** The name of a node, counted from 1. */
    static String nameOf(int number) {
        return "node" + number;
    }

    /** The address of a node, counted from 1. */
    InetAddress addressOf(int number) {
        return after(address, number - 1);
    }

    private static int number(Settings settings, String key, int least, int most) throws SciabcException {
        long number = settings.number(key);
        if (number < least || number > most) {
            throw refused(key, Long.toString(number), "it takes " + least + " to " + most);
        }
        return (int) number;
    }

    private static InetAddress address(String text, int nodes) throws SciabcException {
        Optional<InetAddress> first = Subnet.parse(text)
                .filter(range -> range.prefixLength() == 32)
                .map(Subnet::base)
                .filter(LOOPBACK::contains);
        if (first.isEmpty() || !LOOPBACK.contains(after(first.get(), nodes))) {
            throw refused(
                    "address",
                    text,
                    "it takes an address between 127.0.0.1 and 127.255.255.254, with room for all nodes");
        }
        return first.get();
    }

    private static Set<String> silent(List<String> names, int nodes) throws SciabcException {
        Set<String> known = IntStream.rangeClosed(1, nodes)
                .mapToObj(SimulatorSettings::nameOf)
                .collect(Collectors.toSet());
        for (String name : names) {
            if (!known.contains(name)) {
                throw refused("silent", name, "the nodes are " + nameOf(1) + " to " + nameOf(nodes));
            }
        }
        return Set.copyOf(names);
    }

    private static SciabcException refused(String key, String text, String why) {
        return new SciabcException(
                "setting 'simulator." + key + "' cannot be '" + Untrusted.line(text, 60) + "'",
                why,
                DECLARED.stream()
                        .filter(setting -> setting.key().equals(key))
                        .map(Setting::help)
                        .findFirst()
                        .orElse(""));
    }

    private static InetAddress after(InetAddress address, int steps) {
        byte[] bytes = address.getAddress();
        int carry = steps;
        for (int i = bytes.length - 1; i >= 0 && carry > 0; i--) {
            carry += bytes[i] & 0xFF;
            bytes[i] = (byte) carry;
            carry >>= 8;
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
