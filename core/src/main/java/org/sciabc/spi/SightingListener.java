// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

/** Takes what a backend sees. Its methods return quickly and never throw. */
public interface SightingListener {

    /** Takes a sighting: a node seen (again, or with more known about it), or lost. */
    void sighted(Sighting sighting);

    /**
     * Takes a line about one network that the backend listens on; a later one for the same place replaces the former. It
     * is what {@code sciabc discover} shows when nothing was found.
     *
     * @param place where, such as {@code eth0 10.0.3.12}
     * @param finding what was observed there so far, such as {@code 0 answers} or {@code alone in the view}
     */
    void listening(String place, String finding);

    /** Takes a notice for the console. */
    void notice(Notice notice);
}
