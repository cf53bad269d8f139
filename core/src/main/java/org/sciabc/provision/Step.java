// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.List;
import java.util.Optional;
import org.sciabc.spi.Secret;

/**
 * One change to a node.
 *
 * @param kind what is changed
 * @param title what is done, for people: a line such as {@code install openmpi-bin}
 * @param why the reasons, as the requirements give them
 * @param privilege why it takes root; absent when the account in use can do it
 * @param subject what the journal files it under: a path, packages, a service, an account
 * @param detail what undoing needs besides: the line of a key; otherwise empty text
 * @param commands POSIX shell, exactly as it is carried out
 * @param secret what the word {@code secret} prints in the commands; never shown
 * @param sent what the manager sends before; absent when the commands take nothing from it
 */
public record Step(
        Kind kind,
        String title,
        List<String> why,
        Optional<String> privilege,
        String subject,
        String detail,
        List<String> commands,
        Optional<Secret> secret,
        Optional<Sent> sent) {

    /**
     * Package files from which those are sent before that the commands take.
     *
     * @param files the files that fit the node
     * @param names what is installed
     * @param interrupted whether an earlier installation was cut off
     */
    record Sent(List<LocalPackage> files, List<String> names, boolean interrupted) {}

    /** What is changed. */
    public enum Kind {
        /** An account is made. */
        ACCOUNT,
        /** Packages are installed. */
        PACKAGES,
        /** A folder is made. */
        FOLDER,
        /** The distribution of sciabc is unpacked. */
        DISTRIBUTION,
        /** A file is written. */
        FILE,
        /** A service is enabled and started. */
        SERVICE,
        /** A key is added. */
        KEY
    }

    public Step {
        why = List.copyOf(why);
        commands = List.copyOf(commands);
    }

    Step(
            Kind kind,
            String title,
            List<String> why,
            Optional<String> privilege,
            String subject,
            String detail,
            List<String> commands) {
        this(kind, title, why, privilege, subject, detail, commands, Optional.empty(), Optional.empty());
    }

    /** Where the change belongs, and with it the journal. */
    Facts.Place place() {
        return privilege.isPresent() ? Facts.Place.SYSTEM : Facts.Place.HOME;
    }
}
