// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.fixed;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.sciabc.spi.Hardware;
import org.sciabc.spi.Node;
import org.sciabc.spi.Subnet;
import org.sciabc.spi.Untrusted;

/**
 * One node as it was written: {@code [USER@]HOST[:PORT]}, where an IPv6 address that a port follows stands in brackets.
 *
 * @param user the account to be reached with
 * @param host a name or an address, without brackets
 * @param port the SSH port
 * @param cores the slots that stood behind it in a file
 */
record ListedNode(Optional<String> user, String host, OptionalInt port, OptionalInt cores) {
    private static final Pattern NAME = Pattern.compile(
            "(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*\\.?");

    private static final Pattern NUMBERS = Pattern.compile("[0-9.]+");
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    /** A text that is not a node; the message says why, in words for people. */
    static final class NotANodeException extends Exception {
        private static final long serialVersionUID = 1L;

        NotANodeException(String why) {
            super(why);
        }

        String why() {
            return String.valueOf(getMessage());
        }
    }

    static ListedNode parse(String text, OptionalInt cores) throws NotANodeException {
        int at = text.indexOf('@');
        Optional<String> user = at < 0 ? Optional.empty() : Optional.of(text.substring(0, at));
        if (user.isPresent() && Untrusted.user(user.get()).isEmpty()) {
            throw new NotANodeException("what stands before '@' is not a user's name");
        }
        String rest = text.substring(at + 1);
        int port = portBegins(rest);
        String host = unbracketed(port < 0 ? rest : rest.substring(0, port));
        return new ListedNode(
                user,
                checkedHost(host),
                port < 0 ? OptionalInt.empty() : OptionalInt.of(checkedPort(rest.substring(port + 1))),
                cores);
    }

    /** Where the node is, whoever logs in there: the name without regard to case, and the port. */
    String place() {
        return host.toLowerCase(Locale.ROOT) + " " + port.orElse(Node.SSH_PORT);
    }

    /** The node at these addresses. */
    Node at(List<InetAddress> addresses) {
        Node node = Node.of(name(), addresses)
                .withPort(port.orElse(Node.SSH_PORT))
                .withHardware(new Hardware(cores, OptionalLong.empty(), Optional.empty(), Optional.empty()));
        return user.map(node::withUser).orElse(node);
    }

    /** As it would be written again. */
    String text() {
        String shown = port.isPresent() && host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return user.map(name -> name + "@").orElse("") + shown + (port.isPresent() ? ":" + port.getAsInt() : "");
    }

    private String name() {
        return Untrusted.nodeName(host).orElse("node");
    }

    /** Where the colon before the port is; an address of several colons outside of brackets has none. */
    private static int portBegins(String rest) {
        int colon = rest.lastIndexOf(':');
        boolean bracketed = rest.startsWith("[");
        boolean afterBracket = bracketed && colon > rest.lastIndexOf(']');
        boolean lone = !bracketed && colon == rest.indexOf(':');
        return colon >= 0 && (afterBracket || lone) ? colon : -1;
    }

    private static String unbracketed(String host) throws NotANodeException {
        boolean opens = host.startsWith("[");
        if (opens != host.endsWith("]")) {
            throw new NotANodeException("an IPv6 address in brackets is followed by nothing but ':' and a port");
        }
        return opens ? host.substring(1, host.length() - 1) : host;
    }

    private static String checkedHost(String host) throws NotANodeException {
        if (host.isEmpty()) {
            throw new NotANodeException("a name or an address is missing");
        }
        if (host.indexOf('/') >= 0) {
            throw new NotANodeException("a network is not a node; --discovery sweep finds those that are in one");
        }
        boolean address =
                Subnet.parse(host.replaceFirst("%[A-Za-z0-9_.-]{1,32}$", "")).isPresent();
        boolean numbers = host.indexOf(':') >= 0 || NUMBERS.matcher(host).matches();
        if (numbers && !address) {
            throw new NotANodeException("this is not an address");
        }
        if (!numbers && !NAME.matcher(host).matches()) {
            throw new NotANodeException("a name has letters, digits, dots, hyphens and underscores");
        }
        return host;
    }

    private static int checkedPort(String digits) throws NotANodeException {
        int port = PORT.matcher(digits).matches() ? Integer.parseInt(digits) : 0;
        if (port < 1 || port > 65_535) {
            throw new NotANodeException("a port is a number from 1 to 65535");
        }
        return port;
    }
}
