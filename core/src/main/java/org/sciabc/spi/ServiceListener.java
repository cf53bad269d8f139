// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

/** Takes what a backend sees of the services of a network. Its methods return quickly and never throw. */
public interface ServiceListener {

    /**
     * Takes a kind of service that there is, perhaps without any instance yet.
     *
     * @param type such as {@code _ssh._tcp}
     * @param networkInterface the name of the interface that it was seen on
     */
    void type(String type, String networkInterface);

    /** Takes an instance; a later one of the same type, name and interface replaces the former. */
    void found(NetworkService service);

    /**
     * Takes a line about one network that the backend listens on; a later one for the same place replaces the former.
     *
     * @param place where, such as {@code eth0 10.0.3.12}
     * @param finding what was observed there so far
     */
    void listening(String place, String finding);

    /** Takes a notice for the console. */
    void notice(Notice notice);
}
