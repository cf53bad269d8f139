// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.net.InetAddress;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.sciabc.provision.ChosenUser.Origin;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * Decides which account each node is reached with: the command line, what is remembered, the configuration, what the node
 * announced, the local user's name.
 */
public final class Users {
    private static final String FORM = "alice@desk7,root@node[1-4],pi";

    /** Where the local name is none for nodes, and nobody names another: a guess that a login refuses, with a hint. */
    private static final String NOBODY_SAID = "user";

    private final Map<String, String> given = new HashMap<>();
    private Optional<String> everywhere = Optional.empty();
    private Function<Node, Optional<String>> remembered = node -> Optional.empty();
    private Function<Node, Optional<String>> configured = node -> Optional.empty();
    private final Optional<String> localUser;

    private Users(Optional<String> localUser) {
        this.localUser = localUser;
    }

    /** Nothing known but who sits here. */
    public static Users local(String localUser) {
        return new Users(nameOnNodes(localUser));
    }

    /**
     * What an account of this machine is most likely called on a machine that does not belong to its domain: {@code alice} for
     * {@code alice@corp.example} and {@code CORP\alice}, {@code jose} for {@code josé}; empty where nothing usable is left.
     */
    public static Optional<String> nameOnNodes(String localUser) {
        String alone = localUser.replaceFirst("^.*\\\\", "").replaceFirst("@.*$", "");
        return Untrusted.user(alone)
                .or(() -> Untrusted.user(
                        Normalizer.normalize(alone, Normalizer.Form.NFD).replaceAll("\\p{M}", "")));
    }

    /**
     * What the command line says: {@code alice@desk7,root@node[1-4]}, by name or address, and {@code pi} alone for all
     * others.
     *
     * @throws SciabcException when the text is nothing of that
     */
    public Users givenAs(String text) throws SciabcException {
        for (String each : NodeSet.parse(text).names()) {
            int at = each.indexOf('@');
            if (at < 0) {
                forAllOthers(valid(each));
            } else {
                given.put(target(each.substring(at + 1)), valid(each.substring(0, at)));
            }
        }
        return this;
    }

    private void forAllOthers(String user) throws SciabcException {
        if (everywhere.filter(other -> !other.equals(user)).isPresent()) {
            throw new SciabcException(
                    "two users for all other nodes",
                    everywhere.get() + " and " + user,
                    "name the nodes of one: " + FORM);
        }
        everywhere = Optional.of(user);
    }

    private static String valid(String user) throws SciabcException {
        return Untrusted.user(user)
                .orElseThrow(() -> new SciabcException(
                        "cannot use '" + Untrusted.line(user, 80) + "' as a user's name",
                        "it is a number, is too long, or has characters that no login program takes",
                        "write it as in " + FORM));
    }

    /** What was answered earlier. */
    public Users rememberedBy(Function<Node, Optional<String>> answers) {
        remembered = answers;
        return this;
    }

    /** What the configuration says. */
    public Users configuredBy(Function<Node, Optional<String>> configuration) {
        configured = configuration;
        return this;
    }

    /** The account where nobody names another. */
    public String name() {
        return localUser.orElse(NOBODY_SAID);
    }

    /** The account for a node. */
    public ChosenUser choose(Node node) {
        return fromCommandLine(node)
                .map(user -> new ChosenUser(user, Origin.COMMAND_LINE))
                .or(() -> remembered.apply(node).map(user -> new ChosenUser(user, Origin.REMEMBERED)))
                .or(() -> configured.apply(node).map(user -> new ChosenUser(user, Origin.CONFIGURATION)))
                .or(() -> node.user().map(user -> new ChosenUser(user, Origin.ANNOUNCED)))
                .orElseGet(() -> new ChosenUser(name(), Origin.LOCAL));
    }

    private Optional<String> fromCommandLine(Node node) {
        return Stream.concat(Stream.of(node.name()), node.addresses().stream().map(InetAddress::getHostAddress))
                .map(given::get)
                .flatMap(user -> Optional.ofNullable(user).stream())
                .findFirst()
                .or(() -> everywhere);
    }

    /** Without the port, and without the brackets that an IPv6 address is then given in. */
    private static String target(String text) {
        if (text.startsWith("[") && text.contains("]")) {
            return text.substring(1, text.indexOf(']'));
        }
        int colon = text.indexOf(':');
        return colon > 0 && colon == text.lastIndexOf(':') ? text.substring(0, colon) : text;
    }
}
