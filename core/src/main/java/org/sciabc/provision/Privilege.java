// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

/**
 * How the account can act as root on a node.
 *
 * @param level by which way
 * @param problem what the node said when it refused; empty text when it did not
 */
public record Privilege(Level level, String problem) {

    /** The ways. */
    public enum Level {
        /** The account is root. */
        ROOT,
        /** {@code sudo} works without a password. */
        SUDO,
        /** {@code sudo} works with the password that was given. */
        SUDO_WITH_PASSWORD,
        /** There is {@code sudo}, and no password was given or it was refused. */
        PASSWORD_NEEDED,
        /** There is no way. */
        NONE
    }

    static Privilege of(Level level) {
        return new Privilege(level, "");
    }

    /** Whether privileged steps can be carried out. */
    public boolean suffices() {
        return level == Level.ROOT || level == Level.SUDO || level == Level.SUDO_WITH_PASSWORD;
    }

    /** For people, such as {@code sudo with password}. */
    public String describe() {
        String words = switch (level) {
            case ROOT -> "root";
            case SUDO -> "sudo without password";
            case SUDO_WITH_PASSWORD -> "sudo with password";
            case PASSWORD_NEEDED -> "sudo wants a password";
            case NONE -> "no privilege";
        };
        return problem.isEmpty() ? words : words + " (" + problem + ")";
    }
}
